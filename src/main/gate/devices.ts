import type { DoorConfig, LaneConfig, ReaderConfig } from '../../../config/schema.ts';
import { DOOR_DEFAULTS, type DoorSettings } from '../../decide/index.ts';
import { PageReader } from '../../gate/index.ts';
import { type Clock, DOOR_INPUTS, type Door, type Reader } from '../../ports/index.ts';

/**
 * Configuration → devices. Each name in the file is one driver; nothing falls back to another, and what is not named
 * is not even loaded: a gate without a camera carries no decoder.
 */

export async function readerOf(config: ReaderConfig, clock: Clock): Promise<Reader> {
  switch (config.type) {
    case 'serial':
      return (await import('../../../device/scanner/index.ts')).serialReader(config, { clock });
    case 'keyboard':
      return (await import('../../../device/scanner/index.ts')).keyboardReader(config, { clock });
    case 'hid-pos':
      return (await import('../../../device/scanner/index.ts')).hidPosReader(config, { clock });
    case 'camera':
      return (await import('../../../device/camera/index.ts')).cameraReader(config, { clock });
    case 'directory':
      return (await import('../../../device/camera/index.ts')).directoryReader(config, { clock });
    case 'display':
      return new PageReader(config.id, clock);
  }
}

export async function doorOf({ door, id }: LaneConfig, clock: Clock): Promise<Door> {
  if (door.driver === 'simulated') {
    const { simulatedDoor } = await import('../../../device/sim/index.ts');
    return simulatedDoor({ id, contact: door.contact }, { clock });
  }
  const { createDoor } = await import('../../../device/door/index.ts');
  return createDoor({ id, ...(door.driver === 'folder' ? folderDoorOf(door) : door) }, { clock });
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
