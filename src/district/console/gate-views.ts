import { type ChainedRow, type GateState, type StatusPayload, statusPayload } from '../../wire/index.ts';
import type { Gate, StoredDocument } from '../database/database.ts';
import { deviceFingerprint } from '../gates/enrolment.ts';
import type { StoredAlarm } from '../ingest/alarms.ts';
import type { Tone } from './kit/marks.ts';
import { BEHIND_ROWS_WARN, DOCUMENT_UNDER_WAY_MS, UNHEARD_AFTER_MS } from './limits.ts';
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

/** What is known of one gate, before it is judged. */
export interface GateInputs {
  readonly gate: Gate;
  readonly life: GateState | undefined;
  /** How far each of its journals is stored. */
  readonly stored: ReadonlyMap<string, number>;
  readonly verdict: ChainedRow | undefined;
  readonly alarms: readonly StoredAlarm[];
  readonly alarmCount: number;
}

export interface GateFacts {
  readonly inputs: readonly GateInputs[];
  readonly documents: readonly StoredDocument[];
  readonly now: number;
}

type Asked = Pick<ConsoleParts, 'registry' | 'life' | 'rows' | 'clock'>;

/** @param only of these gates, each question for them alone; of all, when left out */
export async function gateFacts(parts: Asked, only?: readonly string[]): Promise<GateFacts> {
  const { life, rows, clock } = parts;
  const [gates, lives, streams, verdicts, alarms, alarmCounts, documents] = await Promise.all([
    gatesOf(parts, only),
    life.states(),
    rows.streams(only),
    rows.lastVerdicts(only),
    rows.alarms({ open: true, ...(only !== undefined && { gates: only }) }),
    rows.standingAlarms(only),
    rows.documents(),
  ]);
  const alarmsOf = Map.groupBy(standing(alarms), ({ gate }) => gate);
  const streamsOf = Map.groupBy(streams, ({ gate }) => gate);
  const inputs = gates.map((gate) => ({
    gate,
    life: lives.get(gate.id),
    stored: new Map((streamsOf.get(gate.id) ?? []).map(({ journal, seq }) => [journal, seq])),
    verdict: verdicts.get(gate.id),
    alarms: alarmsOf.get(gate.id) ?? [],
    alarmCount: alarmCounts.get(gate.id) ?? 0,
  }));
  return { inputs, documents, now: clock.wall() };
}

async function gatesOf({ registry }: Asked, only: readonly string[] | undefined): Promise<readonly Gate[]> {
  if (only === undefined) return registry.gates();
  return (await Promise.all(only.map((id) => registry.gate(id)))).filter((gate) => gate !== undefined);
}

/** Those that nobody has acknowledged and that have not cleared. */
export function standing(alarms: readonly StoredAlarm[]): StoredAlarm[] {
  const cleared = new Set(
    alarms.filter(({ alarm }) => alarm.cleared).map(({ gate, alarm }) => `${gate} ${alarm.id}`),
  );
  return alarms.filter(({ gate, alarm }) => !alarm.cleared && !cleared.has(`${gate} ${alarm.id}`));
}

/** Trouble first, then by name. */
export function gateViews({ inputs, documents, now }: GateFacts): GateView[] {
  return inOrder(inputs.map((each) => judge(each, { documents, now })));
}

export function inOrder(views: readonly GateView[]): GateView[] {
  return views.toSorted((left, right) => (orderOf(left) < orderOf(right) ? -1 : 1));
}

/** Its place among all: sorts as text. */
export function orderOf({ tone, id }: Pick<GateView, 'tone' | 'id'>): string {
  return `${URGENCY[tone]} ${id}`;
}

const URGENCY: Readonly<Record<Tone, number>> = { bad: 0, warn: 1, info: 2, good: 3, none: 4 };

/** A gate as it is at that time: one that says nothing falls silent without anything happening. */
export function judge(
  { gate, life, stored, verdict, alarms, alarmCount }: GateInputs,
  { documents, now }: Pick<GateFacts, 'documents' | 'now'>,
): GateView {
  const status = statusOf(gate.status);
  const heardAt = gate.seen_at ?? undefined;
  const known = status === undefined ? 0 : (stored.get(status.journal.id) ?? 0);
  const seen = {
    condition: conditionOf(status, { life, heardAt, now }),
    behind: Math.max(0, (status?.journal.seq ?? 0) - known),
    alarmCount,
    stale: status === undefined ? [] : staleDocuments(gate.community, status, { documents, now }),
  };
  return {
    id: gate.id,
    community: gate.community,
    fingerprint: deviceFingerprint(gate.device_key),
    isConfirmed: gate.confirmed === 1,
    heardAt,
    status,
    verdict,
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

/** One that was signed just now is on its way, and no gate is late with it yet. */
function staleDocuments(
  community: number,
  { documents }: StatusPayload,
  { documents: current, now }: Pick<GateFacts, 'documents' | 'now'>,
): string[] {
  return current.flatMap(({ name, version, issued_at_seconds: issuedAt }) => {
    const [plain = name, of] = name.split('/');
    if (of !== undefined && Number(of) !== community) return [];
    if (now - issuedAt * 1_000 < DOCUMENT_UNDER_WAY_MS) return [];
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
