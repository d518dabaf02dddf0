import type { Clock, InboxItem, Log, RejectedCommandItem } from '../ports/index.ts';
import { COMMAND_TYPE } from '../wire/index.ts';
import {
  COMMANDS_WAITING_MAX,
  DOCUMENT_BYTES_MAX,
  REJECTED_PER_MINUTE_MAX,
  RESENDS_WAITING_MAX,
} from './limits.ts';
import type { InboxSink, TrustPort } from './source.ts';

/**
 * What comes on the gate's own `commands`: orders go to the inbox, answers go to trust. Nothing retained is looked at,
 * and an order not believed becomes an inbox item too, so that it leaves a row and an alarm.
 */
export interface CommandsOptions {
  readonly trust: TrustPort;
  readonly inbox: InboxSink;
  readonly clock: Clock;
  readonly log: Log;
  /** The present connection's nonce. */
  readonly session: () => string;
  /** An answer to one of the gate's requests. */
  readonly onAnswer: (token: string, typ: string) => Promise<void>;
}

export interface CommandMessage {
  readonly text: string;
  readonly bytes: number;
  readonly retained: boolean;
  /** The connection that brought it. */
  readonly session: string;
}

export class Commands {
  readonly #options: CommandsOptions;
  /** `resend-from` by jti, until its row is written: then, and only then, it is carried out. */
  readonly #resends = new Map<string, number>();
  #waiting = 0;
  #tail: Promise<void> = Promise.resolve();
  #minute = -1;
  #rejected = 0;

  constructor(options: CommandsOptions) {
    this.#options = options;
  }

  /** Judged one after the other, in the order of arrival. */
  take(message: CommandMessage): void {
    if (this.#waiting >= COMMANDS_WAITING_MAX) {
      this.#options.log.warn({ waiting: this.#waiting }, 'a command was dropped: too many wait');
      return;
    }
    this.#waiting += 1;
    this.#tail = this.#tail
      .then(() => this.#judge(message))
      .catch((fault: unknown) =>
        this.#options.log.error({ fault: nameOf(fault) }, 'a command could not be judged'),
      )
      .finally(() => {
        this.#waiting -= 1;
      });
  }

  /** @returns the row from which the district wants everything again, once that command has its row */
  resendOf(jti: string | undefined): number | undefined {
    if (jti === undefined) return undefined;
    const from = this.#resends.get(jti);
    this.#resends.delete(jti);
    return from;
  }

  async #judge({ text, bytes, retained, session }: CommandMessage): Promise<void> {
    if (retained) return this.#reject({ why: 'retained' });
    if (bytes > DOCUMENT_BYTES_MAX) return this.#reject({ why: 'malformed' });
    const typ = typeOf(text);
    if (typ === undefined) return this.#reject({ why: 'malformed' });
    if (typ !== COMMAND_TYPE) return this.#options.onAnswer(text, typ);
    const receivedAt = this.#options.clock.monotonic();
    const command = await this.#options.trust.verifyCommand(text, { session });
    if (!command.ok) return this.#reject(command.error);
    // The connection may have ended while the signature was checked: what came over it has ended too.
    if (session !== this.#options.session()) return this.#reject({ why: 'nonce', jti: command.value.jti });
    if (command.value.from !== undefined) this.#rememberResend(command.value.jti, command.value.from);
    this.#offer({ type: 'command', receivedAt, ...command.value });
  }

  #rememberResend(jti: string, from: number): void {
    const oldest = this.#resends.keys().next().value;
    if (this.#resends.size >= RESENDS_WAITING_MAX && oldest !== undefined) this.#resends.delete(oldest);
    this.#resends.set(jti, from);
  }

  #reject(rejected: Omit<RejectedCommandItem, 'type'>): void {
    const minute = Math.floor(this.#options.clock.monotonic() / 60_000);
    if (minute !== this.#minute) {
      this.#minute = minute;
      this.#rejected = 0;
    }
    this.#rejected += 1;
    this.#options.log.warn({ why: rejected.why, thisMinute: this.#rejected }, 'a command was not believed');
    if (this.#rejected <= REJECTED_PER_MINUTE_MAX) this.#offer({ type: 'command-rejected', ...rejected });
  }

  #offer(item: InboxItem): void {
    if (!this.#options.inbox.offer(item))
      this.#options.log.error({ type: item.type }, 'the inbox is full: an item was dropped');
  }
}

/** The `typ` of a compact JWS, or of what a JWE says is in it (`cty`), only to choose who judges it. */
function typeOf(token: string): string | undefined {
  try {
    const header: unknown = JSON.parse(
      Buffer.from(token.slice(0, token.indexOf('.')), 'base64url').toString(),
    );
    if (typeof header !== 'object' || header === null) return undefined;
    const { typ, cty } = header as { readonly typ?: unknown; readonly cty?: unknown };
    const said = typ ?? cty;
    return typeof said === 'string' ? said : undefined;
  } catch {
    return undefined;
  }
}

function nameOf(fault: unknown): string {
  return fault instanceof Error ? fault.name : 'unknown';
}
