import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { DistrictConfig } from '../../../config/district.ts';
import { systemClock } from '../../../device/clock/index.ts';
import { systemdSupervisor } from '../../../device/os/index.ts';
import { argon2id, ed25519Signer, sm2Signer } from '../../crypto/index.ts';
import { type District, type DistrictOptions, startDistrict } from '../../district/index.ts';
import type { ServerCertificate } from '../../http/index.ts';
import type { Log, Supervisor } from '../../ports/index.ts';
import { clientSettings } from '../broker/broker-settings.ts';
import { mosquittoOf } from '../broker/mosquitto-reload.ts';
import { readKeys } from '../update/state.ts';
import { signatureVerifier } from '../verify-signature.ts';

/** A district centre put together from its configuration, and told to whoever supervises it. */
export interface DistrictService {
  readonly district: District;
  stop(): Promise<void>;
}

export async function startDistrictService(config: DistrictConfig, log: Log): Promise<DistrictService> {
  const supervisor = systemdSupervisor({
    notifySocket: process.env['NOTIFY_SOCKET'],
    watchdogMicroseconds: process.env['WATCHDOG_USEC'],
  });
  const { district: name, dataDir, timeZone, communities, places, http } = config;
  const district = await startDistrict({
    district: name,
    dataDir,
    timeZone,
    communities,
    places,
    issuers: config.issuers,
    keyLeadSeconds: config.issuerLeadMinutes * 60,
    shortCodes: config.shortCodes,
    gateCertificateMs: config.gateCertificateHours * 3_600_000,
    retention: config.retention,
    reviews: config.reviews,
    ...makersOf(config),
    http: httpOf(config),
    broker: brokerOf(config),
    ...(config.database.url === undefined ? {} : { database: config.database.url }),
    ...(config.persons.keyFile === undefined ? {} : { personKeys: config.persons.keyFile }),
    publicUrls: {
      ...(http.publicUrl === undefined ? {} : { desk: http.publicUrl }),
      ...(config.broker.publicUrl === undefined ? {} : { broker: config.broker.publicUrl }),
    },
    crypto: districtCrypto(),
    clock: systemClock(),
    random: { bytes: (length) => new Uint8Array(randomBytes(length)) },
    log,
  });
  const { watchdogMs } = supervisor;
  const beat =
    watchdogMs === undefined ? undefined : setInterval(() => tell(supervisor, district), watchdogMs);
  supervisor.ready();
  return {
    district,
    stop: async () => {
      supervisor.stopping();
      clearInterval(beat);
      await district.stop();
    },
  };
}

/** Read anew each time: a maker's key may be added while the district runs. */
function makersOf({ updates }: DistrictConfig): Pick<DistrictOptions, 'makers'> {
  return updates === undefined ? {} : { makers: () => readKeys(updates.keys) };
}

/** Fed while the event loop turns: a broker that is away is not mended by a restart. */
function tell(supervisor: Supervisor, district: District): void {
  supervisor.alive();
  supervisor.status(district.connected ? 'in order' : 'broker: not connected');
}

export function districtCrypto(): DistrictOptions['crypto'] {
  return {
    argon2id,
    signer: (secret, suite = 1) =>
      suite === 1
        ? ed25519Signer(secret)
        : sm2Signer(secret, (length) => new Uint8Array(randomBytes(length))),
    verifySignature: signatureVerifier(),
  };
}

function httpOf({ http }: DistrictConfig): DistrictOptions['http'] {
  const { host, port, names, forwardedFor, metricsToken, tls } = http;
  return {
    host,
    port,
    hosts: names,
    forwardedFor,
    ...(metricsToken === undefined ? {} : { metricsToken }),
    ...certificateOf('http.tls', tls),
  };
}

function brokerOf({ broker }: DistrictConfig): DistrictOptions['broker'] {
  if (broker.type === 'server') {
    const settings = { ...clientSettings('broker', broker), shared: broker.shared };
    return broker.mosquitto === undefined
      ? settings
      : { ...settings, mosquitto: mosquittoOf(broker.mosquitto) };
  }
  const { host, port, tls } = broker;
  return tls === 'own' ? { host, port, ownTls: true } : { host, port, ...certificateOf('broker.tls', tls) };
}

function certificateOf(
  name: string,
  tls: { readonly certificate: string; readonly key: string } | undefined,
): { certificate?: ServerCertificate } {
  if (tls === undefined) return {};
  const read = (key: 'certificate' | 'key'): string => {
    try {
      return readFileSync(tls[key], 'utf8');
    } catch (cause) {
      const why = (cause as NodeJS.ErrnoException).code;
      throw new Error(`${name}.${key}: ${tls[key]} cannot be read (${why})`, { cause });
    }
  };
  return { certificate: { certificate: read('certificate'), key: read('key') } };
}
