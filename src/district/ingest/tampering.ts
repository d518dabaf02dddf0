import type { AlarmPayload, EntriesPayload, SentRow } from '../../wire/index.ts';
import type { Database } from '../database/database.ts';
import { RESEND_STEP_ROWS } from '../limits.ts';
import { idStart, type Stream } from './stored-before.ts';

/**
 * What stored rows prove against the gate that sent them: a row edited, rows cut off, a journal replaced, one identity in
 * two machines. Each finding names journal and row. It accuses on signed rows alone, never on a status or a live row.
 */
export const TAMPERINGS = ['edited', 'cut', 'torn', 'damaged', 'replaced', 'cloned'] as const;
export type Tampering = (typeof TAMPERINGS)[number];

/** One batch, and what was stored of its journal before it. */
export interface Suspicion {
  readonly database: Database;
  readonly gate: string;
  readonly batch: EntriesPayload;
  readonly now: number;
  /** Hashes stored before, from the row before the batch on. */
  readonly known: ReadonlyMap<number, ReadonlySet<string>>;
  readonly forked: readonly SentRow[];
  readonly before: Place;
  readonly after: Place;
  /** All journals of this gate, the newest first, as they stood before the batch. */
  readonly streams: readonly Stream[];
  /** A fork of this journal whose first row is known, from before. */
  readonly forkedBefore: boolean;
}

interface Place {
  readonly seq: number;
  readonly hash: string;
}

export interface Findings {
  readonly alarms: readonly AlarmPayload[];
  /** Rows before the ones that came are needed to name the first that differs. */
  readonly askFrom?: number;
  /** This journal says two things: what is missing of it is not asked for. */
  readonly isForked: boolean;
}

export async function findTampering(suspicion: Suspicion): Promise<Findings> {
  const { before, after, forkedBefore } = suspicion;
  const grew = after.seq > before.seq;
  const alarms = [
    ...(before.seq === 0 && grew ? await judgeBeginning(suspicion) : []),
    ...(before.seq > 0 && grew && (forkedBefore || wasFollowed(suspicion)) ? [cloned(suspicion)] : []),
  ];
  const [first] = suspicion.forked;
  if (forkedBefore || first === undefined) return { alarms, isForked: forkedBefore };
  const origin = suspicion.forked.find(
    (row) => row.seq === 1 || suspicion.known.get(row.seq - 1)?.has(row.previousHash),
  );
  if (origin !== undefined) return { alarms: [...alarms, await forkOf(suspicion, origin)], isForked: true };
  const text = 'it does not follow the row stored before it';
  const torn = first.seq > before.seq ? [alarmOf(suspicion, 'torn', { seq: first.seq, text })] : [];
  return { alarms: [...alarms, ...torn], isForked: false, askFrom: stepBack(first.seq, before.seq) };
}

/** Twice as far back each time, so that the first row that differs costs no more than what lies behind it, twice. */
function stepBack(first: number, stored: number): number {
  return Math.max(1, first - Math.max(RESEND_STEP_ROWS, 2 * (stored - first + 1)));
}

/** An edited row is as old as the one it replaces; one that took the place of rows cut off is younger than all of them. */
async function forkOf(suspicion: Suspicion, row: SentRow): Promise<AlarmPayload> {
  const { database, gate, batch, before } = suspicion;
  const newest = await database
    .selectFrom('journal_row')
    .select('at')
    .where('gate', '=', gate)
    .where('journal', '=', batch.journal)
    .where('seq', '=', before.seq)
    .where('hash', '=', before.hash)
    .executeTakeFirst();
  const newestAt = newest?.at ?? undefined;
  const isYounger = 'at' in row && newestAt !== undefined && Date.parse(row.at) > Date.parse(newestAt);
  return isYounger
    ? alarmOf(suspicion, 'cut', { seq: row.seq, text: `rows ${row.seq} to ${before.seq} gave way to others` })
    : alarmOf(suspicion, 'edited', { seq: row.seq, text: 'it is not the row that was stored first' });
}

/** A journal that was followed by another grows no more. */
function wasFollowed({ batch, streams }: Suspicion): boolean {
  const mine = streams.find(({ journal }) => journal === batch.journal)?.updated_at ?? 0;
  return streams.some(({ journal, updated_at }) => journal !== batch.journal && updated_at > mine);
}

function cloned(suspicion: Suspicion): AlarmPayload {
  const seq = suspicion.before.seq + 1;
  const text = 'two machines, or a copy that was put back, write under this identity';
  return { ...alarmOf(suspicion, 'cloned', { seq, text }), id: `${idStart(suspicion.batch.journal)}-cloned` };
}

const AFTER = /^journal-opened after ([0-9a-f]{32}) (\d+) ([0-9a-f]{64})$/;

/** A journal that begins beside another names the one before and its last row. */
async function judgeBeginning(suspicion: Suspicion): Promise<AlarmPayload[]> {
  const { batch, streams } = suspicion;
  const others = streams.filter((stream) => stream.journal !== batch.journal);
  const [newest] = others;
  if (newest === undefined) return [];
  const [row] = batch.rows;
  const reason = row?.seq === 1 && 'reason' in row ? row.reason : undefined;
  const [, journal = '', seqText = '', hash = ''] = AFTER.exec(reason ?? '') ?? [];
  const named = others.find((other) => other.journal === journal);
  if (named === undefined) {
    const text = `the journal before it, up to row ${newest.seq}, is not named`;
    return [alarmOf(suspicion, 'replaced', { seq: 1, text })];
  }
  const old = { ...suspicion, batch: { ...batch, journal } };
  return [await judgeEnd(old, { claimed: { seq: Number(seqText), hash }, stored: named.seq })];
}

async function judgeEnd(
  suspicion: Suspicion,
  { claimed, stored }: { claimed: Place; stored: number },
): Promise<AlarmPayload> {
  const { database, gate, batch } = suspicion;
  if (claimed.seq < stored) {
    const text = `rows ${claimed.seq + 1} to ${stored} were cut off before it was set aside`;
    return alarmOf(suspicion, 'cut', { seq: claimed.seq + 1, text });
  }
  const rows = await database
    .selectFrom('journal_row')
    .select('hash')
    .where('gate', '=', gate)
    .where('journal', '=', batch.journal)
    .where('seq', '=', claimed.seq)
    .execute();
  if (rows.length > 0 && rows.every((row) => row.hash !== claimed.hash))
    return alarmOf(suspicion, 'edited', {
      seq: claimed.seq,
      text: 'it is not the row that was stored first',
    });
  const text = 'the gate could not believe this journal up to here, and set it aside';
  return alarmOf(suspicion, 'damaged', { seq: Math.max(1, claimed.seq), text });
}

function alarmOf(
  { batch, now }: Suspicion,
  kind: Tampering,
  { seq, text }: { seq: number; text: string },
): AlarmPayload {
  return {
    id: `${idStart(batch.journal)}-${kind}-${seq}`,
    at: new Date(now).toISOString(),
    alarm: 'tamper',
    cleared: false,
    journal: batch.journal,
    seq,
    detail: `${kind}: row ${seq}: ${text}`,
  };
}
