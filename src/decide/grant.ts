import type { MonotonicMs } from '../base/index.ts';
import { rulesOf } from '../wire/index.ts';
import type { Draft, RowFields } from './draft.ts';
import type { Now, Setting } from './evidence.ts';
import type { VerdictSign } from './sign.ts';
import { FIRST_ROW } from './state.ts';
import { tallyOf, writeRepeats } from './tally.ts';
import { isPassback, recordedUse, type Shown } from './use.ts';
import type { Grant } from './volatile.ts';

/** Lets somebody in: the row first, the use with it, one opening. */
export function grantFirst(
  draft: Draft,
  shown: Shown,
  { setting, now }: { setting: Setting; now: Now },
): void {
  const { scan, verified, codeHash } = shown;
  const flags = flagsOf(shown, setting, now);
  const row = draft.row({ ...identityOf(shown), ...(flags.length > 0 && { reason: flags.join(',') }) });
  const use = recordedUse(shown, setting, now);
  draft.remember(...use.changes);
  const sign = signOf(shown, flags.includes('stale'));
  draft.grants((grants) => [
    ...grants,
    {
      entry: FIRST_ROW,
      lane: scan.lane,
      codeHash,
      at: scan.at,
      seenAt: scan.at,
      monitored: scan.health.sensor === 'healthy',
      restores: use.restores,
      sign,
    },
  ]);
  const pulseMs = pulseOf(shown, setting);
  draft.effect({ type: 'open', lane: scan.lane, pulseMs, row, people: sign.people });
  draft.effect({ type: 'used', codeHash, direction: scan.direction, expiresAt: verified.expiresAt });
  settle(draft, shown, sign);
}

/** Opens again for somebody who has not passed yet: the same entry, no further use. */
export function grantAgain(
  draft: Draft,
  shown: Shown,
  { setting, grant }: { setting: Setting; grant: Grant },
): void {
  const { scan } = shown;
  const row = draft.row({ ...identityOf(shown), entry: grant.entry, reason: 're-opened' });
  draft.grants((grants) => grants.map((each) => (each === grant ? { ...grant, seenAt: scan.at } : each)));
  const pulseMs = pulseOf(shown, setting);
  draft.effect({
    type: 'open',
    lane: scan.lane,
    pulseMs,
    row,
    entry: grant.entry,
    people: grant.sign.people,
  });
  settle(draft, shown, grant.sign);
}

/** An opening by hand or by command, whose outcome is awaited like any other. */
export function expectPassage(draft: Draft, lane: string, at: MonotonicMs): void {
  const sign: VerdictSign = { tone: 'pass', people: 1 };
  draft.grants((grants) => [
    ...grants,
    { entry: FIRST_ROW, lane, at, seenAt: at, monitored: false, restores: [], sign },
  ]);
  draft.sign(sign);
}

function settle(draft: Draft, { scan: { reader, lane, at } }: Shown, sign: VerdictSign): void {
  const { last: _, ...rest } = writeRepeats(draft, tallyOf(draft, reader, { lane, reader, at }));
  draft.tally(reader, { ...rest, unreadable: 0 });
  draft.wrongTries(lane, 0);
  draft.sign(sign);
}

function identityOf({ scan, verified }: Shown): RowFields {
  const { fields, companions } = verified;
  return {
    decision: 'granted',
    lane: scan.lane,
    direction: scan.direction,
    reader: scan.reader,
    kind: fields.kind,
    ...(fields.kind === 4 ? { passId: fields.passId } : { index: fields.index }),
    ...(companions.length > 0 && { party: companions.map((companion) => companion.index) }),
  };
}

/** Let in all the same, but to be looked at. */
function flagsOf(shown: Shown, setting: Setting, now: Now): string[] {
  const { passback } = rulesOf(setting.policy, shown.scan.lane);
  const flags: string[] = [];
  if (shown.scan.freshness[shown.verified.fields.kind] === 'flagged') flags.push('stale');
  if (passback === 'flag' && isPassback(shown, setting, now)) flags.push('passback');
  return flags;
}

function pulseOf(shown: Shown, setting: Setting): number {
  const { pulseMs, longPulseMs } = rulesOf(setting.policy, shown.scan.lane);
  return needsMoreTime(shown) ? longPulseMs : pulseMs;
}

function needsMoreTime({ verified }: Shown): boolean {
  const people = verified.fields.kind === 4 ? [] : [verified.entry, ...verified.companions];
  return people.some((entry) => entry?.needsMoreTime === true);
}

/** The entry of a visitor pass is the host's: whose name it is not. */
function signOf(shown: Shown, flagged: boolean): VerdictSign {
  const { fields, entry, companions } = shown.verified;
  const name = fields.kind === 4 ? undefined : entry?.display;
  return {
    tone: 'pass',
    people: 1 + companions.length,
    ...(name !== undefined && { name }),
    ...(needsMoreTime(shown) && { long: true }),
    ...(flagged && { flagged }),
  };
}
