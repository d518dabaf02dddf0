import { type ChainedRow, type GateState, type StatusPayload, statusPayload } from '../../wire/index.ts';
import type { Gate, StoredDocument } from '../database/database.ts';
import { deviceFingerprint } from '../gates/enrolment.ts';
import type { StoredAlarm } from '../ingest/alarms.ts';
import type { StoredStream } from '../ingest/gate-overview.ts';
import type { Tone } from './kit/marks.ts';
import { BEHIND_ROWS_WARN, UNHEARD_AFTER_MS } from './limits.ts';
import type { ConsoleParts } from './parts.ts';

/** What the district knows of its gates, put together for screens. A gate says what it likes; only what its schema takes is shown. */
export const GATE_CONDITIONS = [
  'online',
  'silent',
  'offline',
  'never',
  'waiting',
  'retired',
  'stolen',
] as const;
export type GateCondition = (typeof GATE_CONDITIONS)[number];

export interface GateView {
  readonly id: string;
  readonly community: number;
  readonly condition: GateCondition;
  readonly fingerprint: string;
  readonly isConfirmed: boolean;
  /** Unix milliseconds of the last word of it */
  readonly heardAt: number | undefined;
  readonly status: StatusPayload | undefined;
  /** Rows that the gate has and the district has not. */
  readonly behind: number;
  /** Documents of which it holds an older version than there is. */
  readonly stale: readonly string[];
  readonly verdict: ChainedRow | undefined;
  /** The newest of those that stand, and how many stand in all. */
  readonly alarms: readonly StoredAlarm[];
  readonly alarmCount: number;
  readonly tone: Tone;
}

export interface GateFacts {
  readonly gates: readonly Gate[];
  readonly lives: ReadonlyMap<string, GateState>;
  readonly streams: readonly StoredStream[];
  readonly verdicts: ReadonlyMap<string, ChainedRow>;
  readonly alarms: readonly StoredAlarm[];
  readonly alarmCounts: ReadonlyMap<string, number>;
  readonly documents: readonly StoredDocument[];
  readonly now: number;
}

/** @param only the gate whose own alarms are wanted; of all, when left out */
export async function gateFacts(
  { registry, life, rows, clock }: ConsoleParts,
  only?: string,
): Promise<GateFacts> {
  const [gates, lives, streams, verdicts, alarms, alarmCounts, documents] = await Promise.all([
    registry.gates(),
    life.states(),
    rows.streams(),
    rows.lastVerdicts(),
    rows.alarms({ open: true, ...(only !== undefined && { gates: [only] }) }),
    rows.standingAlarms(),
    rows.documents(),
  ]);
  const now = clock.wall();
  return { gates, lives, streams, verdicts, alarms: standing(alarms), alarmCounts, documents, now };
}

/** Those that nobody has acknowledged and that have not cleared. */
export function standing(alarms: readonly StoredAlarm[]): StoredAlarm[] {
  const cleared = new Set(
    alarms.filter(({ alarm }) => alarm.cleared).map(({ gate, alarm }) => `${gate} ${alarm.id}`),
  );
  return alarms.filter(({ gate, alarm }) => !alarm.cleared && !cleared.has(`${gate} ${alarm.id}`));
}

/** Trouble first, then by name. */
export function gateViews(facts: GateFacts): GateView[] {
  const stored = new Map(facts.streams.map(({ gate, journal, seq }) => [`${gate} ${journal}`, seq]));
  const alarms = Map.groupBy(facts.alarms, ({ gate }) => gate);
  const views = facts.gates.map((gate) => view(gate, { facts, stored, alarms: alarms.get(gate.id) ?? [] }));
  return views.sort((left, right) => URGENCY[left.tone] - URGENCY[right.tone]);
}

const URGENCY: Readonly<Record<Tone, number>> = { bad: 0, warn: 1, info: 2, good: 3, none: 4 };

interface Around {
  readonly facts: GateFacts;
  readonly stored: ReadonlyMap<string, number>;
  readonly alarms: readonly StoredAlarm[];
}

function view(gate: Gate, { facts, stored, alarms }: Around): GateView {
  const status = statusOf(gate.status);
  const heardAt = gate.seen_at ?? undefined;
  const known = status === undefined ? 0 : (stored.get(`${gate.id} ${status.journal.id}`) ?? 0);
  const seen = {
    condition: conditionOf(status, { life: facts.lives.get(gate.id), heardAt, now: facts.now }),
    behind: Math.max(0, (status?.journal.seq ?? 0) - known),
    alarmCount: facts.alarmCounts.get(gate.id) ?? 0,
    stale: status === undefined ? [] : staleDocuments(gate.community, status, facts.documents),
  };
  return {
    id: gate.id,
    community: gate.community,
    fingerprint: deviceFingerprint(gate.device_key),
    isConfirmed: gate.confirmed === 1,
    heardAt,
    status,
    verdict: facts.verdicts.get(gate.id),
    alarms,
    ...seen,
    tone: toneOf({ ...seen, status }),
  };
}

/** What a database holds is checked like what a gate sends: it may be of an older form. */
function statusOf(text: string | null): StatusPayload | undefined {
  try {
    return statusPayload.safeParse(JSON.parse(text ?? 'null')).data;
  } catch {
    return undefined;
  }
}

function conditionOf(
  status: StatusPayload | undefined,
  { life, heardAt, now }: { life: GateState | undefined; heardAt: number | undefined; now: number },
): GateCondition {
  if (life !== undefined && life !== 'confirmed') return life;
  if (status === undefined || heardAt === undefined) return 'never';
  if (status.state === 'offline') return 'offline';
  return now - heardAt > UNHEARD_AFTER_MS ? 'silent' : 'online';
}

function staleDocuments(
  community: number,
  { documents }: StatusPayload,
  current: readonly StoredDocument[],
): string[] {
  return current.flatMap(({ name, version }) => {
    const [plain = name, of] = name.split('/');
    if (of !== undefined && Number(of) !== community) return [];
    const held = documents[plain] ?? documents[name];
    return held !== undefined && held < version ? [plain] : [];
  });
}

type Seen = Pick<GateView, 'condition' | 'behind' | 'stale' | 'status' | 'alarmCount'>;

function toneOf({ condition, behind, stale, status, alarmCount }: Seen): Tone {
  if (condition === 'retired' || condition === 'stolen') return 'none';
  if (condition === 'waiting') return 'info';
  const doorIsBad = status?.lanes.some(({ door, mode }) => door?.ok === false || mode === 'fire') === true;
  if (condition === 'offline' || condition === 'silent' || alarmCount > 0 || doorIsBad) return 'bad';
  const isLocked = status?.lanes.some(({ mode }) => mode !== 'normal') === true;
  const isUnsure = status?.clock.quality === 'unsure';
  const isWorth =
    condition === 'never' || behind > BEHIND_ROWS_WARN || stale.length > 0 || isUnsure || isLocked;
  return isWorth ? 'warn' : 'good';
}
