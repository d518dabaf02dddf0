import { assert, unixSeconds } from '../base/index.ts';
import type { CodeFields, Refusal } from '../code/index.ts';
import type { Verified } from '../verify/index.ts';
import type { MemoryChange } from '../wire/index.ts';
import { rulesOf } from '../wire/index.ts';
import type { Now, ScanEvidence, Setting } from './evidence.ts';
import { CARD_PAUSE_SECONDS, USED_MARGIN_SECONDS } from './limits.ts';
import type { MemoryView } from './memory.ts';
import { seenElsewhere } from './seen.ts';
import type { Restore } from './volatile.ts';

/**
 * Step 7 of docs/code-format.md: has this code, this person or this pass been used already? Uses are counted by
 * direction, and a two-way lane counts as both.
 */

/** A verified code as it was shown. */
export interface Shown {
  readonly scan: ScanEvidence;
  readonly verified: Verified;
  readonly codeHash: string;
}

type Way = 'in' | 'out';

export function refusalByUse(shown: Shown, setting: Setting, now: Now): Refusal | undefined {
  if (isUsed(shown, setting, now)) return 'already-used';
  if (rulesOf(setting.policy, shown.scan.lane).passback === 'refuse' && isPassback(shown, setting, now))
    return 'passback';
  return isPassUsedUp(shown, setting, now) ? 'pass-used-up' : undefined;
}

/** In again, with no out since. On a two-way lane nobody can tell: whoever is inside may be going out. */
export function isPassback({ scan, verified }: Shown, setting: Setting, now: Now): boolean {
  if (scan.direction !== 'in') return false;
  const seconds = unixSeconds(now.wall);
  return indicesOf(verified).some(
    (index) => setting.state.memory.get(`inside/${index}`, seconds) !== undefined,
  );
}

/** What a grant writes down, and how that is taken back when nobody passes. */
export interface Use {
  readonly changes: readonly MemoryChange[];
  readonly restores: readonly Restore[];
}

export function recordedUse(shown: Shown, setting: Setting, now: Now): Use {
  const seconds = unixSeconds(now.wall);
  const { memory } = setting.state;
  const insideUntil = seconds + setting.policy.retention.entryDays * 86_400;
  const changes = [...codeUses(shown, memory, seconds), ...insideChanges(shown, insideUntil, seconds)];
  const restores = changes.map((change) => restoreOf(change, { memory, seconds, insideUntil }));
  return { changes, restores };
}

/** Takes uses back. */
export function takeBack(restores: readonly Restore[], memory: MemoryView, seconds: number): MemoryChange[] {
  return restores.flatMap((restore) => {
    const value = memory.get(restore.key, seconds);
    if (restore.type === 'back')
      return value === restore.wrote ? [written(restore.key, restore.was, restore.until)] : [];
    const count = Number(value ?? 0) - 1;
    return [written(restore.key, count > 0 ? String(count) : undefined, restore.until)];
  });
}

/** The residents a code speaks of; none for a visitor pass, which may let in several people. */
export function indicesOf(verified: Verified): number[] {
  if (verified.fields.kind === 4) return [];
  return [verified.fields.index, ...verified.companions.map((companion) => companion.index)];
}

interface Present {
  readonly memory: MemoryView;
  readonly seconds: number;
  readonly insideUntil: number;
}

function waysOf(scan: ScanEvidence): readonly Way[] {
  return scan.direction === 'both' ? ['in', 'out'] : [scan.direction];
}

function isUsed({ scan, verified, codeHash }: Shown, setting: Setting, now: Now): boolean {
  const { fields } = verified;
  const { memory } = setting.state;
  const seconds = unixSeconds(now.wall);
  if (fields.kind === 4) return false;
  const seen = seenElsewhere(memory, codeHash, seconds);
  return waysOf(scan).some((way) => {
    if (fields.kind !== 5) {
      return seen[way].count > 0 || memory.get(`used/${way}/${replayKeyOf(verified)}`, seconds) !== undefined;
    }
    const here = Number(memory.get(`card/${way}/${fields.index}`, seconds) ?? 0);
    return seconds - here < CARD_PAUSE_SECONDS || isJustNow(seen[way].last, seconds);
  });
}

/** A sister gate whose clock is far ahead must not keep a card out until its time has come. */
function isJustNow(last: number, seconds: number): boolean {
  return Math.abs(seconds - last) < CARD_PAUSE_SECONDS;
}

function isPassUsedUp({ scan, verified, codeHash }: Shown, setting: Setting, now: Now): boolean {
  const { fields } = verified;
  // Leaving is free: a visitor is never kept in.
  if (fields.kind !== 4 || scan.direction === 'out') return false;
  const bound = setting.policy.passGates[String(fields.passId)];
  if (bound !== undefined && bound !== setting.gate) return true;
  const seconds = unixSeconds(now.wall);
  const { memory } = setting.state;
  const here = Number(memory.get(passKey(fields), seconds) ?? 0);
  return here + seenElsewhere(memory, codeHash, seconds).in.count >= fields.uses;
}

function codeUses({ scan, verified }: Shown, memory: MemoryView, seconds: number): MemoryChange[] {
  const { fields, expiresAt } = verified;
  const ways = waysOf(scan);
  const until = expiresAt + USED_MARGIN_SECONDS;
  if (fields.kind === 5) {
    return ways.map((way) =>
      written(`card/${way}/${fields.index}`, String(seconds), seconds + CARD_PAUSE_SECONDS),
    );
  }
  if (fields.kind !== 4) {
    return ways.map((way) => written(`used/${way}/${replayKeyOf(verified)}`, String(seconds), until));
  }
  if (scan.direction === 'out') return [];
  const count = Number(memory.get(passKey(fields), seconds) ?? 0) + 1;
  return [written(passKey(fields), String(count), until)];
}

function insideChanges({ scan, verified }: Shown, until: number, seconds: number): MemoryChange[] {
  return indicesOf(verified).map((index) =>
    scan.direction === 'in' ? written(`inside/${index}`, String(seconds), until) : written(`inside/${index}`),
  );
}

function restoreOf(change: MemoryChange, present: Present): Restore {
  const { key, value } = change;
  const until = change.until ?? present.insideUntil;
  if (key.startsWith('pass/')) return { type: 'count', key, until };
  const was = present.memory.get(key, present.seconds);
  return {
    type: 'back',
    key,
    ...(value !== undefined && { wrote: value }),
    ...(was !== undefined && { was }),
    until,
  };
}

function written(key: string, value?: string, until?: number): MemoryChange {
  return { key, ...(value !== undefined && { value, ...(until !== undefined && { until }) }) };
}

function replayKeyOf(verified: Verified): string {
  assert(verified.replayKey !== undefined, 'kinds 1, 2 and 3 have a replay key');
  return verified.replayKey;
}

/** A pass id is reused after the pass has ended; its start tells one pass from the next. */
function passKey(fields: Extract<CodeFields, { kind: 4 }>): string {
  return `pass/${fields.passId}/${fields.from}`;
}
