import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { LookUpAnswer } from '../../src/wire/index.ts';
import { until } from '../twins/broker.ts';
import { DeskClient } from '../twins/desk-client.ts';
import type { GateProcess } from '../twins/gate-process.ts';
import { type DistrictTrial, districtTrial } from './district-trial.ts';
import { firstGuards, GUARD, HEAD } from './guard-trial.ts';

/** A real gate asks a real district over a real broker for the face of whom its guard has looked up. */
let at: DistrictTrial;
let gate: GateProcess;
let guard: DeskClient;
/** Every payload that the broker carried, as bytes in hex. */
let overheard = '';

beforeAll(async () => {
  at = await districtTrial();
  const ear = spawn('mosquitto_sub', ['-p', String(at.broker.port), '-t', '#', '-F', '%x']);
  at.trial.onEnd(() => ear.kill('SIGKILL'));
  ear.stdout.setEncoding('latin1').on('data', (part: string) => {
    overheard += part;
  });
  gate = await at.open();
  const address = await gate.open();
  guard = new DeskClient(address, GUARD);
  await firstGuards(gate, new DeskClient(address, HEAD), guard);
}, 240_000);
afterAll(async () => {
  guard?.close();
  await at?.trial.end();
});

async function lookUp(index: number): Promise<LookUpAnswer> {
  const resident = await at.district.operator(`/api/residents/${index}`);
  const { household } = (await resident.json()) as { household: number };
  const answer = await guard.ask<LookUpAnswer>('look-ups', {
    by: 'household',
    household,
    purpose: 'no-phone',
  });
  if (answer.status !== 200) throw new Error(answer.text);
  return answer.body;
}

async function photoOf(index: number): Promise<Buffer | string> {
  const { row } = await lookUp(index);
  return guard.picture('look-ups/photo', { row, index });
}

function residents(): readonly [number, number] {
  const [one = -1, other = -1] = at.district.indices;
  return [one, other];
}

test('without the policy’s word nobody is asked, and after it the gate shows what the district gives', async () => {
  const [one, other] = residents();
  await at.district.givePhoto(one);
  expect((await lookUp(one)).photos).toBeUndefined();
  expect(await photoOf(one)).toBe('no-photo');
  await at.district.allowPhotos();
  await until(async () => (await lookUp(one)).photos === true, 'the policy is at the gate', 60_000);
  const shown = await photoOf(one);
  expect(Buffer.isBuffer(shown) && shown.subarray(0, 2).toString('hex')).toBe('ffd8');
  expect(await photoOf(other)).toBe('no-photo');
}, 120_000);

test('the picture is nowhere but on the guard’s screen: not on the broker, not in a file of the gate', async () => {
  const [one] = residents();
  const shown = await photoOf(one);
  if (!Buffer.isBuffer(shown)) throw new Error(shown);
  const piece = shown.subarray(shown.length / 2, shown.length / 2 + 24);
  await until(() => overheard.length > 10_000, 'something was overheard');
  const said = Buffer.from(overheard.replaceAll('\n', ''), 'hex').toString('latin1');
  expect(said).toContain('"want":"photo"');
  for (const form of formsOf(piece)) {
    expect(said).not.toContain(form);
    expect(filesOf(at.trial.dataDir).filter((file) => file.includes(form))).toEqual([]);
  }
  expect(gate.log).not.toContain('/9j/');
  const asked = [...said.matchAll(/"want":"photo".*?"row":(\d+)/g)].map(([, row]) => Number(row));
  const lookUps = at.trial.rows().filter(({ reason }) => reason?.startsWith('look-up'));
  expect(lookUps.map(({ seq }) => seq)).toEqual(expect.arrayContaining(asked));
}, 120_000);

test('once withdrawn it is shown no more, and without the district that is said', async () => {
  const [one] = residents();
  const gone = await at.district.operator(`/api/residents/${one}/photo`, { method: 'DELETE' });
  expect(gone.ok).toBe(true);
  expect(await photoOf(one)).toBe('no-photo');
  await at.broker.kill('SIGKILL');
  await until(
    async () => (await photoOf(one)) === 'photo-offline',
    'the gate knows that nobody answers',
    60_000,
  );
}, 120_000);

/** As bytes, and as the three ways in which base64 spells them wherever they stand; both alphabets. */
function formsOf(piece: Buffer): string[] {
  const spelled = [0, 1, 2].map((shift) => piece.subarray(shift).toString('base64').slice(0, 24));
  const url = spelled.map((text) => text.replaceAll('+', '-').replaceAll('/', '_'));
  return [piece.toString('latin1'), piece.toString('hex'), ...spelled, ...url];
}

function filesOf(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name)).toString('latin1'));
}
