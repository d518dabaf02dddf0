import { randomBytes } from 'node:crypto';
import type { DistrictConfig } from '../../../config/district.ts';
import { systemClock } from '../../../device/clock/index.ts';
import { openRegistryAlone, type RegistryAlone } from '../../district/index.ts';
import { type CommandIo, EXIT, writeTo } from '../command.ts';
import { givenDistrict } from '../given-config.ts';
import { createLog } from '../log.ts';

/** What the commands share that work on a district's registry from its machine, whether the district runs or not. */
export async function besideDistrict(
  configFile: string,
  io: CommandIo,
  work: (registry: RegistryAlone, config: DistrictConfig) => Promise<number>,
): Promise<number> {
  const config = await givenDistrict(configFile, io);
  if (config === undefined) return EXIT.failed;
  try {
    const registry = await openRegistryAlone({
      dataDir: config.dataDir,
      timeZone: config.timeZone,
      places: config.places,
      ...(config.database.url === undefined ? {} : { database: config.database.url }),
      ...(config.persons.keyFile === undefined ? {} : { personKeys: config.persons.keyFile }),
      clock: systemClock(),
      random: { bytes: (length) => new Uint8Array(randomBytes(length)) },
      log: createLog(config.log, io.error),
    });
    try {
      return await work(registry, config);
    } finally {
      await registry.close();
    }
  } catch (cause) {
    await writeTo(io.error, `menwei: ${cause instanceof Error ? cause.message : 'failed'}\n`);
    return EXIT.failed;
  }
}

/** A bar comes after a second, and only where somebody looks at a terminal. */
const BAR_AFTER_MS = 1_000;
const BAR_CELLS = 30;

export function progressBar(io: CommandIo): {
  readonly step: (rows: { readonly done: number; readonly of: number }) => void;
  readonly end: () => void;
} {
  const clock = systemClock();
  const from = clock.monotonic();
  let shown = false;
  return {
    step: ({ done, of }) => {
      if (!isTerminal(io) || clock.monotonic() - from < BAR_AFTER_MS) return;
      shown = true;
      const full = Math.floor((BAR_CELLS * done) / Math.max(1, of));
      io.error.write(`\r[${'#'.repeat(full)}${'.'.repeat(BAR_CELLS - full)}] ${done}/${of}`);
    },
    end: () => {
      if (shown) io.error.write('\r\u001b[K');
    },
  };
}

function isTerminal({ error }: CommandIo): boolean {
  return 'isTTY' in error && error.isTTY === true;
}
