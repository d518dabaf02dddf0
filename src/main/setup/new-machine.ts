import { findGate } from '../../../config/load.ts';
import type { GateFile, LaneConfig } from '../../../config/schema.ts';
import { SETUP_TEXT } from '../../../device/scanner/index.ts';
import { ok, type Result } from '../../base/index.ts';
import type { UnenrolledGate } from '../../gate/index.ts';
import type { Clock, Reader } from '../../ports/index.ts';
import { judge, type SetupMachine } from '../../setup/index.ts';
import type { SetupState } from '../../wire/index.ts';
import { gather } from '../doctor/gather.ts';
import { testRelay } from '../gate/relay-test.ts';
import { ConfigEditor } from './config-editor.ts';
import { listDevices, readerAt, testReader } from './devices.ts';
import { thisNetwork } from './network.ts';
import type { PausableReader } from './pausable-reader.ts';

/** A gate that is being set up: nobody reads codes yet, so that readers and door can be tried, and changes hold at once. */
export interface NewGateParts {
  readonly file: string;
  readonly clock: Clock;
  readonly gate: UnenrolledGate;
  readonly readers: readonly Reader[];
  /** Those that can be let go for a test. */
  readonly pausable: readonly PausableReader[];
  readonly isEnrolled: () => boolean;
  /** The file has changed: readers begin anew. */
  readonly changed: () => void;
  readonly finished: () => void;
}

export function newMachine(parts: NewGateParts): SetupMachine {
  const { file, clock, gate, readers, pausable, changed } = parts;
  const editor = new ConfigEditor(file, process.env);
  const holding = (outcome: Result<void, string>): Result<'now', string> => {
    if (!outcome.ok) return outcome;
    changed();
    return ok('now');
  };
  return {
    mode: 'new',
    setupText: SETUP_TEXT,
    state: () => {
      const isReady = (id: string) => readers.find((reader) => reader.id === id)?.health().state === 'ready';
      return { ...stateOf(configOf(file), isReady), enrolled: parts.isEnrolled() };
    },
    enrolment: () => gate.enrolment,
    enrol: (text) => gate.enrol(text),
    devices: () => listDevices(configOf(file).lanes),
    listen: (reader) => {
      const held = 'path' in reader ? readerAt(configOf(file).lanes, reader.path) : undefined;
      const holder = pausable.find(({ id }) => id === held);
      const test = () => testReader(reader, clock, configOf(file).lanes);
      return holder === undefined ? test() : holder.while(test);
    },
    setReader: (lane, reader) => holding(editor.setReader(lane, reader)),
    removeReader: (lane, reader) => holding(editor.removeReader(lane, reader)),
    setDoor: (lane, door) => holding(editor.setDoor(lane, door)),
    testRelay: (lane, { actor }) => testRelay({ config: configOf(file), lane, actor, clock }),
    network: thisNetwork({
      config: () => configOf(file),
      writeProxy: (proxy) => editor.setProxy(proxy),
    }),
    // That it does not run yet is no news to whoever sets it up.
    findings: async () => judge(await gather(file)).filter(({ code }) => code !== 'gate-stopped'),
    finish: () => {
      if (!parts.isEnrolled()) return 'waits';
      parts.finished();
      return 'starts';
    },
  };
}

/** As it stands in the file now. @throws when somebody broke it meanwhile */
export function configOf(file: string): GateFile {
  const found = findGate(file, process.env);
  if (!found.ok) throw new Error('configuration: it cannot be read any more; run menwei doctor');
  return found.value.enrolled ? found.value.config : found.value.file;
}

type Told = Pick<SetupState, 'gate' | 'district' | 'lanes'>;

export function stateOf({ gate, district, lanes }: GateFile, isReady: (reader: string) => boolean): Told {
  return {
    ...(gate === undefined ? {} : { gate }),
    ...(district === undefined ? {} : { district }),
    lanes: lanes.map((lane) => ({
      lane: lane.id,
      direction: lane.direction,
      readers: lane.readers.map((reader) => ({
        id: reader.id,
        type: reader.type,
        ...('path' in reader ? { path: reader.path } : {}),
        ...(reader.type === 'serial' ? { baudRate: reader.baudRate } : {}),
        ...(reader.type === 'keyboard' ? { layout: reader.layout } : {}),
        ready: isReady(reader.id),
      })),
      door: doorOf(lane),
    })),
  };
}

function doorOf({ door }: LaneConfig): SetupState['lanes'][number]['door'] {
  const base = { driver: door.driver, pulseMs: door.relay.pulseMs };
  if (door.driver === 'simulated' || door.driver === 'folder') return { ...base, hasContact: door.contact };
  const { relay, contact, exitButton, fire } = door;
  return {
    ...base,
    relayLine: relay.line,
    relayLow: relay.activeLow,
    ...(contact === undefined ? {} : { contactLine: contact.line, contactLow: contact.activeLow }),
    ...(exitButton === undefined ? {} : { exitLine: exitButton.line, exitLow: exitButton.activeLow }),
    ...(fire === undefined ? {} : { fireLine: fire.line, fireLow: fire.activeLow }),
    hasContact: contact !== undefined,
  };
}
