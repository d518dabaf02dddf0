import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { PersonBody } from '../../src/wire/index.ts';
import { somebody } from '../../src/district/registry/testing.ts';
import { until } from '../twins/broker.ts';
import { mosquittoPath } from '../twins/mosquitto.ts';
import { canariesOf, found } from './canaries.ts';
import { isOfContract, listenIn } from './listening-in.ts';
import { COMMUNITY, type PlacedGate, TlsPlace } from './tls-place.ts';

/** Persons live, enter, are looked up and revealed; whoever hears the broker and reads the logs learns none of their data. */

const NAMES = ['木子', '川山', '云青', '泽田', '欣雅', '书然'];

describe('how a canary is found', () => {
  const person: PersonBody = { ...somebody(), name: '测试木子' };
  const canaries = canariesOf([person]);
  const { number } = person.document;

  test.each([
    ['as it is', `{"name":"${person.name}"}`],
    ['escaped', '{"name":"\\u6d4b\\u8bd5\\u6728\\u5b50"}'],
    ['in an address', `/persons?name=${encodeURIComponent(person.name)}`],
    ['in hex', Buffer.from(`x${number}`).toString('hex')],
    ['in base64', Buffer.from(`xx${number}yy`).toString('base64')],
    ['in a token', `a.${Buffer.from(JSON.stringify({ a: 1, person })).toString('base64url')}.c`],
  ])('%s', (_how, text) => {
    expect(found(text, canaries)).not.toEqual([]);
  });

  test('and not where it is not', () => {
    const masked = `{"display":"测*","index":41,"token":"a.${Buffer.from('{"display":"测*"}').toString('base64url')}.c"}`;
    expect(found(masked, canaries)).toEqual([]);
  });
});

describe.skipIf(mosquittoPath === undefined)('nobody’s data leaves the district', () => {
  let place: TlsPlace;
  let gate: PlacedGate;
  let heard: Awaited<ReturnType<typeof listenIn>>;
  beforeAll(async () => {
    place = await TlsPlace.begin('mosquitto, PostgreSQL');
    heard = await listenIn(place);
    place.onEnd(() => heard.stop());
    gate = await place.install('north-1');
  }, 180_000);
  afterAll(() => place?.end(), 60_000);

  async function asked(path: string, body: object): Promise<{ status: number; text: string }> {
    const headers = { 'content-type': 'application/json' };
    const answer = await place.operator(`/api${path}`, {
      method: 'POST',
      headers,
      body: JSON.stringify(body),
    });
    return { status: answer.status, text: await answer.text() };
  }

  async function live(person: PersonBody, room: string): Promise<void> {
    const { index } = await place.ask<{ index: number }>('/residents', {
      community: COMMUNITY,
      room,
      person,
    });
    const { persons } = await place.ask<{ persons: { person: number }[] }>('/persons/search', {
      by: 'document',
      number: person.document.number,
    });
    await place.ask('/persons/search', { by: 'name', name: person.name });
    await place.ask('/persons/search', { by: 'phone', phone: person.phone });
    const revealed = await place.ask<PersonBody>(`/persons/${persons[0]?.person}/reveal`, {
      purpose: 'appeal',
    });
    expect(revealed).toMatchObject({ name: person.name, document: person.document });
    const { code } = await place.ask<{ code: string }>(`/residents/${index}/token`, {});
    const before = gate.relay.openings().length;
    gate.show(code);
    await until(() => gate.relay.openings().length > before, 'the code opens', 60_000);
    const isStored = async () => {
      const { entries } = await place.ask<{ entries: { index?: number; decision: string }[] }>('/entries');
      return entries.some((row) => row.index === index && row.decision === 'granted');
    };
    await until(isStored, 'the entry is at the district', 60_000);
  }

  test('no topic, payload, log line, error or audit entry holds a name, a document number, a telephone number or a plate', async () => {
    const people = NAMES.map((_, at) => somebody({ name: `测试${NAMES[at]}`, plate: `陕A9${at}91T` }));
    const canaries = canariesOf(people);
    for (const [at, person] of people.entries()) await live(person, `9-${100 + at}`);
    const [one] = people;
    if (one === undefined) throw new Error('there are people');
    // What is refused is not repeated either.
    const wrong = { ...one, document: { ...one.document, number: `${one.document.number.slice(0, 17)}Z` } };
    for (const answer of [
      await asked('/residents', { community: COMMUNITY, room: '9-9', person: wrong }),
      await asked('/persons/search', { by: one.name }),
    ]) {
      expect(answer.status).toBe(400);
      expect(found(answer.text, canaries)).toEqual([]);
    }

    const messages = heard.messages().filter(({ payload }) => payload !== '');
    expect(messages.filter(({ topic }) => topic.endsWith('/entries')).length).toBeGreaterThan(0);
    expect(messages.filter(({ topic }) => topic.endsWith('/roster')).length).toBeGreaterThan(0);
    expect(messages.filter(({ topic, payload }) => !isOfContract(topic, payload))).toEqual([]);
    expect(messages.flatMap(({ topic, payload }) => found(`${topic}\n${payload}`, canaries))).toEqual([]);
    const logs = [place.district, gate.process].map(({ log, complaint }) => `${log}\n${complaint}`);
    expect(logs[0]?.length).toBeGreaterThan(100);
    expect(logs.flatMap((log) => found(log, canaries))).toEqual([]);
    const audit = await (await place.operator('/api/audit')).text();
    expect(audit).toContain('reveal');
    expect(found(audit, canaries)).toEqual([]);
  }, 300_000);
});
