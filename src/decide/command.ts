import { assert, never, unixSeconds } from '../base/index.ts';
import { type CommandItem, type RejectedCommandItem, rulesOf } from '../wire/index.ts';
import { Draft, reasonOf } from './draft.ts';
import type { Now, Setting } from './evidence.ts';
import { expectPassage } from './grant.ts';
import { COMMAND_BURST, COMMAND_LIFE_SECONDS, COMMAND_SKEW_SECONDS } from './limits.ts';
import { laneMeant, lockDown, release } from './lockdown.ts';
import type { Outcome } from './outcome.ts';
import { countFlood, spend, tallyOf } from './tally.ts';

/**
 * The district's orders (docs/mqtt.md, rule 2). Signature, gate and session hold already; here the counter must rise and
 * the order must be young. What was once judged is never carried out later: its counter is spent, durably, before any
 * effect.
 */
export function decideCommand(item: CommandItem, setting: Setting, now: Now): Outcome {
  const spent = setting.state.memory.get(counterKey(item), unixSeconds(now.wall));
  if (spent !== undefined && item.counter <= Number(spent))
    return reject(item, setting, { now, why: 'counter' });
  const why = whyNot(item, setting, now);
  return why === undefined ? obey(item, setting, now) : reject(item, setting, { now, why });
}

/** One that was not believed at all. */
export function decideRejectedCommand(item: RejectedCommandItem, setting: Setting, now: Now): Outcome {
  const draft = new Draft(setting.state, now);
  writeRejected(draft, { ...item, now });
  return draft.finish();
}

type Why = 'counter' | 'expired' | 'too-long-lived' | 'lane' | 'malformed';

function whyNot(item: CommandItem, setting: Setting, now: Now): Why | undefined {
  if (now.monotonic - item.receivedAt > COMMAND_LIFE_SECONDS * 1_000) return 'expired';
  const lifeSeconds = item.expiresAt - item.issuedAt;
  if (lifeSeconds <= 0 || lifeSeconds > COMMAND_LIFE_SECONDS) return 'too-long-lived';
  // While the clock is unsure, the session's nonce and the age since it came in are all there is.
  if (now.quality !== 'unsure' && !isOfNow(item, now)) return 'expired';
  if (item.verb === 'resend-from' && item.from === undefined) return 'malformed';
  if (item.verb === 'update' && item.release === undefined) return 'malformed';
  if (item.verb === 'open') return laneMeant(item.lane, setting) === undefined ? 'lane' : undefined;
  return item.lane === undefined || setting.lanes.includes(item.lane) ? undefined : 'lane';
}

function isOfNow(item: CommandItem, now: Now): boolean {
  const seconds = unixSeconds(now.wall);
  const error = Math.min(now.errorSeconds, COMMAND_LIFE_SECONDS);
  return seconds < item.expiresAt + error && seconds >= item.issuedAt - COMMAND_SKEW_SECONDS - error;
}

function obey(item: CommandItem, setting: Setting, now: Now): Outcome {
  const { jti, verb, actor } = item;
  const lane = verb === 'open' ? laneMeant(item.lane, setting) : item.lane;
  const draft = new Draft(setting.state, now);
  const opens = verb === 'open';
  const row = draft.row({
    decision: opens ? 'manual' : 'system',
    lane,
    actor,
    reason: opens ? reasonOf(item.reason) : reasonOf(verb, item.reason),
    command: jti,
  });
  draft.remember({ key: counterKey(item), value: String(item.counter) });
  carryOut(draft, { item, lane, setting, now });
  draft.effect({ type: 'reply', jti, ok: true, row });
  return draft.finish();
}

interface Order {
  readonly item: CommandItem;
  readonly lane: string | undefined;
  readonly setting: Setting;
  readonly now: Now;
}

function carryOut(draft: Draft, { item, lane, setting, now }: Order): void {
  switch (item.verb) {
    case 'open':
      if (lane === undefined) return;
      draft.effect({ type: 'open', lane, pulseMs: rulesOf(setting.policy, lane).pulseMs, row: 0, people: 1 });
      return expectPassage(draft, lane, now.monotonic);
    case 'lock-down':
      return draft.remember(...lockDown(lane, item.jti));
    case 'release':
      return draft.remember(...release(lane, setting, now));
    case 'resend-from':
      return draft.effect({ type: 'resend', from: item.from ?? 1 });
    case 'reload':
      return draft.effect({ type: 'reload' });
    case 'identify':
      return draft.effect({ type: 'identify', ...(lane !== undefined && { lane }) });
    case 'update':
      assert(item.release !== undefined, 'an update was judged without its release');
      return draft.effect({ type: 'update', jti: item.jti, release: item.release });
    default:
      return never(item.verb);
  }
}

/** A counter that has not risen is a replay: it gets no answer, for its `jti` has had one. */
function reject(item: CommandItem, setting: Setting, { now, why }: { now: Now; why: Why }): Outcome {
  const draft = new Draft(setting.state, now);
  const row = writeRejected(draft, { jti: item.jti, actor: item.actor, why, now });
  if (why === 'counter') return draft.finish();
  draft.remember({ key: counterKey(item), value: String(item.counter) });
  if (row !== undefined) draft.effect({ type: 'reply', jti: item.jti, ok: false, detail: why, row });
  return draft.finish();
}

interface Rejected {
  readonly why: string;
  readonly jti?: string;
  readonly actor?: string;
  readonly now: Now;
}

/** Of a flood of them, so many have a row each, the rest a count: a broker cannot fill the disk. */
function writeRejected(draft: Draft, { why, jti, actor, now }: Rejected): number | undefined {
  const tally = tallyOf(draft, COMMANDS, { at: now.monotonic, burst: COMMAND_BURST });
  const spent = spend(tally);
  draft.tally(COMMANDS, spent ?? countFlood(draft, tally, { at: now.monotonic, count: 1 }));
  if (spent === undefined) return undefined;
  const row = draft.row({
    decision: 'system',
    reason: reasonOf('command-rejected', why),
    command: jti,
    actor,
  });
  draft.alarm({ alarm: 'command-rejected', row, detail: why });
  return row;
}

/** No reader has such an id. */
const COMMANDS = '/commands';

function counterKey(item: CommandItem): string {
  return `counter/${item.key}`;
}
