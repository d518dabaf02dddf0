import { decodeBase64url, type MonotonicMs } from '../base/index.ts';
import {
  COMMAND_LIFE_MAX_SECONDS,
  COMMAND_TYPE,
  type CommandItem,
  type CommandPayload,
  commandPayload,
  type Operator,
  parseClaims,
  type RejectedCommandItem,
  type SignedText,
} from '../wire/index.ts';
import type { GateIdentity, TrustNow } from './case.ts';
import { openEnvelope } from './envelope.ts';
import type { Held } from './held.ts';
import { isPast } from './judge.ts';

/**
 * A command of the district: shape, signature under an operator's key, gate, session nonce, actor, verb and length of life.
 * Its counter and its present age are judged by decide. Nothing of a command is repeated before its signature holds.
 */
export interface CommandContext {
  /** The nonce of this gate's own `status`, new with every connection. */
  readonly sessionNonce: string;
  readonly receivedAt: MonotonicMs;
  readonly now: TrustNow;
}

export interface CommandCase {
  readonly held: Held;
  readonly identity: GateIdentity;
  readonly context: CommandContext;
}

type Why = RejectedCommandItem['why'];

export async function verifyCommand(
  text: string,
  of: CommandCase,
): Promise<CommandItem | RejectedCommandItem> {
  const opened = await openEnvelope(text, undefined);
  if (!opened.ok || opened.value.typ !== COMMAND_TYPE) return rejected('malformed');
  const operator = signingOperator(opened.value, of);
  if (operator === undefined) return rejected('signature');
  const parsed = commandPayload.safeParse(parseClaims(opened.value.payload));
  if (!parsed.success) return rejected('malformed');
  const command = parsed.data;
  const why = complaint(command, operator, of);
  return why === undefined ? commandItem(command, operator, of) : rejected(why, command);
}

function signingOperator(signed: SignedText, of: CommandCase): Operator | undefined {
  const [only, ...more] = signed.signatures;
  if (only === undefined || more.length > 0) return undefined;
  const operator = of.held.contents.operators?.operators.find((one) => one.kid === only.kid);
  const bytes = operator === undefined ? undefined : decodeBase64url(operator.key.x);
  const key = bytes === undefined ? undefined : of.identity.engine.importKey(1, bytes);
  return key?.verify(only.message, only.signature) === true ? operator : undefined;
}

function complaint(command: CommandPayload, operator: Operator, of: CommandCase): Why | undefined {
  const { identity, context, held } = of;
  if (command.iss !== identity.district || command.aud !== identity.gate) return 'gate';
  if (command.nonce !== context.sessionNonce) return 'nonce';
  if (command.actor !== operator.actor) return 'actor';
  const listEnds = held.papers.get('operators')?.expiresAt ?? 0;
  const outside = context.now.quality !== 'unsure' && context.now.seconds < operator.from;
  // Nobody vouches for an operator whose span, or whose list, has ended.
  if (outside || isPast(Math.min(listEnds, operator.until + 1), context.now)) return 'actor';
  if (operator.gates !== undefined && !operator.gates.includes(identity.gate)) return 'actor';
  if (!operator.verbs.includes(command.verb)) return 'verb';
  const life = command.exp - command.iat;
  return life < 0 || life > COMMAND_LIFE_MAX_SECONDS ? 'expired' : undefined;
}

function commandItem(command: CommandPayload, operator: Operator, of: CommandCase): CommandItem {
  const { jti, verb, lane, actor, reason, counter, iat, exp, from, release } = command;
  return {
    type: 'command',
    jti,
    verb,
    actor,
    reason,
    key: operator.kid,
    counter,
    issuedAt: iat,
    expiresAt: exp,
    receivedAt: of.context.receivedAt,
    ...(lane === undefined ? {} : { lane }),
    ...(from === undefined ? {} : { from }),
    ...(release === undefined ? {} : { release }),
  };
}

function rejected(why: Why, command?: CommandPayload): RejectedCommandItem {
  return { type: 'command-rejected', why, ...(command ? { jti: command.jti, actor: command.actor } : {}) };
}
