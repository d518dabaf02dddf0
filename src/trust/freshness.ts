import { type DocumentName, type Policy, STATUS_SUBJECTS, type StatusSubject } from '../wire/index.ts';
import type { TrustNow } from './case.ts';
import { deltaOf, type Held, type Paper, scopedName } from './held.ts';

/**
 * The staleness ladder (docs/trust-documents.md, rule 4) as data: how far each kind of code may still be believed,
 * and why. Never silently open, never silently closed: every step below `normal` has its reason.
 */

/** `none`: nothing opens by itself. */
export const STANDINGS = ['normal', 'flagged', 'guard', 'none'] as const;
export type Standing = (typeof STANDINGS)[number];

export type KindStandings = Readonly<Record<1 | 2 | 3 | 4 | 5, Standing>>;

export interface Freshness {
  readonly kinds: KindStandings;
  readonly reasons: readonly StalenessReason[];
}

export interface StalenessReason {
  readonly document: DocumentName;
  /** `behind`: the district's signed time names a newer version than the one that is held. */
  readonly state: 'missing' | 'aging' | 'stale' | 'expired' | 'behind';
  /** Age of a list, or time since expiry. */
  readonly seconds?: number;
}

export interface ExpiryWarning {
  readonly document: DocumentName;
  readonly expiresAt: number;
  readonly secondsLeft: number;
  /** The step that has been reached: 30, 7 or 1, of days or hours. */
  readonly step: 30 | 7 | 1;
  readonly unit: 'days' | 'hours';
}

type Kind = 1 | 2 | 3 | 4 | 5;
const ALL_KINDS: readonly Kind[] = [1, 2, 3, 4, 5];
const HOUR = 3_600;
const DAY = 86_400;
/** Documents that live longer are warned of in days, the others in hours. */
const LONG_LIFE_SECONDS = 31 * DAY;

export function freshnessOf(
  held: Held,
  at: { readonly now: TrustNow; readonly community: number },
): Freshness {
  const kinds: Record<Kind, Standing> = { 1: 'normal', 2: 'normal', 3: 'normal', 4: 'normal', 5: 'normal' };
  const reasons: StalenessReason[] = [];
  const lower = (which: readonly Kind[], to: Standing) => {
    for (const kind of which) kinds[kind] = worse(kinds[kind], to);
  };
  for (const step of [...documentSteps(held, at.now), ...listSteps(held, at.now)]) {
    reasons.push(step.reason);
    lower(step.kinds, step.to);
  }
  reasons.push(...behind(held, at.community));
  return { kinds, reasons };
}

/** When the newest evidence says that the list is the current one, Unix seconds. */
export function listFreshAt(held: Held, subject: StatusSubject): number | undefined {
  const list = held.contents[subject];
  const snapshot = held.papers.get(subject);
  if (list === undefined || snapshot === undefined) return undefined;
  const said = held.contents.said?.[subject];
  const named = said?.version === list.version && said.hash === list.hash ? said.at : 0;
  return Math.max(snapshot.issuedAt, held.papers.get(deltaOf(subject))?.issuedAt ?? 0, named);
}

export function warningsOf(held: Held, now: TrustNow): readonly ExpiryWarning[] {
  if (now.quality === 'unsure') return [];
  const root = held.root?.payload;
  const rootPaper = root && { name: 'root' as const, issuedAt: root.iat, expiresAt: root.exp };
  return [...(rootPaper ? [rootPaper] : []), ...held.papers.values()]
    .filter((paper) => paper.name !== 'time')
    .flatMap((paper) => warning(paper, now.seconds));
}

interface Step {
  readonly kinds: readonly Kind[];
  readonly to: Standing;
  readonly reason: StalenessReason;
}

function documentSteps(held: Held, now: TrustNow): Step[] {
  const steps: Step[] = [];
  const judge = (name: DocumentName, kinds: readonly Kind[], to: Standing) => {
    const exp = name === 'root' ? held.root?.payload.exp : held.papers.get(name)?.expiresAt;
    if (exp === undefined) steps.push({ kinds, to, reason: { document: name, state: 'missing' } });
    else if (now.quality !== 'unsure' && now.seconds >= exp) {
      steps.push({ kinds, to, reason: { document: name, state: 'expired', seconds: now.seconds - exp } });
    }
  };
  // What is held under an expired root lives out its own span.
  judge('root', [], 'normal');
  judge('keyset', ALL_KINDS, 'none');
  // Kind 3 is vouched for by the roster alone.
  judge('roster', [3], 'guard');
  judge('policy', ALL_KINDS, 'flagged');
  judge('operators', [], 'normal');
  return steps;
}

function listSteps(held: Held, now: TrustNow): Step[] {
  const { normalHours, flaggedHours } = ladderOf(held.contents.policy);
  return STATUS_SUBJECTS.flatMap((subject): Step[] => {
    // Kind 4 is looked up in the visitors' list, and its host in the residents'.
    const kinds: readonly Kind[] = subject === 'residents' ? ALL_KINDS : [4];
    const beyond: readonly Kind[] = kinds.filter((kind) => kind !== 1);
    const freshAt = listFreshAt(held, subject);
    if (freshAt === undefined) {
      return [{ kinds, to: 'guard', reason: { document: subject, state: 'missing' } }];
    }
    if (now.quality === 'unsure') return [];
    const seconds = Math.max(0, now.seconds - freshAt);
    if (seconds < normalHours * HOUR) return [];
    if (seconds < flaggedHours * HOUR) {
      return [{ kinds, to: 'flagged', reason: { document: subject, state: 'aging', seconds } }];
    }
    const reason: StalenessReason = { document: subject, state: 'stale', seconds };
    // A kind 1 code was signed minutes ago, which is evidence of its own.
    return [
      { kinds: beyond, to: 'guard', reason },
      ...(kinds.includes(1) ? [{ kinds: [1] as const, to: 'flagged' as const, reason }] : []),
    ];
  });
}

function behind(held: Held, community: number): StalenessReason[] {
  const said = held.contents.said ?? {};
  const names: readonly DocumentName[] = ['keyset', 'residents', 'visitors', 'policy', 'roster', 'operators'];
  const late = names.filter((name) => {
    const current = said[scopedName(name, community)];
    const version =
      name === 'residents' || name === 'visitors'
        ? held.contents[name]?.version
        : held.papers.get(name)?.version;
    return current !== undefined && version !== undefined && version < current.version;
  });
  const root = (said['root']?.version ?? 0) > (held.root?.payload.version ?? 0) ? (['root'] as const) : [];
  return [...root, ...late].map((document) => ({ document, state: 'behind' }));
}

function ladderOf(policy: Policy | undefined): Policy['staleness'] {
  return policy?.staleness ?? { normalHours: 24, flaggedHours: 72 };
}

function warning(
  paper: Pick<Paper, 'name' | 'issuedAt' | 'expiresAt'>,
  nowSeconds: number,
): readonly ExpiryWarning[] {
  const { name, issuedAt, expiresAt } = paper;
  if (expiresAt === undefined) return [];
  const unit = expiresAt - issuedAt > LONG_LIFE_SECONDS ? 'days' : 'hours';
  const secondsLeft = expiresAt - nowSeconds;
  const step = ([1, 7, 30] as const).find((one) => secondsLeft <= one * (unit === 'days' ? DAY : HOUR));
  return step === undefined ? [] : [{ document: name, expiresAt, secondsLeft, step, unit }];
}

function worse(left: Standing, right: Standing): Standing {
  return STANDINGS.indexOf(left) >= STANDINGS.indexOf(right) ? left : right;
}
