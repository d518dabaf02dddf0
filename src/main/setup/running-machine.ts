import { SETUP_TEXT } from '../../../device/scanner/index.ts';
import type { Result } from '../../base/index.ts';
import { ok } from '../../base/index.ts';
import { judge, type RelayResult, type SetupMachine, type Visitor } from '../../setup/index.ts';
import { rulesOf } from '../../wire/index.ts';
import { gather } from '../doctor/gather.ts';
import type { RunningGate } from '../gate/start-gate.ts';
import { ConfigEditor } from './config-editor.ts';
import { listDevices, readerAt, testReader } from './devices.ts';
import { thisNetwork } from './network.ts';
import { configOf, stateOf } from './new-machine.ts';

/** A gate at work: what is changed holds at its next start, its own readers stay its own, and its door opens by a guard's deed. */
export interface RunningParts {
  readonly file: string;
  readonly running: RunningGate;
  /** Absent: nobody would start this process again. */
  readonly askRestart?: () => void;
}

const CONTACT_AFTER_PULSE_MS = 3_000;
const LOOK_EVERY_MS = 50;
/** The answer is on its way first. */
const RESTART_AFTER_MS = 500;

export function runningMachine({ file, running, askRestart }: RunningParts): SetupMachine {
  const { gate, clock } = running;
  const editor = new ConfigEditor(file, process.env);
  const later = (outcome: Result<void, string>): Result<'next-start', string> =>
    outcome.ok ? ok('next-start') : outcome;
  const isReady = (id: string) =>
    [...gate.lanes.values()].some((lane) =>
      lane.readers.some((reader) => reader.id === id && reader.health().state === 'ready'),
    );
  return {
    mode: 'running',
    setupText: SETUP_TEXT,
    state: () => ({ ...stateOf(configOf(file), isReady), enrolled: true }),
    enrolment: () => enrolmentOf(running),
    devices: () => listDevices(configOf(file).lanes),
    listen: async (reader) => {
      const isHeld = 'path' in reader && readerAt(configOf(file).lanes, reader.path) !== undefined;
      return isHeld ? 'in-use' : testReader(reader, clock, []);
    },
    setReader: (lane, reader) => later(editor.setReader(lane, reader)),
    removeReader: (lane, reader) => later(editor.removeReader(lane, reader)),
    setDoor: (lane, door) => later(editor.setDoor(lane, door)),
    testRelay: (lane, visitor) => openOnce(running, lane, visitor),
    network: thisNetwork({
      config: () => configOf(file),
      writeProxy: (proxy) => editor.setProxy(proxy),
    }),
    findings: async () => judge(await gather(file)),
    finish: () => {
      if (askRestart === undefined) return 'by-hand';
      clock.after(RESTART_AFTER_MS, askRestart);
      return 'restarts';
    },
  };
}

function enrolmentOf({ gate }: RunningGate) {
  const [lane] = gate.lanes.keys();
  return (
    (lane === undefined ? undefined : gate.display.state(lane)?.enrolment) ?? { step: 'symbol' as const }
  );
}

/** As a guard would: with its row before it moves, under the rules of manual openings. */
async function openOnce(
  running: RunningGate,
  laneId: string,
  { actor, duress }: Visitor,
): Promise<RelayResult> {
  const { gate, clock } = running;
  const lane = gate.lanes.get(laneId);
  if (lane === undefined) throw new Error('lane: this gate has no such lane');
  const before = lane.door.report().open;
  const settled = gate.takeManual({
    type: 'manual',
    verb: 'open',
    lane: laneId,
    actor,
    reason: 'relay-test',
    ...(duress === true ? { duress } : {}),
  });
  if (!settled.ok) throw new Error(`relay: not opened (${settled.error}); run menwei doctor`);
  const base = { lane: laneId, row: settled.value.row };
  const began = clock.monotonic();
  await lane.door.told();
  const { ok: isOk, detail, relayOn } = lane.door.report();
  if (!isOk || !relayOn)
    return { ...base, pulse: { ok: false, fault: detail ?? 'the relay did not switch' }, contact: 'none' };
  const { pulseMs } = rulesOf(gate.policy(), laneId);
  const done = { ...base, pulse: { ok: true as const, pulseMs } };
  if (before === undefined) return { ...done, contact: 'none' };
  if (before) return { ...done, contact: 'was-open' };
  while (clock.monotonic() - began < pulseMs + CONTACT_AFTER_PULSE_MS) {
    if (lane.door.report().open === true)
      return { ...done, contact: 'opened', openedAfterMs: Math.round(clock.monotonic() - began) };
    await new Promise<void>((resolve) => void clock.after(LOOK_EVERY_MS, resolve));
  }
  return { ...done, contact: 'did-not-move' };
}
