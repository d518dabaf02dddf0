import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { memoryLog, realClock } from '../../../test/twins/broker.ts';
import { type SignedIn, signedIn } from '../../../test/twins/signed-in.ts';
import { argon2id, ed25519Signer, nodeEngine } from '../../crypto/index.ts';
import { DESK_ROLES, importAnswer, personView, residentView } from '../../wire/index.ts';
import { type District, startDistrict } from '../index.ts';
import { readTable } from '../registry/import/table-file.ts';
import { somebody } from '../registry/testing.ts';

const community = 7;
const engine = nodeEngine();
const random = { bytes: (length: number) => new Uint8Array(randomBytes(length)) };
const log = memoryLog();
let folder: string;
let district: District;
let registrar: SignedIn;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'menwei-person-routes-'));
  district = await startDistrict({
    dataDir: join(folder, 'district'),
    district: 'd-1',
    timeZone: 'Asia/Shanghai',
    communities: [{ id: community }],
    http: { host: '127.0.0.1', port: 0 },
    broker: { host: '127.0.0.1', port: 0 },
    crypto: {
      argon2id,
      signer: ed25519Signer,
      verifySignature: (publicKey, { message, signature }) =>
        engine.importKey(1, publicKey)?.verify(message, signature) === true,
    },
    clock: realClock,
    random,
    log,
  });
  registrar = await signedIn(district);
});
afterAll(async () => {
  await district.stop();
  await rm(folder, { recursive: true, force: true });
});

async function ask(
  path: string,
  body?: unknown,
): Promise<{ status: number; said: Record<string, unknown>; text: string }> {
  const isList = body instanceof Uint8Array;
  const headers = { 'content-type': isList ? 'text/csv' : 'application/json' };
  const post = { method: 'POST', headers, body: isList ? new Uint8Array(body) : JSON.stringify(body) };
  const answer = await registrar(path, body === undefined ? {} : post);
  const text = await answer.text();
  return { status: answer.status, said: JSON.parse(text) as Record<string, unknown>, text };
}

const enter = async (room: string) => {
  const person = somebody();
  const { status, said } = await ask('/api/residents', { community, room, person });
  expect(status).toBe(201);
  const found = await ask('/api/persons/search', { by: 'document', number: person.document.number });
  const view = personView.parse((found.said['persons'] as unknown[])[0]);
  return { person, resident: residentView.parse(said), view };
};

describe('persons at the desk', () => {
  test('are entered with a document and come back masked; an answer never has what was sent', async () => {
    const { person, resident, view } = await enter('1-1-101');
    expect(resident).toMatchObject({ display: `${person.name.slice(0, 1)}*`, room: '1-1-101' });
    const shown = await ask(`/api/persons/${view.person}`);
    for (const secret of [person.name, person.document.number, person.phone?.slice(3) ?? ''])
      expect(shown.text).not.toContain(secret);
    const again = await ask('/api/residents', { community, room: '1-1-101', person });
    expect(again).toMatchObject({
      status: 409,
      said: { error: expect.stringContaining('lives there already') as string },
    });
    const number = person.document.number.replace(/.$/, (last) => (last === 'X' ? '0' : 'X'));
    const wrong = await ask('/api/residents', {
      community,
      room: '1-1-101',
      person: { ...person, document: { ...person.document, number } },
    });
    expect(wrong.status).toBe(400);
    expect(wrong.said['error']).toMatch(/^document\.number: does not match its check character/);
    expect(wrong.text).not.toContain(number);
    const both = await ask('/api/residents', { community, room: '1-1-101', person, display: '张*' });
    expect(both).toMatchObject({
      status: 400,
      said: { error: expect.stringContaining('display') as string },
    });
  });

  test('a masked resident is entered as before', async () => {
    expect(await ask('/api/residents', { community, room: 'any room', display: '甲*' })).toMatchObject({
      status: 201,
      said: { display: '甲*' },
    });
  });

  test('a whole record is shown for a purpose, and the audit log has who, whom and what for', async () => {
    const { person, view } = await enter('1-1-102');
    expect((await ask(`/api/persons/${view.person}/reveal`, {})).status).toBe(400);
    const shown = await ask(`/api/persons/${view.person}/reveal`, { purpose: 'appeal' });
    expect(shown.said).toMatchObject({ name: person.name, document: person.document, phone: person.phone });
    const { entries } = await district.desk.audit.page();
    expect(entries).toContainEqual(
      expect.objectContaining({ action: 'reveal person', subject: String(view.person), outcome: 'appeal' }),
    );
  });

  test('a lost phone, a move, a cancelled document and a departure are each one request', async () => {
    const { resident, view, person } = await enter('1-1-103');
    const replaced = residentView.parse((await ask(`/api/residents/${resident.index}/replace`, {})).said);
    expect(replaced).toMatchObject({ room: '1-1-103', order: resident.order, state: 'valid' });
    expect(await ask(`/api/residents/${resident.index}/state`, { state: 'valid' })).toMatchObject({
      status: 409,
    });
    expect(
      await ask(`/api/residents/${replaced.index}/move`, { community, room: '2栋1单元201室' }),
    ).toMatchObject({ status: 200, said: { room: '2-1-201' } });
    expect(
      (await ask(`/api/residents/${replaced.index}/move`, { community: 8, room: '2-1-201' })).status,
    ).toBe(404);
    expect(
      await ask(`/api/residents/${replaced.index}/changes`, { needsMoreTime: true, lastDay: 3_000 }),
    ).toMatchObject({ status: 200 });
    const cancelled = await ask(`/api/persons/${view.person}/document`, { change: 'cancel' });
    expect(cancelled.said).toMatchObject({
      documentCancelled: true,
      residences: [{ index: replaced.index, state: 'revoked' }],
    });
    await ask(`/api/persons/${view.person}/document`, { change: 'restore' });
    expect(await ask(`/api/persons/${view.person}/contact`, { phone: null })).toMatchObject({ status: 200 });
    expect(await ask(`/api/residents/${replaced.index}/leave`, {})).toMatchObject({
      status: 200,
      said: { state: 'revoked' },
    });
    const found = await ask('/api/persons/search', { by: 'document', number: person.document.number });
    expect(found.said['persons']).toMatchObject([{ residences: [] }]);
    expect(log.lines.join('\n')).not.toContain(person.document.number);
  });

  test('a list is tried, then entered, one at a time; a larger one than is taken is refused', async () => {
    const people = [somebody(), somebody()];
    const rows = people.map(
      ({ name, document, phone }, at) => `${name},${document.number},${phone},3-1-10${at}`,
    );
    const list = new Uint8Array(Buffer.from(['姓名,证件号码,电话,房间', ...rows].join('\n')));
    const path = `/api/communities/${community}/import`;
    expect(importAnswer.parse((await ask(`${path}?dryRun=true`, list)).said)).toMatchObject({
      entered: 2,
      applied: false,
    });
    expect(importAnswer.parse((await ask(path, list)).said)).toMatchObject({ entered: 2, applied: true });
    expect(importAnswer.parse((await ask(path, list)).said)).toMatchObject({ entered: 0, known: 2 });
    expect(await ask(path, new Uint8Array(Buffer.from('姓名\n测')))).toMatchObject({
      status: 400,
      said: { error: expect.stringMatching(/^row 1: heading/) as string },
    });
    expect((await ask('/api/communities/8/import', list)).status).toBe(404);
    expect((await ask(path, new Uint8Array(32 * 1_048_576 + 10))).status).toBe(413);
    const long = Array.from({ length: 3_000 }, (_, at) => {
      const { name, document } = somebody();
      return `${name},${document.number},,5-1-${at}`;
    });
    const many = new Uint8Array(Buffer.from(['姓名,证件号码,电话,房间', ...long].join('\n')));
    const both = await Promise.all([ask(`${path}?dryRun=true`, many), ask(`${path}?dryRun=true`, many)]);
    expect(new Set(both.map(({ status }) => status))).toEqual(new Set([200, 503]));
  });

  test('an export takes two persons, and an import knows everybody in it again', async () => {
    const { person } = await enter('4-1-101');
    const { approvals } = district.desk;
    const second = await signedIn(district);
    const [asker, approver] = [registrar, second].map(({ account }) => ({
      account,
      roles: new Set(DESK_ROLES),
    }));
    if (asker === undefined || approver === undefined) throw new Error('two are there');
    const wanted = { action: 'export persons', body: { community, reason: 'census' } };
    const asked = await approvals.ask(asker, wanted);
    const request = asked.ok ? { id: asked.value.id, digest: asked.value.digest } : { id: '', digest: '' };
    expect(await approvals.approve(asker, request)).toMatchObject({ ok: false });
    const done = await approvals.approve(approver, request);
    const csv = done.ok && done.value.ok ? (done.value.value as { csv: string }).csv : '';
    expect(csv).toContain(`${person.name},居民身份证,"\t${person.document.number}"`);
    const table = await readTable(new Uint8Array(Buffer.from(csv)));
    const again = await ask(`/api/communities/${community}/import`, new Uint8Array(Buffer.from(csv)));
    expect(again.said).toMatchObject({ rows: table.ok ? table.value.length - 1 : -1, entered: 0, bad: 0 });
  });
});

describe('cards on A4', () => {
  const sheet = (residents: readonly number[]) =>
    registrar('/api/cards.pdf', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ residents, days: 28, community: '试验小区' }),
    });

  test('are one file for up to ten residents, and none when one of them may have none', async () => {
    const all = [(await enter('7-1-101')).resident.index, (await enter('7-1-102')).resident.index];
    const answer = await sheet(all);
    expect([answer.status, answer.headers.get('content-type')]).toEqual([201, 'application/pdf']);
    expect(
      Buffer.from(await answer.arrayBuffer())
        .subarray(0, 5)
        .toString(),
    ).toBe('%PDF-');
    const unknown = [0, 1, 2].find((index) => !all.includes(index)) ?? 3;
    await ask(`/api/residents/${all[1]}/leave`, {});
    for (const wrong of [[], [...all, unknown], Array.from({ length: 11 }, (_, index) => index)])
      expect((await sheet(wrong)).status).toBeGreaterThanOrEqual(400);
  });
});
