import type { DoorConfig, LaneConfig, ReaderConfig } from '../../config/schema.ts';
import { cameraReader, directoryReader } from '../../device/camera/index.ts';
import { createDoor } from '../../device/door/index.ts';
import { hidPosReader, keyboardReader, serialReader } from '../../device/scanner/index.ts';
import { simulatedDoor } from '../../device/sim/index.ts';
import { DOOR_DEFAULTS, type DoorSettings } from '../decide/index.ts';
import { PageReader } from '../gate/index.ts';
import type { Clock, Door, Reader } from '../ports/index.ts';

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
  return createDoor({ id, ...door }, { clock });
}

/** What tells that somebody passed: a turnstile's input, else the contact, else nothing. */
export function supervisionOf(lane: LaneConfig): DoorSettings {
  return { ...DOOR_DEFAULTS, lane: lane.id, sensor: sensorOf(lane.door) };
}

function sensorOf(door: DoorConfig): DoorSettings['sensor'] {
  if (door.driver === 'simulated') return door.contact ? 'contact' : 'none';
  if (door.passage !== undefined) return 'passage';
  return door.contact === undefined ? 'none' : 'contact';
}
