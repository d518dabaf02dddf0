import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { memoryLog } from '../../../test/twins/broker.ts';
import { SteppedClock } from '../../../test/twins/clock.ts';
import { type Database, openDatabase } from '../database/database.ts';
import { takeProcessLock } from '../database/process-lock.ts';
import { Lead } from './lead.ts';

/** Who leads where the database is a file: a process is not thrown out by its own work. */

let folder: string;
let database: Database;
const leads: Lead[] = [];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'menwei-lead-'));
  database = await openDatabase(join(folder, 'district.sqlite'));
});
afterEach(async () => {
  for (const lead of leads.splice(0)) await lead.stop();
  await database.destroy();
  rmSync(folder, { recursive: true, force: true });
});

function open(worker: string, clock = new SteppedClock()) {
  const won: string[] = [];
  const lead = new Lead({
    database,
    worker,
    lockFile: join(folder, 'lead.lock'),
    clock,
    log: memoryLog(),
    onWon: async () => void won.push(worker),
  });
  leads.push(lead);
  return { lead, clock, won };
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

async function pass(clock: SteppedClock, seconds: number): Promise<void> {
  for (let second = 0; second < seconds; second += 1) {
    clock.step(1_000);
    await turn();
  }
}

describe('the lead of a district in a file', () => {
  test('is kept while one transaction holds the database for minutes', async () => {
    const { lead, clock } = open('first');
    expect(await lead.start()).toBe(true);
    const { promise, resolve } = Promise.withResolvers<void>();
    const busy = database.transaction().execute(() => promise);
    await pass(clock, 120);
    expect(lead.leads).toBe(true);
    resolve();
    await busy;
    expect(lead.leads).toBe(true);
  });

  test('is nobody else’s meanwhile, and the other’s within a second of the end', async () => {
    const first = open('first');
    await first.lead.start();
    const second = open('second');
    const started = second.lead.start();
    await pass(second.clock, 10);
    expect([await started, second.lead.leads]).toEqual([false, false]);
    await first.lead.stop();
    expect(first.lead.leads).toBe(false);
    await pass(second.clock, 2);
    expect([second.lead.leads, second.won]).toEqual([true, ['second']]);
  });

  test('ends with its process, killed as it is', async () => {
    const place = JSON.stringify(join(import.meta.dirname, '../database/process-lock.ts'));
    const path = join(folder, 'lead.lock');
    const source = `import { takeProcessLock } from ${place}; globalThis.lock = takeProcessLock(${JSON.stringify(path)}); console.log('held'); setInterval(() => globalThis.lock, 1_000);`;
    const child = spawn(process.execPath, ['--input-type=module', '--eval', source], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(child.stdout, 'data');
    expect(takeProcessLock(path)).toBeUndefined();
    const closed = once(child, 'close');
    child.kill('SIGKILL');
    await closed;
    const lock = takeProcessLock(path);
    expect(lock).toBeDefined();
    lock?.release();
  });
});
