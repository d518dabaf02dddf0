import { randomBytes } from 'node:crypto';
import type { DistrictConfig } from '../../../config/district.ts';
import { systemClock } from '../../../device/clock/index.ts';
import { type Desk, openDeskAlone } from '../../district/index.ts';
import type { CommandIo } from '../command.ts';
import { createLog } from '../log.ts';
import { districtCrypto } from './district-service.ts';

/** A district's accounts and audit log from its machine, whether the district runs or not. */
export async function besideDesk<Value>(
  { dataDir, database }: DistrictConfig,
  io: CommandIo,
  work: (desk: Desk) => Promise<Value>,
): Promise<Value> {
  const opened = await openDeskAlone({
    dataDir,
    ...(database.url === undefined ? {} : { database: database.url }),
    crypto: districtCrypto(),
    clock: systemClock(),
    random: { bytes: (length) => new Uint8Array(randomBytes(length)) },
    log: createLog('warn', io.error),
  });
  try {
    return await work(opened.desk);
  } finally {
    await opened.close();
  }
}
