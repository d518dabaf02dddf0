import { randomBytes } from 'node:crypto';
import type { DistrictConfig } from '../../../config/district.ts';
import { systemClock } from '../../../device/clock/index.ts';
import { systemdSupervisor } from '../../../device/os/index.ts';
import { type IngestWorker, startIngestWorker } from '../../district/index.ts';
import type { Log } from '../../ports/index.ts';
import { clientSettings } from '../broker/broker-settings.ts';
import { districtCrypto } from './district-service.ts';

/** A process beside the district that only stores what gates send, put together from the district's configuration. */
export async function startIngestWorkerService(
  config: DistrictConfig,
  log: Log,
): Promise<Pick<IngestWorker, 'stop'>> {
  const { district, dataDir, places, broker, database } = config;
  if (broker.type !== 'server')
    throw new Error('broker.type: a worker needs a broker that all processes reach; use a server');
  const supervisor = systemdSupervisor({
    notifySocket: process.env['NOTIFY_SOCKET'],
    watchdogMicroseconds: process.env['WATCHDOG_USEC'],
  });
  const worker = await startIngestWorker({
    district,
    dataDir,
    places,
    broker: clientSettings('broker', broker),
    shared: broker.shared,
    ...(database.url === undefined ? {} : { database: database.url }),
    crypto: districtCrypto(),
    clock: systemClock(),
    random: { bytes: (length) => new Uint8Array(randomBytes(length)) },
    log,
  });
  const { watchdogMs } = supervisor;
  const tell = () => {
    supervisor.alive();
    supervisor.status(worker.connected ? 'in order' : 'broker: not connected');
  };
  const beat = watchdogMs === undefined ? undefined : setInterval(tell, watchdogMs);
  supervisor.ready();
  return {
    stop: async () => {
      supervisor.stopping();
      clearInterval(beat);
      await worker.stop();
    },
  };
}
