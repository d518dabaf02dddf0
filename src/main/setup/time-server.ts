import {
  accessSync,
  closeSync,
  constants,
  copyFileSync,
  existsSync,
  fchmodSync,
  fsyncSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { synchronisation } from '../../../device/clock/index.ts';
import { isTimeServer, type SetupNetwork, type SetupTime } from '../../wire/index.ts';
import { codeOf } from '../doctor/machine-view.ts';
import type { Programs } from './programs.ts';

/**
 * By whom the machine's clock is set: what its time service says, and a server of the site's own where this service may name
 * one, which is one line of a file that chrony reads. Nothing but a server's name or address ever gets into that file.
 */
export interface TimeParts {
  readonly programs: Programs;
  /** `/` but in tests. */
  readonly root: string;
  /** What proves the time to this gate is the machine's time service (`clock.trustSystemTime`). */
  readonly isBelieved: () => boolean;
}

type Seen = SetupNetwork['timeServer'];

/** On the image: menwei-time-sources.path has chrony read it anew. */
const OWN_FOLDER = 'data/time-sources';
const OWN_FILE = 'site.sources';
/** Debian's. */
const CHRONY_FOLDER = 'etc/chrony';
const SERVER_LINE = /^\s*(?:server|pool|peer)\s+(?<name>\S+)(?<options>.*)$/m;

export async function lookAtTime(parts: TimeParts): Promise<Seen> {
  const { programs, root, isBelieved } = parts;
  const { synchronised } = synchronisation();
  const common = { synchronised, mustProve: isBelieved() };
  if (!isChrony(parts)) {
    const name = (await serverOfTimesyncd(programs)) ?? timesyncdSetting(root);
    const service = existsSync(join(root, 'etc/systemd/timesyncd.conf')) ? 'timesyncd' : 'none';
    return { ...common, service, canSet: false, ...(name === undefined ? {} : { name }) };
  }
  const [name, own] = [await serverOfChrony(programs), ownServer(root)];
  return {
    ...common,
    service: 'chrony',
    canSet: isWritable(join(root, OWN_FOLDER)),
    ...(name === undefined ? {} : { name }),
    ...(own === undefined ? {} : { own }),
  };
}

/** @returns what went wrong */
export function setTime(wanted: SetupTime, parts: TimeParts): string | undefined {
  const folder = join(parts.root, OWN_FOLDER);
  if (!isChrony(parts) || !isWritable(folder))
    return 'server: this machine’s time server is set by hand; see docs/appliance.md';
  if (wanted.method === 'own' && !wanted.nts && parts.isBelieved())
    return 'nts: this gate believes its machine’s time (clock.trustSystemTime), so the server must prove itself; choose NTS';
  try {
    if (wanted.method === 'own') replace(folder, lineOf(wanted));
    else rmSync(join(folder, OWN_FILE), { force: true });
    return undefined;
  } catch (cause) {
    return `server: its file cannot be written (${codeOf(cause)}); run menwei doctor`;
  }
}

/**
 * chrony.conf(5), authselectmode: beside servers with NTS one without is never followed, not even when they are out of reach,
 * unless it is trusted by name. With NTS it is so by itself.
 */
function lineOf({ server, nts }: Extract<SetupTime, { readonly method: 'own' }>): string {
  return `# Written by the gate's set-up page.\nserver ${server} iburst ${nts ? 'nts' : 'trust require'}\n`;
}

/** Read by chrony as another user, so it is open to all; what stood there before is kept under a name that chrony passes over. */
function replace(folder: string, text: string): void {
  const file = join(folder, OWN_FILE);
  if (existsSync(file) && readOr(file) !== text) copyFileSync(file, `${file}.before`);
  const draft = `${file}.new`;
  const descriptor = openSync(draft, 'w', 0o644);
  try {
    fchmodSync(descriptor, 0o644);
    writeSync(descriptor, text);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
  renameSync(draft, file);
}

function isChrony({ programs, root }: TimeParts): boolean {
  return programs.has('chronyc') && [OWN_FOLDER, CHRONY_FOLDER].some((each) => existsSync(join(root, each)));
}

/** What it follows: `*` in the second column of its list (chronyc(1), sources). */
async function serverOfChrony(programs: Programs): Promise<string | undefined> {
  const list = (await programs.run('chronyc', ['-c', '-N', 'sources'])) ?? '';
  return named(/^[\^=#],\*,(?<name>[^,\n]+),/m.exec(list)?.groups?.['name']);
}

async function serverOfTimesyncd(programs: Programs): Promise<string | undefined> {
  if (!programs.has('timedatectl')) return undefined;
  const said = await programs.run('timedatectl', ['show-timesync', '--property=ServerName', '--value']);
  return named(said?.trim());
}

function timesyncdSetting(root: string): string | undefined {
  return named(
    /^\s*NTP=(?<name>\S+)/m.exec(readOr(join(root, 'etc/systemd/timesyncd.conf')))?.groups?.['name'],
  );
}

function ownServer(root: string): Seen['own'] {
  const { name, options = '' } = SERVER_LINE.exec(readOr(join(root, OWN_FOLDER, OWN_FILE)))?.groups ?? {};
  const server = named(name);
  return server === undefined ? undefined : { server, nts: /\snts(?:\s|$)/.test(options) };
}

/** What others wrote is shown only where it is a name. */
const named = (name: string | undefined): string | undefined =>
  name !== undefined && isTimeServer(name) ? name : undefined;

function readOr(file: string): string {
  try {
    return readFileSync(file, 'utf8').slice(0, FILE_MAX);
  } catch {
    return '';
  }
}

const FILE_MAX = 16_384;

function isWritable(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK | constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
