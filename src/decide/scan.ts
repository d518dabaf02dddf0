import { assert, never } from '../base/index.ts';
import type { Refusal } from '../code/index.ts';
import type { Refused } from '../verify/index.ts';
import { Draft } from './draft.ts';
import type { Now, ScanEvidence, Setting } from './evidence.ts';
import { grantAgain, grantFirst } from './grant.ts';
import { DOUBLE_READ_MS, GRACE_MS } from './limits.ts';
import type { Outcome } from './outcome.ts';
import { refuse } from './refuse.ts';
import { refusalByGate, refusalByPolicy } from './rules.ts';
import type { ReadState } from './state.ts';
import { countRepeat, tallyOf } from './tally.ts';
import { refusalByUse, type Shown } from './use.ts';
import type { Grant } from './volatile.ts';

/** A scan: judged by the steps of docs/code-format.md, then written down or counted, exactly once. */
export function decideScan(scan: ScanEvidence, setting: Setting, now: Now): Outcome {
  const draft = new Draft(setting.state, now);
  const judgement = judge(scan, setting, now);
  switch (judgement.type) {
    case 'refused':
      refuse(draft, scan, judgement);
      break;
    case 'double-read':
      countDoubleRead(draft, scan, judgement.grant);
      break;
    case 'again':
      grantAgain(draft, judgement.shown, { setting, grant: judgement.grant });
      break;
    case 'granted':
      grantFirst(draft, judgement.shown, { setting, now });
      break;
    default:
      return never(judgement);
  }
  return draft.finish();
}

type Judgement =
  | { readonly type: 'refused'; readonly refused: Refused; readonly shown?: Shown }
  | { readonly type: 'double-read'; readonly grant: Grant }
  | { readonly type: 'again'; readonly shown: Shown; readonly grant: Grant }
  | { readonly type: 'granted'; readonly shown: Shown };

function judge(scan: ScanEvidence, setting: Setting, now: Now): Judgement {
  if (!scan.outcome.ok) return { type: 'refused', refused: scan.outcome.error };
  assert(scan.codeHash !== undefined, 'a verified code has a hash');
  const shown: Shown = { scan, verified: scan.outcome.value, codeHash: scan.codeHash };
  const grant = openGrant(setting.state, shown);
  if (grant !== undefined && scan.at - grant.seenAt <= DOUBLE_READ_MS) return { type: 'double-read', grant };
  const again = grant !== undefined && isGrace(grant, scan) ? grant : undefined;
  const refusal =
    (again === undefined ? refusalByUse(shown, setting, now) : undefined) ??
    refusalByPolicy(shown, setting, now) ??
    refusalByGate(scan.health);
  if (refusal !== undefined) return { type: 'refused', refused: refusedBy(shown, refusal), shown };
  return again === undefined ? { type: 'granted', shown } : { type: 'again', shown, grant: again };
}

/** The opening by this code on this lane, as long as nobody has passed and nobody has taken it back. */
function openGrant({ volatile }: ReadState, { scan, codeHash }: Shown): Grant | undefined {
  return volatile.grants.findLast((grant) => grant.lane === scan.lane && grant.codeHash === codeHash);
}

function isGrace(grant: Grant, scan: ScanEvidence): boolean {
  return grant.monitored && scan.health.sensor === 'healthy' && scan.at - grant.at <= GRACE_MS;
}

function refusedBy({ verified: { fields } }: Shown, refusal: Refusal): Refused {
  const { kind } = fields;
  return fields.kind === 4
    ? { refusal, kind, passId: fields.passId, index: fields.hostIndex }
    : { refusal, kind, index: fields.index };
}

/** No row, no pulse: the showing is one, and it is already written. */
function countDoubleRead(draft: Draft, scan: ScanEvidence, grant: Grant): void {
  const { reader, lane, at } = scan;
  const tally = tallyOf(draft, reader, { lane, reader, at });
  draft.tally(reader, { ...countRepeat(draft, tally, { entry: grant.entry, at }), unreadable: 0 });
  draft.grants((grants) => grants.map((each) => (each === grant ? { ...grant, seenAt: at } : each)));
  draft.sign(grant.sign);
}
