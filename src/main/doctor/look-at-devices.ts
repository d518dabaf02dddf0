import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { DoorConfig, LaneConfig, ReaderConfig } from '../../../config/schema.ts';
import type { SeenChip } from '../../../device/door/index.ts';
import type { DoorFacts, ReaderFacts } from '../../setup/index.ts';
import type { ControlState } from '../control/protocol.ts';
import { codeOf, type MachineView } from './machine-view.ts';

/** Readers and doors as the configuration names them, and what is really there. Nothing is opened that a gate may hold. */

/** Where links of each type end. */
const DEVICE_OF: Readonly<Record<string, RegExp>> = {
  serial: /^\/dev\/(tty(ACM|USB|S|AMA|O|mxc|PS)?\d*|pts\/\d+|rfcomm\d+)$/,
  keyboard: /^\/dev\/input\/event\d+$/,
  'hid-pos': /^\/dev\/hidraw\d+$/,
  camera: /^\/dev\/video\d+$/,
};

/** Names that the kernel gives in the order in which it finds USB devices. */
const FLEETING = /^\/dev\/(tty(ACM|USB)\d+|input\/event\d+|hidraw\d+|video\d+)$/;

export function readerFacts(
  config: ReaderConfig,
  view: Pick<MachineView, 'look'>,
  told: ControlState | undefined,
): ReaderFacts {
  const said = told?.lanes.flatMap(({ readers }) => readers).find(({ reader }) => reader === config.id);
  const lost = said === undefined || said.state === 'ready' ? {} : { lost: said.detail ?? said.state };
  return { ...seenReader(config, view), ...lost };
}

function seenReader(config: ReaderConfig, view: Pick<MachineView, 'look'>): ReaderFacts {
  const { id, type } = config;
  if (config.type === 'display') return { id, type, path: '', state: 'page' };
  if (config.type === 'camera' && config.source === 'rpicam')
    return { id, type, path: 'rpicam-vid', state: isCommand('rpicam-vid') ? 'good' : 'missing' };
  const base = { id, type, path: config.path, isFleeting: FLEETING.test(config.path) };
  const seen = view.look(config.path);
  if (seen === undefined) return { ...base, state: 'missing' };
  if (config.type === 'directory') return { ...base, state: seen.kind === 'folder' ? 'trial' : 'wrong-type' };
  if (seen.kind !== 'device' || DEVICE_OF[type]?.test(seen.real) !== true)
    return { ...base, state: 'wrong-type' };
  const allowed = seen.readable && (config.type !== 'serial' || seen.writable);
  return allowed ? { ...base, state: 'good' } : { ...base, state: 'no-rights', group: seen.group };
}

export function isCommand(name: string, path = process.env['PATH'] ?? ''): boolean {
  return path.split(delimiter).some((folder) => folder !== '' && existsSync(join(folder, name)));
}

export type LookAtLines = (chip: string | undefined, lines: readonly number[]) => SeenChip;

export interface DoorView {
  readonly told: ControlState | undefined;
  readonly isRunning: boolean;
  readonly lines: LookAtLines;
  readonly look: MachineView['look'];
}

export function doorFacts({ id, door }: LaneConfig, view: DoorView): DoorFacts {
  const base = { lane: id, driver: door.driver, ...wiringOf(door) };
  const said = view.told?.lanes.find(({ lane }) => lane === id);
  if (said?.door.ok === false) return { ...base, state: 'faulty', detail: said.door.detail ?? 'faulty' };
  if (door.driver === 'simulated') return { ...base, state: 'simulated' };
  if (door.driver === 'folder') return { ...base, ...folderState(door.chip, view) };
  if (said !== undefined) return { ...base, state: 'held-by-gate' };
  if (view.isRunning) return { ...base, state: 'unseen', detail: 'no answer' };
  if (door.driver === 'sysfs')
    return view.look('/sys/class/gpio/export')?.writable === true
      ? { ...base, state: 'good', chip: 'sysfs' }
      : { ...base, state: 'no-rights', group: 'gpio' };
  return { ...base, ...gpioState(door, view) };
}

function folderState(folder: string, { look }: DoorView): Pick<DoorFacts, 'state' | 'detail'> {
  const seen = look(folder);
  return seen?.kind === 'folder' && seen.writable
    ? { state: 'simulated' }
    : { state: 'faulty', detail: `${folder}: ENOENT` };
}

type WiredDoor = Extract<DoorConfig, { driver: 'gpio' | 'sysfs' }>;

function gpioState(
  door: WiredDoor,
  view: DoorView,
): Omit<DoorFacts, 'lane' | 'driver' | 'hasSensor' | 'hasFire'> {
  try {
    const seen = view.lines(door.chip, linesOf(door));
    if (seen.state === 'not-found') return { state: 'no-chip', detail: seen.there.join(', ') || '-' };
    if (seen.state === 'no-rights')
      return { state: 'no-rights', group: view.look(seen.path)?.group ?? 'gpio' };
    const taken = seen.lines
      .filter(({ state }) => state === 'taken')
      .map(({ line, by }) => ({ line, by: by === undefined || by === '' ? '?' : by }));
    const missingLines = seen.lines.filter(({ state }) => state === 'missing').map(({ line }) => line);
    const isWhole = taken.length + missingLines.length === 0;
    return isWhole
      ? { state: 'good', chip: seen.label }
      : { state: 'faulty', detail: seen.label, taken, missingLines };
  } catch (cause) {
    return { state: 'unseen', detail: codeOf(cause) };
  }
}

function linesOf({ relay, contact, passage, exitButton, fire, tamper }: WiredDoor): number[] {
  return [relay, contact, passage, exitButton, fire, tamper].flatMap((each) =>
    each === undefined ? [] : [each.line],
  );
}

function wiringOf(door: DoorConfig): Pick<DoorFacts, 'hasSensor' | 'hasFire'> {
  if (door.driver === 'simulated') return { hasSensor: door.contact, hasFire: false };
  const is = (input: object | boolean | undefined) => input !== undefined && input !== false;
  return { hasSensor: is(door.contact) || is(door.passage), hasFire: is(door.fire) };
}
