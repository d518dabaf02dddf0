import type { DoorConfig, LaneConfig, ReaderConfig } from '../../config/schema.ts';
import { cameraReader, directoryReader } from '../../device/camera/index.ts';
import { createDoor } from '../../device/door/index.ts';
import { hidPosReader, keyboardReader, serialReader } from '../../device/scanner/index.ts';
import { simulatedDoor } from '../../device/sim/index.ts';
import { DOOR_DEFAULTS, type DoorSettings } from '../decide/index.ts';
import { PageReader } from '../gate/index.ts';
import { type Clock, DOOR_INPUTS, type Door, type Reader } from '../ports/index.ts';

/** Configuration → devices. Each name in the file is one driver; nothing falls back to another. */

export function readerOf(config: ReaderConfig, clock: Clock): Reader {
  switch (config.type) {
    case 'serial':
      return serialReader(config, { clock });
    case 'keyboard':
      return keyboardReader(config, { clock });
    case 'hid-pos':
      return hidPosReader(config, { clock });
    case 'camera':
      return cameraReader(config, { clock });
    case 'directory':
      return directoryReader(config, { clock });
    case 'display':
      return new PageReader(config.id, clock);
  }
}

export function doorOf(lane: LaneConfig, clock: Clock): Door {
  const { door, id } = lane;
  if (door.driver === 'simulated') return simulatedDoor({ id, contact: door.contact }, { clock });
  if (door.driver === 'folder') return createDoor({ id, ...folderDoorOf(door) }, { clock });
  return createDoor({ id, ...door }, { clock });
}

/** Files have names, not line numbers. */
function folderDoorOf(door: Extract<DoorConfig, { driver: 'folder' }>) {
  const inputs = DOOR_INPUTS.filter((input) => door[input]);
  return {
    driver: door.driver,
    chip: door.chip,
    relay: { line: 0 },
    ...Object.fromEntries(inputs.map((input) => [input, { line: 0 }])),
  };
}

/** What tells that somebody passed: a turnstile's input, else the contact, else nothing. */
export function supervisionOf(lane: LaneConfig): DoorSettings {
  return { ...DOOR_DEFAULTS, lane: lane.id, sensor: sensorOf(lane.door) };
}

function sensorOf(door: DoorConfig): DoorSettings['sensor'] {
  if (door.driver === 'simulated') return door.contact ? 'contact' : 'none';
  if (isThere(door.passage)) return 'passage';
  return isThere(door.contact) ? 'contact' : 'none';
}

function isThere(input: object | boolean | undefined): boolean {
  return typeof input === 'boolean' ? input : input !== undefined;
}
