import { spawn, spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from 'pg';
import type { Engines } from './engines.ts';

/** What the engines do without a district: rows into the same table by pgbench, messages by mosquitto_pub and mosquitto_sub. */

const BATCH_ROWS = 200;
const CONNECTIONS = 4;
/** About a row as it is sent. */
const MESSAGE_BYTES = 700;

/** @returns rows a second of multi-row inserts into a table like `journal_row`, its keys and indexes included */
export async function bareInsertRate(url: string, { folder }: Engines, seconds: number): Promise<number> {
  const client = new Client({ connectionString: url });
  await client.connect();
  await client.query('CREATE TABLE bare_row (LIKE journal_row INCLUDING ALL)');
  await client.end();
  const script = join(folder, 'bare.sql');
  writeFileSync(script, insertScript());
  const load = ['-n', '-M', 'prepared', '-f', script, '-c', String(CONNECTIONS), '-T', String(seconds)];
  const { stdout, status, stderr } = spawnSync('pgbench', [...load, url], { encoding: 'utf8' });
  const [, transactions] = /tps = ([\d.]+)/.exec(stdout) ?? [];
  if (status !== 0 || transactions === undefined) throw new Error(`pgbench: ${stderr.slice(-400)}`);
  return Number(transactions) * BATCH_ROWS;
}

/** A batch of one gate's rows in one statement and one transaction; the texts are as long as real ones. */
function insertScript(): string {
  return [
    '\\set gate random(1, 1000)',
    '\\set first random(1, 1000000000)',
    'INSERT INTO bare_row (gate, journal, seq, hash, previous_hash, digest, content, at, received_at)',
    "SELECT 'sim-' || :gate, md5(:gate::text), :first + n, encode(sha256((:first + n)::text::bytea), 'hex'),",
    "  encode(sha256((:first - n)::text::bytea), 'hex'), encode(sha256((n)::text::bytea), 'hex'), repeat('x', 400),",
    "  '2026-01-01T00:00:00.000Z', 1767225600000",
    `FROM generate_series(1, ${BATCH_ROWS}) AS n ON CONFLICT DO NOTHING;`,
    '',
  ].join('\n');
}

/** @returns messages a second through the broker, QoS 1, one publisher and one subscriber */
export async function bareMessageRate({ mqttPort }: Engines, messages: number): Promise<number> {
  const address = ['-h', '127.0.0.1', '-p', String(mqttPort), '-t', 'bare/line', '-q', '1'];
  const hearing = spawn('mosquitto_sub', [...address, '-C', String(messages)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  hearing.stdout.resume();
  const heard = new Promise<void>((resolve) => hearing.once('exit', () => resolve()));
  await new Promise((resolve) => setTimeout(resolve, 500));
  const from = performance.now();
  const saying = spawn('mosquitto_pub', [...address, '-l'], { stdio: ['pipe', 'ignore', 'inherit'] });
  saying.stdin.end(`${'x'.repeat(MESSAGE_BYTES)}\n`.repeat(messages));
  await heard;
  return (messages / (performance.now() - from)) * 1_000;
}
