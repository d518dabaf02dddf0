import type { Refused } from '../verify/index.ts';
import type { Draft } from './draft.ts';
import type { ScanEvidence } from './evidence.ts';
import { DOUBLE_READ_MS, REFUSALS_IN_A_ROW, REPEAT_GAP_MS, UNREADABLE_IN_A_ROW } from './limits.ts';
import { isForTheGuard } from './outcome.ts';
import type { VerdictSign } from './sign.ts';
import { FIRST_ROW } from './state.ts';
import { countFlood, countRepeat, spend, tallyOf, writeRepeats } from './tally.ts';
import type { Shown } from './use.ts';
import type { LastRefusal, Tally } from './volatile.ts';

/** Writes a refusal down, or counts it with the same one before; tells wrong tries in a row. It opens nothing. */
export function refuse(draft: Draft, scan: ScanEvidence, { refused, shown }: Judged): void {
  const { reader, lane, at } = scan;
  const before = tallyOf(draft, reader, { lane, reader, at });
  const repeated = before.last !== undefined && isSame(before.last, scan, refused) ? before.last : undefined;
  const counted =
    repeated === undefined
      ? writeOrFlood(draft, scan, { refused, before, shown })
      : repeat(draft, before, { repeated, at });
  // What only the flood's number tells has had its alarm.
  const showing = repeated === undefined ? counted.last !== undefined : at - repeated.seenAt > DOUBLE_READ_MS;
  draft.tally(reader, watchReadability(draft, scan, { refused, counted }));
  if (showing) watchWrongTries(draft, scan, refused);
  draft.sign(signOf(refused, shown));
}

interface Judged {
  readonly refused: Refused;
  /** There when the code itself is in order. */
  readonly shown?: Shown | undefined;
}

function isSame(last: LastRefusal, scan: ScanEvidence, { refusal }: Refused): boolean {
  return (
    last.refusal === refusal &&
    last.codeHash === scan.codeHash &&
    last.lane === scan.lane &&
    scan.at - last.seenAt <= REPEAT_GAP_MS
  );
}

function repeat(
  draft: Draft,
  tally: Tally,
  { repeated, at }: { repeated: LastRefusal; at: ScanEvidence['at'] },
): Tally {
  const { entry, refusal } = repeated;
  return { ...countRepeat(draft, tally, { entry, refusal, at }), last: { ...repeated, seenAt: at } };
}

function writeOrFlood(
  draft: Draft,
  scan: ScanEvidence,
  { refused, before, shown }: Judged & { before: Tally },
): Tally {
  const spent = spend(before);
  const { last: _, ...rest } = before;
  if (spent === undefined) return countFlood(draft, writeRepeats(draft, rest), { at: scan.at, count: 1 });
  draft.row({
    decision: isForTheGuard(refused.refusal) ? 'guard' : 'refused',
    refusal: refused.refusal,
    lane: scan.lane,
    direction: scan.direction,
    reader: scan.reader,
    kind: refused.kind,
    index: refused.index,
    passId: refused.passId,
    party: partyOf(shown),
  });
  const { refusal } = refused;
  const { codeHash, lane, at } = scan;
  const last = { refusal, lane, entry: FIRST_ROW, seenAt: at, ...(codeHash !== undefined && { codeHash }) };
  return { ...writeRepeats(draft, spent), last };
}

function partyOf(shown: Shown | undefined): number[] | undefined {
  const companions = shown?.verified.companions ?? [];
  return companions.length > 0 ? companions.map((companion) => companion.index) : undefined;
}

/** A keyboard reader with another layout or case brings nothing but noise: that is set-up, not an attack. */
function watchReadability(
  draft: Draft,
  { lane, reader, keyboard }: ScanEvidence,
  { refused, counted }: { refused: Refused; counted: Tally },
): Tally {
  const isNoise = refused.refusal === 'not-a-code' || refused.refusal === 'malformed';
  if (!isNoise || !keyboard) return { ...counted, unreadable: 0 };
  const unreadable = counted.unreadable + 1;
  if (unreadable === UNREADABLE_IN_A_ROW) draft.alarmWithRow('reader-setup', { lane, reader });
  return { ...counted, unreadable };
}

/** What only the guard can settle is no wrong try. */
function watchWrongTries(draft: Draft, { lane, reader }: ScanEvidence, { refusal }: Refused): void {
  if (isForTheGuard(refusal)) return;
  const tries = (draft.next.wrongTries.get(lane) ?? 0) + 1;
  if (tries >= REFUSALS_IN_A_ROW) draft.alarmWithRow('refusals', { lane, reader });
  draft.wrongTries(lane, tries >= REFUSALS_IN_A_ROW ? 0 : tries);
}

/** A masked name stands only where the guard is to look: a refused stranger learns nothing about the holder. */
function signOf({ refusal, offsetSeconds }: Refused, shown: Shown | undefined): VerdictSign {
  const forGuard = isForTheGuard(refusal);
  const name = forGuard && shown?.verified.fields.kind !== 4 ? shown?.verified.entry?.display : undefined;
  return {
    tone: forGuard ? 'guard' : 'stop',
    refusal,
    people: 1 + (shown?.verified.companions.length ?? 0),
    ...(name !== undefined && { name }),
    ...(offsetSeconds !== undefined && { offsetSeconds }),
  };
}
