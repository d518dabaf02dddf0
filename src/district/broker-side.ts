import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { toHex } from '../base/index.ts';
import { createLink, type LinkSettings } from '../link/index.ts';
import { type Admitted, startBroker } from './centre/broker.ts';
import { type MosquittoOptions, writeMosquittoFiles } from './centre/mosquitto.ts';
import { serverCertificate } from './centre/server-certificate.ts';
import { type Database, openDatabase } from './database/database.ts';
import { type Authority, DISTRICT_USER, openAuthority } from './gates/authority.ts';
import { GateCertificates } from './gates/certificates.ts';
import type { GateBroker } from './gates/enrolment.ts';
import type { KeyRing } from './keys/key-ring.ts';
import { RELOAD_SETTLES_MS, THROW_OUT_WITHIN_MS } from './limits.ts';
import type { DistrictOptions, EmbeddedBroker, ServerBroker } from './options.ts';
import type { Registry } from './registry/registry.ts';

/**
 * The district's broker, its own one or a server: how the district itself gets in, what gates are told of it, and how
 * somebody is kept out of it. Who may enter is decided by the registry alone.
 */
export interface BrokerSide {
  readonly settings: Omit<LinkSettings, 'clientId'>;
  readonly url: string;
  readonly certificates: GateCertificates;
  gateBroker(): GateBroker;
  /** Gates were enrolled or ended, or time has passed: what the broker knows of them follows. */
  refresh(): Promise<void>;
  throwOut(gate: string): Promise<void>;
  close(): Promise<void>;
}

interface Ground {
  readonly database: Database;
  readonly registry: Registry;
  readonly keys: KeyRing;
}

interface Certified extends Ground {
  readonly authority: Authority;
  readonly certificates: GateCertificates;
}

export async function openBrokerSide(options: DistrictOptions, ground: Ground): Promise<BrokerSide> {
  const { dataDir, broker } = options;
  const authority = await openAuthority({ ...options, folder: join(dataDir, 'keys') });
  const signer = () => ground.keys.signers.ack;
  const certificates = new GateCertificates({ ...options, ...ground, authority, signer });
  const certified = { ...ground, authority, certificates };
  return 'url' in broker ? serverSide(options, broker, certified) : embeddedSide(options, broker, certified);
}

/** The same files once, without a running district: for a broker on another machine, or before the first start. */
export async function writeBrokerFiles(
  options: Pick<DistrictOptions, 'district' | 'dataDir' | 'database' | 'clock' | 'random' | 'log'> & {
    readonly mosquitto: Omit<MosquittoOptions, 'district' | 'names'>;
    readonly urls: readonly (string | undefined)[];
  },
): Promise<void> {
  const { dataDir, mosquitto, urls, log } = options;
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  const database = await openDatabase(options.database ?? join(dataDir, 'district.sqlite'), log);
  try {
    const authority = await openAuthority({ ...options, folder: join(dataDir, 'keys') });
    const signer = () => {
      throw new Error('invariant broken: nothing is signed for a gate here');
    };
    const certificates = new GateCertificates({ ...options, database, authority, signer });
    await writeMosquittoFiles({
      ...options,
      ...mosquitto,
      database,
      authority,
      certificates,
      names: namesOf(urls),
    });
  } finally {
    await database.destroy();
  }
}

async function embeddedSide(
  options: DistrictOptions,
  wanted: EmbeddedBroker,
  { authority, certificates, registry }: Certified,
): Promise<BrokerSide> {
  const { dataDir, district, random, log, clock } = options;
  const folder = join(dataDir, 'keys', 'broker');
  const names = namesOf([`mqtts://${wanted.host}`, options.publicUrls?.broker]);
  const made = () => serverCertificate({ folder, names, authority, clock });
  const certificate = wanted.certificate ?? (wanted.ownTls === true ? await made() : undefined);
  const own = toHex(random.bytes(24));
  const asGate = async (id: string): Promise<Admitted | undefined> => {
    const gate = await registry.gate(id);
    return gate && { as: 'gate', gate: gate.id, community: gate.community };
  };
  const broker = await startBroker({
    ...wanted,
    ...(certificate === undefined ? {} : { certificate }),
    district,
    admit: async (username, password) => {
      if (username === DISTRICT_USER) return password === own ? { as: 'district' } : undefined;
      return (await registry.gateHasPassword(username, password)) ? asGate(username) : undefined;
    },
    clients: {
      authorities: () => certificates.authorities(),
      admit: async (gate, serial) => ((await certificates.holds(gate, serial)) ? asGate(gate) : undefined),
    },
    log,
  });
  const url = `${certificate === undefined ? 'mqtt' : 'mqtts'}://${wanted.host}:${broker.port}`;
  let authorities = await certificates.authorities();
  return {
    settings: { url: broker.ownUrl, username: DISTRICT_USER, password: own, protocolVersion: 4 },
    url,
    certificates,
    gateBroker: () => ({
      url: options.publicUrls?.broker ?? url,
      protocolVersion: 4,
      takesCertificates: certificate !== undefined,
      ...(wanted.ownTls === true ? { authorities } : {}),
    }),
    refresh: async () => {
      authorities = await certificates.authorities();
      if (certificate !== undefined) await broker.renew(wanted.certificate ?? (await made()));
    },
    throwOut: (gate) => Promise.resolve(broker.throwOut(gate)),
    close: () => broker.close(),
  };
}

async function serverSide(
  options: DistrictOptions,
  { mosquitto, ...given }: ServerBroker,
  certified: Certified,
): Promise<BrokerSide> {
  const { authority, certificates } = certified;
  const names = namesOf([given.url, options.publicUrls?.broker]);
  const isOurs = mosquitto !== undefined;
  const own = isOurs ? await ownCredentials(authority, options) : undefined;
  const settings = own === undefined ? given : { ...given, tls: own.tls };
  let authorities = await certificates.authorities();
  const write = async () => {
    if (mosquitto !== undefined) await writeMosquittoFiles({ ...options, ...certified, ...mosquitto, names });
  };
  const refresh = async () => {
    authorities = await certificates.authorities();
    await own?.renew();
    await write();
  };
  // A broker that cannot be told now is told again at the next refresh; the district itself goes on.
  const refreshed = () =>
    refresh().catch((fault: unknown) =>
      options.log.error({ fault: reasonOf(fault) }, 'the broker could not be told who may enter'),
    );
  await refreshed();
  return {
    settings,
    url: given.url,
    certificates,
    gateBroker: () => ({
      url: options.publicUrls?.broker ?? given.url,
      protocolVersion: given.protocolVersion,
      takesCertificates: isOurs,
      ...pinned(given, isOurs ? authorities : undefined),
    }),
    refresh: refreshed,
    throwOut: async (gate) => {
      await refreshed();
      if (!isOurs) options.log.warn({ gate }, 'the broker is another’s: take the gate’s rights away there');
      await takeOver(options, settings, gate);
    },
    close: () => Promise.resolve(),
  };
}

/** What a gate is to trust: the authority that the district itself was told to trust there, or its own. */
function pinned(
  { tls }: Pick<LinkSettings, 'tls'>,
  own: readonly string[] | undefined,
): { readonly authorities?: readonly string[] } {
  const named = typeof tls === 'object' ? tls.authority : undefined;
  if (own !== undefined) return { authorities: own };
  return named === undefined ? {} : { authorities: [named] };
}

async function ownCredentials(authority: Authority, { clock }: DistrictOptions) {
  const make = async () => {
    const { certificate, key } = await authority.own();
    return { tls: { authority: (await authority.chain()).join(''), certificate, key }, madeAt: clock.wall() };
  };
  let current = await make();
  return {
    tls: () => current.tls,
    renew: async () => {
      if (clock.wall() - current.madeAt > OWN_RENEWED_AFTER_MS) current = await make();
    },
  };
}

const OWN_RENEWED_AFTER_MS = 30 * 86_400_000;

/** A second client of the same id ends the first one's connection (MQTT 5, 3.1.4-3), on every broker. */
async function takeOver(
  { district, clock, random, log }: DistrictOptions,
  settings: Omit<LinkSettings, 'clientId'>,
  gate: string,
): Promise<void> {
  // The broker reads its files again in its own time.
  await new Promise<void>((resolve) => void clock.after(RELOAD_SETTLES_MS, resolve));
  let connected: () => void = () => undefined;
  const link = createLink({
    settings: { ...settings, clientId: `menwei-${district}-${gate}` },
    subscriptions: [],
    onConnect: () => connected(),
    onDisconnect: () => undefined,
    onMessage: () => undefined,
    clock,
    random,
    log,
  });
  await new Promise<void>((resolve) => {
    const cancel = clock.after(THROW_OUT_WITHIN_MS, resolve);
    connected = () => {
      cancel();
      resolve();
    };
    link.start();
  });
  await link.stop();
}

/** Host names of addresses, and this machine’s own. */
function namesOf(urls: readonly (string | undefined)[]): string[] {
  const hosts = urls.flatMap((url) =>
    url === undefined ? [] : [new URL(url).hostname.replace(/^\[|\]$/g, '')],
  );
  return [...new Set([...hosts, 'localhost', '127.0.0.1'])];
}

function reasonOf(fault: unknown): string {
  return fault instanceof Error ? fault.message : 'unknown';
}
