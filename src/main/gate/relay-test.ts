import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { GateFile, LaneConfig } from '../../../config/schema.ts';
import { isoTime, wallMs } from '../../base/index.ts';
import { type Journal, openJournal, RESERVE_BYTES } from '../../journal/index.ts';
import type { Clock, Door, Receipt } from '../../ports/index.ts';
import type { RelayResult } from '../../setup/index.ts';
import type { RowDraft } from '../../wire/index.ts';
import { BUILD } from '../build.ts';
import { doorOf } from './devices.ts';
import { lastSureTime } from './journal-source.ts';
import { JOURNAL_FILE, makeFolder } from './start-gate.ts';

/**
 * Opens the door of a stopped gate once, and says what its contact saw. As ever there is a durable row before the relay moves,
 * which names who and why; the door rests before and afterwards.
 */

/** From the end of the pulse: a heavy door is still on its way. */
const CONTACT_AFTER_PULSE_MS = 3_000;
const CLOSE_WITHIN_MS = 5_000;
const REASON = 'relay-test';

export interface RelayTest {
  readonly config: Pick<GateFile, 'dataDir' | 'lanes'>;
  /** Absent: the only one. */
  readonly lane?: string | undefined;
  /** Stands in the row: who answers for it. Never a name. */
  readonly actor: string;
  readonly clock: Clock;
}

/** @throws with a sentence for the installer when the gate runs, there is no such lane, or nothing can be recorded */
export async function testRelay({ config, lane: wanted, actor, clock }: RelayTest): Promise<RelayResult> {
  const lane = laneOf(config.lanes, wanted);
  const journal = journalIn(config.dataDir, clock);
  try {
    const note = (draft: Omit<RowDraft, 'at' | 'clock'>) => written(journal, clock, draft);
    const receipt = note({
      decision: 'manual',
      lane: lane.id,
      direction: lane.direction,
      actor,
      reason: REASON,
    });
    const door = await doorOf(lane, clock);
    await door.start();
    try {
      const result = await pulse({ door, lane, receipt, clock });
      const seen = result.pulse.ok ? result.contact : 'fault';
      note({ decision: 'system', lane: lane.id, reason: `${REASON}:${seen}` });
      return result;
    } finally {
      await door.stop();
    }
  } finally {
    journal.close();
  }
}

export function laneOf(lanes: readonly LaneConfig[], wanted: string | undefined): LaneConfig {
  const names = lanes.map(({ id }) => id).join(', ');
  const lane = wanted === undefined && lanes.length === 1 ? lanes[0] : lanes.find(({ id }) => id === wanted);
  if (lane === undefined) throw new Error(`lane: name one of ${names}`);
  return lane;
}

function journalIn(dataDir: string, clock: Clock): Journal {
  makeFolder(dataDir);
  const journal = openJournal({
    file: join(dataDir, JOURNAL_FILE),
    opened: { at: rowTime(dataDir, clock), clock: 'unsure' },
    random: (length) => new Uint8Array(randomBytes(length)),
    reserveBytes: RESERVE_BYTES,
  });
  const { fault, writable } = journal.health();
  if (writable) return journal;
  journal.close();
  throw new Error(
    fault?.code === 'busy'
      ? 'the gate is running; stop it first (systemctl stop menwei-gate), or use its set-up page'
      : `the journal cannot be written (${fault?.code ?? 'unknown'}), so nothing may be opened; run menwei doctor`,
  );
}

/** Rows never go back in time. */
function rowTime(dataDir: string, clock: Clock) {
  const last = lastSureTime(join(dataDir, JOURNAL_FILE)).lastRowMs ?? 0;
  return wallMs(Math.max(clock.wall(), Date.parse(BUILD.at), last));
}

function written(journal: Journal, clock: Clock, draft: Omit<RowDraft, 'at' | 'clock'>): Receipt {
  const at = wallMs(Math.max(clock.wall(), Date.parse(BUILD.at)));
  const appended = journal.append([{ ...draft, at: isoTime(at), clock: 'unsure' }], [], 'manual');
  const receipt = appended.ok ? appended.value[0] : undefined;
  if (receipt === undefined)
    throw new Error('nothing could be recorded, so nothing was opened; run menwei doctor');
  return receipt;
}

interface Pulse {
  readonly door: Door;
  readonly lane: LaneConfig;
  readonly receipt: Receipt;
  readonly clock: Clock;
}

async function pulse({ door, lane, receipt, clock }: Pulse): Promise<RelayResult> {
  const base = { lane: lane.id, row: receipt.seq };
  const { ok, detail } = door.health();
  const before = door.inputs().contact;
  if (!ok) return { ...base, pulse: { ok: false, fault: detail ?? 'not ready' }, contact: 'none' };
  const { pulseMs } = lane.door.relay;
  const began = clock.monotonic();
  const moved = contactMoves(door, true, { clock, withinMs: pulseMs + CONTACT_AFTER_PULSE_MS });
  const outcome = await door.open(receipt, pulseMs);
  if (!outcome.ok) return { ...base, pulse: { ok: false, fault: outcome.fault }, contact: 'none' };
  const done = { ...base, pulse: { ok: true as const, pulseMs } };
  if (before === undefined) {
    await pause(pulseMs, clock);
    return { ...done, contact: 'none' };
  }
  const openedAt = before ? undefined : await moved;
  // Whoever leaves before the pulse is over would cut it short.
  await pause(Math.max(0, began + pulseMs - clock.monotonic()), clock);
  if (before) return { ...done, contact: 'was-open' };
  if (openedAt === undefined) return { ...done, contact: 'did-not-move' };
  const isClosed =
    door.inputs().contact === false ||
    (await contactMoves(door, false, { clock, withinMs: CLOSE_WITHIN_MS })) !== undefined;
  return { ...done, contact: 'opened', openedAfterMs: Math.round(openedAt - began), closedAgain: isClosed };
}

/** @returns when it moved so; undefined when it did not in time */
function contactMoves(
  door: Door,
  active: boolean,
  { clock, withinMs }: { readonly clock: Clock; readonly withinMs: number },
): Promise<number | undefined> {
  return new Promise((resolve) => {
    const cancel = clock.after(withinMs, () => resolve(undefined));
    door.onInput((change) => {
      if (change.input !== 'contact' || change.active !== active) return;
      cancel();
      resolve(change.at);
    });
  });
}

const pause = (ms: number, clock: Clock): Promise<void> =>
  new Promise((resolve) => void clock.after(ms, resolve));
