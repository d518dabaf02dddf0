import { pbkdf2 } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import type { Clock, Log, Random } from '../../ports/index.ts';
import { GATE_CHANNEL_RULES, GATE_CHANNELS, gateTopic, usedTopic } from '../../wire/index.ts';
import type { Database } from '../database/database.ts';
import { type Authority, DISTRICT_USER } from '../gates/authority.ts';
import type { GateCertificates } from '../gates/certificates.ts';
import { serverCertificate } from './server-certificate.ts';
import { writeWhole } from '../gates/whole-file.ts';

/**
 * What a mosquitto needs to know of the district's gates, as files: who may enter, which topics are whose, which
 * certificates are over. Each gate has its own rules by name, so that one that is gone has none, on an open connection too.
 */
export interface MosquittoOptions {
  /** Where the files lie, as mosquitto sees it. */
  readonly folder: string;
  readonly district: string;
  /** Names and addresses under which gates and the district reach the broker. */
  readonly names: readonly string[];
  readonly port: number;
  /** A second listener, for gates that were given a password. */
  readonly passwordPort?: number;
  /** Gates may make themselves known to a Home Assistant. */
  readonly homeAssistant: boolean;
}

export interface MosquittoParts extends MosquittoOptions {
  readonly database: Database;
  readonly authority: Authority;
  readonly certificates: GateCertificates;
  readonly clock: Clock;
  readonly log: Log;
  /** Has the broker read its files again. @throws when it cannot be told */
  readonly reload?: () => Promise<void>;
}

interface AdmittedGate {
  readonly id: string;
  readonly community: number;
  readonly broker_hash: string | null;
}

/** mosquitto.conf(5): files that the broker reads, and nobody else but the group that it runs in. */
const FILE_MODE = 0o640;

/** Writes what has changed, each file whole. @returns whether anything had */
export async function writeMosquittoFiles(parts: MosquittoParts): Promise<boolean> {
  const { folder, names, log, reload } = parts;
  await mkdir(folder, { recursive: true, mode: 0o750 });
  const server = await serverCertificate({ ...parts, folder, names });
  const gates = await admittedGates(parts.database);
  const files: Readonly<Record<string, string>> = {
    'authorities.pem': (await parts.certificates.authorities()).join(''),
    'revoked.pem': await stableRevocations(parts),
    passwords: gates
      .flatMap(({ id, broker_hash: kept }) => (kept === null ? [] : [`${id}:${kept}\n`]))
      .join(''),
    acl: accessRules(parts, gates),
    'menwei.conf': configuration(parts),
  };
  const changed: string[] = server.isNew ? ['server.pem'] : [];
  for (const [name, text] of Object.entries(files)) {
    if ((await textOf(join(folder, name))) === text) continue;
    await writeWhole(join(folder, name), text, FILE_MODE);
    changed.push(name);
  }
  if (changed.length === 0) return false;
  log.info({ files: changed.join(' ') }, 'the broker’s files were written');
  await reload?.();
  return true;
}

/** `$7$`: PBKDF2 with SHA-512, as mosquitto_passwd(1) writes it. The password is 24 random bytes, so few rounds do. */
export async function brokerHash(password: string, random: Random): Promise<string> {
  const salt = random.bytes(SALT_BYTES);
  const key = await promisify(pbkdf2)(password, salt, ROUNDS, KEY_BYTES, 'sha512');
  return `$7$${ROUNDS}$${Buffer.from(salt).toString('base64')}$${key.toString('base64')}`;
}

const SALT_BYTES = 12;
const KEY_BYTES = 64;
const ROUNDS = 101;

function admittedGates(database: Database): Promise<AdmittedGate[]> {
  return database
    .selectFrom('gate')
    .leftJoin('gate_life', 'gate_life.gate', 'gate.id')
    .select(['gate.id', 'gate.community', 'gate_life.broker_hash'])
    .where('gate_life.state', 'is', null)
    .orderBy('gate.id')
    .execute();
}

/** A list is signed anew only when what it lists is another: its signature differs each time. */
async function stableRevocations({
  folder,
  certificates,
  database,
  authority,
}: MosquittoParts): Promise<string> {
  const rows = await database
    .selectFrom('gate_certificate')
    .select('serial')
    .where('revoked_at', 'is not', null)
    .orderBy('serial')
    .execute();
  const chain = await authority.chain();
  const head = `# ${rows.map(({ serial }) => serial).join(' ')} of ${chain.length}\n`;
  const before = await textOf(join(folder, 'revoked.pem'));
  return before?.startsWith(head) === true ? before : `${head}${await certificates.revocations()}`;
}

/** mosquitto.conf(5), acl_file: what is not allowed here is refused. */
function accessRules({ district, homeAssistant }: MosquittoParts, gates: readonly AdmittedGate[]): string {
  const own = [`user ${DISTRICT_USER}`, `topic readwrite menwei/1/${district}/#`, ''];
  const rules = gates.flatMap(({ id, community }) => [
    `user ${id}`,
    ...GATE_CHANNELS.map((channel) => {
      const does = GATE_CHANNEL_RULES[channel].by === 'gate' ? 'write' : 'read';
      return `topic ${does} ${gateTopic(district, id, channel)}`;
    }),
    `topic read menwei/1/${district}/trust/+`,
    `topic readwrite ${usedTopic(district, community)}`,
    ...(homeAssistant ? [`topic write homeassistant/+/menwei-${district}-${id}/+/config`] : []),
    '',
  ]);
  return [HEADER, ...own, ...rules].join('\n');
}

const HEADER = '# Written by the district; what is changed here by hand is overwritten.';

function configuration({ folder, port, passwordPort }: MosquittoParts): string {
  const at = (name: string) => join(resolve(folder), name);
  const tls = (listener: number) => [
    `listener ${listener}`,
    `certfile ${at('server.pem')}`,
    `keyfile ${at('server-key.pem')}`,
    'tls_version tlsv1.2',
  ];
  return [
    HEADER,
    '# In mosquitto.conf: include_dir, or a copy of these lines.',
    'per_listener_settings false',
    'allow_anonymous false',
    // Else it holds back a second small message until the first one is confirmed, which takes up to 40 ms.
    'set_tcp_nodelay true',
    `acl_file ${at('acl')}`,
    `password_file ${at('passwords')}`,
    '',
    ...tls(port),
    `cafile ${at('authorities.pem')}`,
    `crlfile ${at('revoked.pem')}`,
    'require_certificate true',
    'use_identity_as_username true',
    ...(passwordPort === undefined ? [] : ['', ...tls(passwordPort)]),
    '',
  ].join('\n');
}

async function textOf(path: string): Promise<string | undefined> {
  return readFile(path, 'utf8').catch((fault: unknown) => {
    if (fault instanceof Error && 'code' in fault && fault.code === 'ENOENT') return undefined;
    throw fault;
  });
}
