import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { memoryLog } from '../../../test/twins/broker.ts';
import { SteppedClock } from '../../../test/twins/clock.ts';
import { ok } from '../../base/index.ts';
import type { ProxyUse, UpdateTold } from '../../wire/index.ts';
import { GateUpdates } from './gate-updates.ts';
import type { Judged } from './release.ts';
import { obey, readOutcome, tellOutcome, type UpdaterDeeds } from './requested.ts';
import { noteNext, readState, takeSettled, writeState } from './state.ts';

/** An ordered update, from the gate's request to the row that tells what came of it, with both of its ends. */

const FROM = 'https://releases.example/menwei/';
const COMMAND = 'c'.repeat(32);

let place: string;
let folder: string;
let updater: string;
let clock: SteppedClock;
let rows: UpdateTold[];
let isJournalThere: boolean;
let changes: number;
let proxy: ProxyUse | undefined;

beforeEach(() => {
  place = mkdtempSync(join(tmpdir(), 'menwei-ordered-'));
  folder = join(place, 'gate', 'update');
  updater = join(place, 'updater');
  mkdirSync(updater);
  clock = new SteppedClock();
  rows = [];
  isJournalThere = true;
  changes = 0;
  proxy = undefined;
});
afterEach(() => rmSync(place, { recursive: true }));

function startGate(from: string | null = FROM): GateUpdates {
  const gate = new GateUpdates({
    folder,
    updater,
    from: from ?? undefined,
    proxy: () => proxy,
    tell: (told) => {
      if (isJournalThere) rows.push(told);
      return isJournalThere;
    },
    changed: () => {
      changes += 1;
    },
    clock,
    log: memoryLog(),
  });
  gate.start();
  return gate;
}

const request = () => join(folder, 'request.json');
const asked = () => JSON.parse(readFileSync(request(), 'utf8')) as unknown;

function order(gate: GateUpdates, release = 7, command = COMMAND): void {
  gate.order({ command, release });
  clock.step(0);
}

describe('a gate that is ordered to update', () => {
  it('asks its machine’s updater once, for a number, from where its own configuration says', () => {
    const gate = startGate();
    order(gate);
    expect(asked()).toEqual({ command: COMMAND, release: 7, from: FROM });
    order(gate, 8, 'd'.repeat(32));
    expect(asked()).toMatchObject({ release: 7 });
    expect(rows).toEqual([{ release: 8, outcome: 'refused', why: 'busy' }]);
  });

  it('tells the updater the proxy through which this machine asks', async () => {
    proxy = { url: 'http://proxy.example:3128', username: 'north-1', password: 'a:b%c', direct: [] };
    order(startGate());
    expect(asked()).toEqual({ command: COMMAND, release: 7, from: FROM, proxy });
    const refused = async () => ({ ok: false, error: 'address' }) as const;
    const obeyed = await obey(folder, updater, { judge: refused, bring: refused, install: () => 'done' });
    expect(obeyed?.request.proxy).toEqual(proxy);
  });

  it('writes down what came of it, once, and is ready for the next', () => {
    const gate = startGate();
    order(gate);
    tellOutcome(updater, { number: 7, last: { command: COMMAND, release: 7, outcome: 'done' } });
    clock.step(20_000);
    expect(rows).toEqual([{ release: 7, outcome: 'done' }]);
    expect(existsSync(request())).toBe(false);
    expect([gate.release, changes]).toEqual([7, 1]);
    order(gate, 8, 'd'.repeat(32));
    expect(asked()).toMatchObject({ release: 8 });
  });

  it('goes on with it after a restart in the middle', () => {
    const before = startGate();
    order(before);
    before.stop();
    tellOutcome(updater, { number: 6, last: { command: COMMAND, release: 7, outcome: 'back' } });
    startGate();
    expect(rows).toEqual([{ release: 7, outcome: 'back' }]);
  });

  it('asks once more after a restart before there was an answer, for a power cut also ended the updater', () => {
    const before = startGate();
    order(before);
    before.stop();
    const written = statSync(request());
    const gate = startGate();
    expect(statSync(request()).ino).not.toBe(written.ino);
    expect(asked()).toEqual({ command: COMMAND, release: 7, from: FROM });
    tellOutcome(updater, { number: 7, last: { command: COMMAND, release: 7, outcome: 'done' } });
    clock.step(20_000);
    expect(rows).toEqual([{ release: 7, outcome: 'done' }]);
    gate.stop();
    startGate();
    expect(existsSync(request())).toBe(false);
  });

  it('asks again while there is no answer, since an updater that runs does not hear of it, and never often', () => {
    const gate = startGate();
    order(gate);
    const asks = new Set([statSync(request()).ino]);
    let changed = 0;
    for (let seconds = 0; seconds < 39 * 60; seconds += 5) {
      clock.step(5_000);
      const { ino } = statSync(request());
      if (!asks.has(ino)) changed += 1;
      asks.clear();
      asks.add(ino);
    }
    expect(changed).toBe(7);
    expect(asked()).toMatchObject({ command: COMMAND, release: 7 });
    tellOutcome(updater, { number: 7, last: { command: COMMAND, release: 7, outcome: 'done' } });
    clock.step(600_000);
    expect(rows).toEqual([{ release: 7, outcome: 'done' }]);
    expect(existsSync(request())).toBe(false);
  });

  it('loses no outcome while its journal cannot be written', () => {
    const gate = startGate(null);
    isJournalThere = false;
    order(gate);
    clock.step(10_000);
    isJournalThere = true;
    clock.step(10_000);
    expect(rows).toEqual([{ release: 7, outcome: 'refused', why: 'not-configured' }]);
  });

  it('says that it has no updater, or none that answers', () => {
    rmSync(updater, { recursive: true });
    const gate = startGate();
    expect(gate.release).toBeUndefined();
    order(gate);
    mkdirSync(updater);
    order(gate, 8);
    clock.step(41 * 60_000);
    expect(rows).toEqual([
      { release: 7, outcome: 'refused', why: 'no-updater' },
      { release: 8, outcome: 'refused', why: 'no-answer' },
    ]);
    expect(existsSync(request())).toBe(false);
  });

  it('believes no outcome of another order, and none that is damaged', () => {
    const gate = startGate();
    order(gate);
    tellOutcome(updater, { number: 6, last: { command: 'e'.repeat(32), release: 7, outcome: 'done' } });
    clock.step(10_000);
    writeFileSync(join(updater, 'outcome.json'), '{"number":-1}');
    clock.step(10_000);
    expect(rows).toEqual([]);
  });
});

describe('the updater that is asked', () => {
  const judged = { manifest: { number: 7, version: '1.2.0-1' } } as Judged;
  let done: string[];
  const deeds = (more: Partial<UpdaterDeeds> = {}): UpdaterDeeds => ({
    judge: async ({ release, from }) => {
      done.push(`judge ${release} ${from}`);
      return ok(judged);
    },
    bring: async () => ok(true as const),
    install: () => {
      done.push('install');
      return 'done';
    },
    ...more,
  });
  beforeEach(() => {
    done = [];
    mkdirSync(folder, { recursive: true });
  });
  const write = (content: unknown) =>
    writeFileSync(request(), typeof content === 'string' ? content : JSON.stringify(content));
  const good = { command: COMMAND, release: 7, from: FROM };

  it('carries an order out once', async () => {
    write(good);
    const obeyed = await obey(folder, updater, deeds());
    expect(obeyed).toEqual({ request: good, outcome: 'done' });
    expect(done).toEqual([`judge 7 ${FROM}`, 'install']);
    tellOutcome(updater, { number: 7, last: { command: COMMAND, release: 7, outcome: 'done' } });
    expect(await obey(folder, updater, deeds())).toBeUndefined();
    expect(done).toHaveLength(2);
  });

  it('does nothing where nothing is asked', async () => {
    expect(await obey(folder, updater, deeds())).toBeUndefined();
  });

  it('changes nothing where the release or its package does not fit', async () => {
    write(good);
    const misfit = deeds({ judge: async () => ({ ok: false, error: 'unknown-maker' }) });
    expect(await obey(folder, updater, misfit)).toMatchObject({ outcome: 'refused', why: 'unknown-maker' });
    const other = deeds({ bring: async () => ({ ok: false, error: 'package' }) });
    expect(await obey(folder, updater, other)).toMatchObject({ outcome: 'refused', why: 'package' });
    expect(done).not.toContain('install');
  });

  it('tells a disk without room from a release that is not healthy', async () => {
    write(good);
    const full = deeds({ install: () => 'unchanged' });
    expect(await obey(folder, updater, full)).toEqual({
      request: good,
      outcome: 'refused',
      why: 'not-begun',
    });
  });

  it.each<[string, unknown]>([
    ['a folder of the machine as the place', { ...good, from: '/etc' }],
    ['a place without TLS', { ...good, from: 'http://releases.example/' }],
    ['a place with a password', { ...good, from: 'https://a:b@releases.example/' }],
    ['a command line for a number', { ...good, release: '7; reboot' }],
    ['a number that is none', { ...good, release: -1 }],
    ['an id that is a path', { ...good, command: '../../etc/passwd' }],
    ['a member more', { ...good, keys: '/tmp/keys' }],
    ['a proxy that is an option', { ...good, proxy: { url: '--require=/tmp/x', direct: [] } }],
    ['a variable beside its proxy', { ...good, proxy: { url: 'http://a.example:1', NODE_OPTIONS: '-r x' } }],
    ['text without end', `{"command":"${'c'.repeat(16_384)}`],
    ['no JSON', 'sh'],
  ])('takes no request with %s', async (_, content) => {
    write(content);
    await expect(obey(folder, updater, deeds())).rejects.toThrow(/request\.json: is/);
    expect(done).toEqual([]);
  });

  it('follows no link, and waits for no pipe', async () => {
    writeFileSync(join(place, 'elsewhere'), JSON.stringify(good));
    symlinkSync(join(place, 'elsewhere'), request());
    await expect(obey(folder, updater, deeds())).rejects.toThrow();
    rmSync(request());
    expect(spawnSync('mkfifo', [request()]).status).toBe(0);
    await expect(obey(folder, updater, deeds())).rejects.toThrow('is no plain file');
    expect(done).toEqual([]);
  });

  it.each([
    ['settled', 'done', 7],
    ['gone-back', 'back', 6],
  ] as const)('answers the order that a power cut interrupted: %s', async (mark, outcome, number) => {
    write(good);
    writeState(updater, { number: 6, version: '1.1.0-1', failed: [] });
    noteNext(updater, { number: 7, version: '1.2.0-1' });
    writeFileSync(join(updater, mark), '');
    const settled = takeSettled(updater);
    expect(settled).toEqual({ number: 7, outcome });
    expect(readState(updater)).toMatchObject({ number, failed: outcome === 'done' ? [] : [7] });
    expect(await obey(folder, updater, deeds({ settled }))).toMatchObject({ outcome });
    expect([done, takeSettled(updater)]).toEqual([[], undefined]);
  });

  it('tells its outcome to everybody who may read, and takes a damaged one for none', () => {
    tellOutcome(updater, { number: 7 });
    expect(readOutcome(updater)).toEqual({ number: 7 });
    writeFileSync(join(updater, 'outcome.json'), '');
    expect(readOutcome(updater)).toBeUndefined();
  });
});
