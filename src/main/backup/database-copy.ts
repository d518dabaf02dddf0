import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/** One consistent copy of the district's database, made while it is written to; and a copy put back where nothing is. */
export type DatabasePlace =
  | { readonly kind: 'sqlite'; readonly dataDir: string }
  | { readonly kind: 'postgres'; readonly url: string };

export const COPY_NAMES = { sqlite: 'district.sqlite', postgres: 'district.dump' } as const;

export async function copyDatabase(place: DatabasePlace, target: string): Promise<void> {
  if (place.kind === 'postgres') {
    await postgresProgram('pg_dump', place.url, [
      '--format=custom',
      '--no-owner',
      '--no-acl',
      `--file=${target}`,
    ]);
    return;
  }
  const file = join(place.dataDir, COPY_NAMES.sqlite);
  if (!existsSync(file))
    throw new Error('dataDir: there is no database; is this the district’s configuration?');
  const database = new DatabaseSync(file, { timeout: 10_000 });
  try {
    // As of one moment, however much is written meanwhile.
    database.prepare('VACUUM INTO ?').run(target);
  } finally {
    database.close();
  }
}

/** @throws when there is anything already, or the client programs are not there */
export async function requireEmpty(place: DatabasePlace): Promise<void> {
  if (place.kind === 'sqlite') {
    for (const name of ['', '-wal', '-shm'])
      if (existsSync(join(place.dataDir, `${COPY_NAMES.sqlite}${name}`)))
        throw new Error(
          'dataDir: a database is there already, and nothing is overwritten; name an empty folder',
        );
    return;
  }
  const schema = await postgresProgram('pg_dump', place.url, ['--schema-only', '--no-owner', '--no-acl']);
  if (/^CREATE (TABLE|SEQUENCE|VIEW)/m.test(schema))
    throw new Error(
      'database.url: the database has tables already, and nothing is overwritten; make an empty one',
    );
}

export async function restorePostgres(url: string, dump: string): Promise<void> {
  const options = ['--no-owner', '--no-acl', '--single-transaction', '--exit-on-error'];
  await postgresProgram('pg_restore', url, [...options, `--dbname=${databaseOf(url)}`, dump]);
}

/** Name, password and host go by the environment: arguments are seen by every user of the machine. */
function postgresProgram(program: string, url: string, options: readonly string[]): Promise<string> {
  const { hostname, port, username, password } = new URL(url);
  const environment = {
    PATH: process.env['PATH'],
    PGHOST: decodeURIComponent(hostname),
    ...(port === '' ? {} : { PGPORT: port }),
    ...(username === '' ? {} : { PGUSER: decodeURIComponent(username) }),
    ...(password === '' ? {} : { PGPASSWORD: decodeURIComponent(password) }),
    PGDATABASE: databaseOf(url),
    ...sslOf(url),
  };
  return new Promise((resolve, reject) => {
    const child = spawn(program, options, { env: environment, stdio: ['ignore', 'pipe', 'pipe'] });
    const said = { output: '', error: '' };
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      said.output += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      said.error = (said.error + text).slice(-ERROR_UNITS_MAX);
    });
    child.once('error', (cause) => reject(cannotRun(program, cause)));
    child.once('close', (code) => {
      if (code === 0) resolve(said.output);
      else reject(new Error(`${program}: ${said.error.trim()}`));
    });
  });
}

const ERROR_UNITS_MAX = 2_000;

function databaseOf(url: string): string {
  return decodeURIComponent(new URL(url).pathname.slice(1));
}

function sslOf(url: string): Record<string, string> {
  const mode = new URL(url).searchParams.get('sslmode');
  return mode === null ? {} : { PGSSLMODE: mode };
}

function cannotRun(program: string, cause: NodeJS.ErrnoException): Error {
  const why =
    cause.code === 'ENOENT'
      ? 'is not installed here; install PostgreSQL’s client programs (on Debian: apt-get install postgresql-client)'
      : `cannot be run (${cause.code ?? cause.message})`;
  return new Error(`${program}: ${why}`, { cause });
}
