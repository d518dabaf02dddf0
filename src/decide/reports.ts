import { unixSeconds } from '../base/index.ts';
import type { Alarm, DoorEvent, DoorItem, ReaderItem, SystemEvent, SystemItem } from '../wire/index.ts';
import { Draft, reasonOf } from './draft.ts';
import type { Now, Setting } from './evidence.ts';
import type { Outcome } from './outcome.ts';
import { countFlood, spend, tallyOf, writeAllCounts, writeDueCounts } from './tally.ts';
import { takeBack } from './use.ts';

/** What doors, readers and the gate itself tell: each becomes a row, some an alarm. None of it opens anything. */

const DOOR_ALARMS: { readonly [Event in DoorEvent]?: Alarm } = {
  held: 'held-open',
  forced: 'forced',
  fault: 'relay-fault',
  stuck: 'relay-fault',
  fire: 'fire',
  tamper: 'tamper',
};

const SYSTEM_ALARMS: { readonly [Event in SystemEvent]?: Alarm } = {
  storage: 'storage',
  expiry: 'expiry',
  'desk-abuse': 'desk-abuse',
};

/** Passed: the use is for good. Annulled: nobody passed, and the code is free again. */
export function decideDoor(item: DoorItem, setting: Setting, now: Now): Outcome {
  const { lane, event, entry, detail } = item;
  const draft = new Draft(setting.state, now);
  const row = draft.row({
    decision: 'door',
    door: event,
    lane,
    entry,
    ...(detail !== undefined && { reason: reasonOf(detail) }),
  });
  const alarm = DOOR_ALARMS[event];
  if (alarm !== undefined) draft.alarm({ alarm, row, lane, ...(detail !== undefined && { detail }) });
  if (entry !== undefined && (event === 'passed' || event === 'annulled'))
    settleGrant(draft, { item, setting, now });
  return draft.finish();
}

export function decideReader(item: ReaderItem, setting: Setting, now: Now): Outcome {
  const { reader, lane, event, detail } = item;
  const draft = new Draft(setting.state, now);
  if (event === 'dropped') {
    countDropped(draft, item, now);
    return draft.finish();
  }
  const row = draft.row({ decision: 'system', reader, lane, reason: reasonOf(`reader-${event}`, detail) });
  if (event === 'lost')
    draft.alarm({ alarm: 'reader-lost', row, lane, reader, ...(detail !== undefined && { detail }) });
  return draft.finish();
}

export function decideSystem(item: SystemItem, setting: Setting, now: Now): Outcome {
  const draft = new Draft(setting.state, now);
  if (item.event === 'stopping') writeAllCounts(draft, now.monotonic);
  const row = draft.row({ decision: 'system', reason: reasonOf(item.event, item.detail) });
  const clockLost = item.event === 'clock' && now.quality === 'unsure' ? 'clock' : undefined;
  const alarm = SYSTEM_ALARMS[item.event] ?? clockLost;
  if (alarm !== undefined)
    draft.alarm({ alarm, row, ...(item.detail !== undefined && { detail: item.detail }) });
  return draft.finish();
}

export function decideTimer(setting: Setting, now: Now): Outcome {
  const draft = new Draft(setting.state, now);
  writeDueCounts(draft, now.monotonic);
  return draft.finish();
}

/** Texts that could not be taken are scans too: each is in a row's number, and a flood of them in one. */
function countDropped(draft: Draft, { reader, lane, count = 1 }: ReaderItem, now: Now): void {
  const tally = tallyOf(draft, reader, { reader, lane, at: now.monotonic });
  const spent = spend(tally);
  if (spent !== undefined)
    draft.row({ decision: 'system', reader, lane, reason: reasonOf('dropped', String(count)) });
  draft.tally(reader, spent ?? countFlood(draft, tally, { at: now.monotonic, count }));
}

function settleGrant(
  draft: Draft,
  { item, setting, now }: { item: DoorItem; setting: Setting; now: Now },
): void {
  const grant = draft.next.grants.find((each) => each.entry === item.entry && each.lane === item.lane);
  if (grant === undefined) return;
  if (item.event === 'annulled') {
    draft.remember(...takeBack(grant.restores, setting.state.memory, unixSeconds(now.wall)));
  }
  draft.grants((grants) => grants.filter((each) => each !== grant));
}
