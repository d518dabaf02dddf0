import { never, unixSeconds } from '../base/index.ts';
import { type ManualItem, rulesOf } from '../wire/index.ts';
import { Draft, reasonOf, refuseManual } from './draft.ts';
import type { Now, Setting } from './evidence.ts';
import { expectPassage } from './grant.ts';
import { LOOK_UPS_PER_HOUR, PARTY_MAX, PEOPLE_MAX, UNDO_MS } from './limits.ts';
import { laneMeant, lockDown, release } from './lockdown.ts';
import { lookUpTimes, lookUpsKey } from './look-ups.ts';
import type { Outcome } from './outcome.ts';
import { takeBack } from './use.ts';

/** What a guard does at the desk. Each deed names who and why, and has its row before it happens. */
export function decideManual(item: ManualItem, setting: Setting, now: Now): Outcome {
  if (item.actor.trim() === '') return refuseManual(setting, now, 'actor-missing');
  if (item.reason.trim() === '') return refuseManual(setting, now, 'reason-missing');
  switch (item.verb) {
    case 'open':
      return open(item, setting, now);
    case 'hold':
    case 'end-hold':
      return hold(item, setting, now);
    case 'lock-down':
    case 'release':
      return lock(item, setting, now);
    case 'undo':
      return undo(item, setting, now);
    case 'look-up':
      return lookUp(item, setting, now);
    case 'sign-in':
    case 'sign-out':
    case 'shift-start':
    case 'shift-end':
    case 'acknowledge':
    case 'account':
      return note(item, setting, now);
    default:
      return never(item.verb);
  }
}

function open(item: ManualItem, setting: Setting, now: Now): Outcome {
  const lane = laneMeant(item.lane, setting);
  if (lane === undefined) return refuseManual(setting, now, 'lane-unknown');
  const { actor, index, entry } = item;
  const party = partyOf(item);
  const draft = new Draft(setting.state, now);
  const reason = reasonOf(item.reason);
  const row = draft.row({
    decision: 'manual',
    lane,
    actor,
    reason,
    index,
    party,
    entry,
  });
  const rules = rulesOf(setting.policy, lane);
  const pulseMs = item.long === true ? rules.longPulseMs : rules.pulseMs;
  const people = Math.min(item.people ?? 1 + (party?.length ?? 0), PEOPLE_MAX);
  draft.effect({ type: 'open', lane, pulseMs, row, people });
  expectPassage(draft, lane, now.monotonic);
  return withDuress(draft, item, lane).finish();
}

function hold(item: ManualItem, setting: Setting, now: Now): Outcome {
  const lane = laneMeant(item.lane, setting);
  if (lane === undefined) return refuseManual(setting, now, 'lane-unknown');
  const draft = new Draft(setting.state, now);
  const row = draft.row({
    decision: 'manual',
    lane,
    actor: item.actor,
    reason: reasonOf(item.verb, item.reason),
  });
  if (item.second !== undefined)
    draft.row({ decision: 'system', lane, actor: item.second, entryOf: row, reason: `second:${item.verb}` });
  draft.effect({ type: 'hold', lane, open: item.verb === 'hold', row });
  if (item.emergency === true) {
    const { actor, reason: detail } = item;
    draft.alarmWithRow('emergency', { lane, actor, detail, entryOf: row });
  }
  return withDuress(draft, item, lane).finish();
}

function lock(item: ManualItem, setting: Setting, now: Now): Outcome {
  const { lane, actor } = item;
  if (lane !== undefined && !setting.lanes.includes(lane)) return refuseManual(setting, now, 'lane-unknown');
  const draft = new Draft(setting.state, now);
  draft.row({ decision: 'manual', lane, actor, reason: reasonOf(item.verb, item.reason) });
  draft.remember(...(item.verb === 'lock-down' ? lockDown(lane, actor) : release(lane, setting, now)));
  return withDuress(draft, item, lane).finish();
}

/** "Did not enter": the code is free again. */
function undo(item: ManualItem, setting: Setting, now: Now): Outcome {
  const draft = new Draft(setting.state, now);
  const grant = draft.next.grants.find((each) => each.entry === item.entry);
  if (grant === undefined || now.monotonic - grant.at > UNDO_MS)
    return refuseManual(setting, now, 'nothing-to-undo');
  const { actor, reason } = item;
  draft.row({
    decision: 'door',
    door: 'undone',
    lane: grant.lane,
    entry: grant.entry,
    actor,
    reason: reasonOf(reason),
  });
  draft.remember(...takeBack(grant.restores, setting.state.memory, unixSeconds(now.wall)));
  draft.grants((grants) => grants.filter((each) => each !== grant));
  return withDuress(draft, item, grant.lane).finish();
}

/** The row is there before the answer is shown. More look-ups than an hour's work asks for raise the alarm. */
function lookUp(item: ManualItem, setting: Setting, now: Now): Outcome {
  const { actor, index } = item;
  const draft = new Draft(setting.state, now);
  const seconds = unixSeconds(now.wall);
  const times = [...lookUpTimes(setting.state, actor, seconds), seconds].slice(-LOOK_UPS_PER_HOUR - 1);
  const isOver = times.length > LOOK_UPS_PER_HOUR;
  const reason = reasonOf('look-up', isOver ? `${item.reason}:over` : item.reason);
  const row = draft.row({ decision: 'system', actor, index, party: partyOf(item), reason });
  draft.remember({ key: lookUpsKey(actor), value: times.join(','), until: seconds + 3_600 });
  if (isOver) draft.alarm({ alarm: 'look-ups', row, detail: actor });
  return withDuress(draft, item, item.lane).finish();
}

/** What is done at the desk itself: it opens nothing, and is written down. */
function note(item: ManualItem, setting: Setting, now: Now): Outcome {
  const draft = new Draft(setting.state, now);
  draft.row({ decision: 'system', actor: item.actor, reason: reasonOf(item.verb, item.reason) });
  return withDuress(draft, item, item.lane).finish();
}

function partyOf({ party }: ManualItem): number[] | undefined {
  return party === undefined || party.length === 0 ? undefined : party.slice(0, PARTY_MAX);
}

/** Everything looks as usual; only the alarm and its row tell. */
function withDuress(draft: Draft, { duress, actor }: ManualItem, lane: string | undefined): Draft {
  if (duress === true) draft.alarmWithRow('duress', { lane, actor, silent: true });
  return draft;
}
