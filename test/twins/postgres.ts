import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until } from './broker.ts';
import { freePort } from './ports.ts';

/** A real PostgreSQL server on a free port, with data of its own; it can be stopped and started again on the same port. */
export interface Postgres {
  /** @returns the address of a fresh, empty database */
  newDatabase(): string;
  start(): Promise<void>;
  stop(): Promise<void>;
  /** Stops it and removes everything. */
  remove(): Promise<void>;
}

/** PostgreSQL refuses to run as root: then it runs as the user that Debian's package makes. */
const USER = 'postgres';
const VERSIONS = '/usr/lib/postgresql';

/** @param durable it syncs, as in earnest; a test that needs no power cut runs without */
export async function startPostgres({ durable = false } = {}): Promise<Postgres> {
  const folder = mkdtempSync(join(tmpdir(), 'menwei-postgres-'));
  const [programs, owner, port] = [programsFolder(), ownerOf(folder), await freePort()];
  const data = join(folder, 'data');
  const call = (program: string, ...args: readonly string[]) => {
    const done = spawnSync(join(programs, program), args, { ...owner, cwd: folder, encoding: 'utf8' });
    if (done.status !== 0) throw new Error(`${program}: ${done.error?.message ?? done.stderr}`);
  };
  call('initdb', '-D', data, '-A', 'trust', '-U', 'menwei', '-E', 'UTF8', '--locale=C', '--no-sync');
  let server: ChildProcess | undefined;
  let databases = 0;
  const postgres: Postgres = {
    newDatabase: () => {
      databases += 1;
      const name = `test_${databases}`;
      call('createdb', '-h', '127.0.0.1', '-p', String(port), '-U', 'menwei', name);
      return `postgres://menwei@127.0.0.1:${port}/${name}`;
    },
    start: async () => {
      const settings = [`port=${port}`, 'listen_addresses=127.0.0.1', `unix_socket_directories=${folder}`];
      const args = [
        '-D',
        data,
        ...(durable ? [] : ['-F']),
        ...settings.flatMap((setting) => ['-c', setting]),
      ];
      server = spawn(join(programs, 'postgres'), args, { ...owner, cwd: folder, stdio: 'ignore' });
      // It listens some time before it answers.
      await until(() => answers(programs, port), 'PostgreSQL answers', 60_000);
    },
    stop: async () => {
      const running = server;
      server = undefined;
      if (running === undefined || running.exitCode !== null) return;
      const ended = new Promise((resolve) => running.once('exit', resolve));
      // SIGINT is its fast shutdown: clients are cut, nothing is lost.
      running.kill('SIGINT');
      await ended;
    },
    remove: async () => {
      await postgres.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
  await postgres.start();
  return postgres;
}

function programsFolder(): string {
  const versions = existsSync(VERSIONS) ? readdirSync(VERSIONS).sort((a, b) => Number(b) - Number(a)) : [];
  const found = versions.map((version) => join(VERSIONS, version, 'bin'));
  const folder = [...found, '/usr/local/bin', '/usr/bin'].find((each) => existsSync(join(each, 'initdb')));
  if (folder === undefined)
    throw new Error('PostgreSQL is not installed (on Debian: apt-get install postgresql)');
  return folder;
}

function ownerOf(folder: string): { uid?: number; gid?: number } {
  if (process.getuid?.() !== 0) return {};
  const [uid, gid] = ['-u', '-g'].map((which) => {
    const { status, stdout } = spawnSync('id', [which, USER], { encoding: 'utf8' });
    if (status !== 0) throw new Error(`PostgreSQL does not run as root, and there is no user ${USER}`);
    return Number(stdout);
  }) as [number, number];
  chownSync(folder, uid, gid);
  return { uid, gid };
}

/** Beside the test, which may be serving somebody. */
async function answers(programs: string, port: number): Promise<boolean> {
  const asking = spawn(join(programs, 'pg_isready'), ['-q', '-h', '127.0.0.1', '-p', String(port)]);
  const [code] = (await once(asking, 'exit')) as [number | null];
  return code === 0;
}
