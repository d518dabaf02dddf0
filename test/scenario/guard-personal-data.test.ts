import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { personTerms, somebody } from '../../src/district/registry/testing.ts';
import { openJournalReader } from '../../src/journal/reading.ts';
import { checkPerson, type LookUpAnswer, maskedName, roomLookup } from '../../src/wire/index.ts';
import { canariesOf, found } from './canaries.ts';
import { canaryBytes, filesWith } from './canary-bytes.ts';
import { GuardTrial, LANE } from './guard-trial.ts';

/** P1, P2: fifty people are looked up in every way; of their names and numbers nothing stays at the gate but a mask on the screen. */

const PEOPLE = 50;
/** So that each of the ten ways comes ten times. */
const ASKED_OF_EACH = 2;
const GIVEN = '木子川山云青泽田欣雅';
const TODAY = new Date().toISOString().slice(0, 10);

const people = Array.from({ length: PEOPLE }, (_, at) => {
  const given = `${GIVEN.charAt(at % 10)}${GIVEN.charAt(Math.floor(at / 10))}`;
  const body = somebody({ name: `测试${given}` });
  const checked = checkPerson(body, TODAY);
  if (!checked.ok) throw new Error('a canary is nobody');
  const room = `9-1-${1_000 + at}`;
  const terms = [...personTerms(checked.value), roomLookup(room) ?? ''];
  return {
    body,
    room,
    terms,
    birthDate: checked.value.birthDate ?? '',
    index: 100 + at,
    household: 500 + at,
  };
});
const canaries = canariesOf(people.map(({ body }) => body));
const bytes = canaryBytes(people.map(({ body }) => body));

/** What a guard types of somebody, in each way that there is. */
function questionsOf({ body, room, terms, birthDate, index, household }: (typeof people)[number]): object[] {
  const { number } = body.document;
  const typed = (kind: string) => terms.find((term) => term.startsWith(`${kind}:`))?.slice(kind.length + 1);
  return [
    { by: 'document', number },
    { by: 'last-six', lastSix: number.slice(-6), birthDate },
    { by: 'room', room },
    { by: 'name', name: body.name },
    { by: 'name', name: typed('pinyin') },
    { by: 'name', name: typed('initials') },
    { by: 'household', household },
    // Typed wrongly: refused, and not repeated.
    { by: 'document', number: `${number}9` },
    { by: 'pass', pass: index % 90 },
    { by: 'short-code', code: '12345678' },
  ];
}

describe('how a canary is found in a file', () => {
  const { body } = people[0] ?? people[1] ?? ({} as never);
  const { number } = body.document;
  test.each([
    ['UTF-8', Buffer.from(`x${body.name}x`)],
    ['UTF-16LE', Buffer.from(`x${number}x`, 'utf16le')],
    ['UTF-16BE', Buffer.from(`x${body.name}x`, 'utf16le').swap16()],
    ['hex', Buffer.from(Buffer.from(`x${number}`).toString('hex'))],
    ['base64', Buffer.from(Buffer.from(`xx${body.phone}yyy`).toString('base64'))],
  ])('in %s', (_encoding, content) => {
    const folder = mkdtempSync(join(tmpdir(), 'menwei-canary-'));
    mkdirSync(join(folder, 'below'));
    writeFileSync(join(folder, 'below', 'file'), content);
    expect(filesWith(folder, bytes)).toEqual([join(folder, 'below', 'file')]);
    rmSync(folder, { recursive: true });
  });
});

describe('a guard’s desk', () => {
  let at: GuardTrial;
  beforeAll(async () => {
    at = await GuardTrial.begin(
      people.map(({ body, terms, index, household }) => ({
        index,
        household,
        order: 0,
        display: maskedName(body.name),
        lookups: terms.filter((term) => !term.startsWith('phone:')),
      })),
      { log: 'debug' },
    );
  }, 180_000);
  afterAll(() => at?.end(), 30_000);

  test('keeps no name and no number of those who are looked up, and each look-up has its row', async () => {
    const told = [await at.guard.listen(), await at.head.listen()];
    const journal = openJournalReader(join(at.trial.dataDir, 'journal.sqlite'));
    const kinds = new Set<number>();
    let [answered, foundThem] = [0, 0];
    for (const [nth, person] of people.entries()) {
      const client = nth % 2 === 0 ? at.guard : at.head;
      const questions = questionsOf(person);
      for (let ask = 0; ask < ASKED_OF_EACH; ask += 1) {
        const kind = (nth * ASKED_OF_EACH + ask) % questions.length;
        const { status, text, body } = await client.ask<LookUpAnswer>('look-ups', {
          ...questions[kind],
          purpose: 'visitor',
        });
        kinds.add(kind);
        expect([200, 400, 503], text).toContain(status);
        expect(found(text, canaries)).toEqual([]);
        if (status !== 200) continue;
        answered += 1;
        foundThem += Number(body.found.some(({ index }) => index === person.index));
        expect(journal.row(body.row)).toMatchObject({
          reason: expect.stringMatching(/^look-up:visitor/) as string,
        });
      }
      if (nth % 5 === 0)
        await client.deed({ deed: 'let-in', lane: LANE, reason: 'document-seen', index: person.index });
    }
    expect(kinds.size).toBe(questionsOf(people[0] ?? people[1] ?? ({} as never)).length);
    // Seven of the ten kinds find the person; two more answer, or are refused.
    expect(foundThem).toBe(answered - answeredWithoutPerson());
    expect(at.rows(/^look-up:/)).toHaveLength(answered);
    journal.close();
    const screens = JSON.stringify(told);
    expect(screens).toContain('测*');
    expect(found(screens, canaries)).toEqual([]);
    for (const path of ['inside', 'shift/report'])
      expect(found((await at.guard.ask(path)).text, canaries)).toEqual([]);

    await at.gate.stop();
    expect(found(`${at.gate.log}\n${at.gate.complaint}`, canaries)).toEqual([]);
    const files = readdirSync(at.trial.dataDir, { recursive: true }).map(String);
    expect(files).toEqual(expect.arrayContaining(['journal.sqlite', 'desk.sqlite']));
    expect(filesWith(at.trial.dataDir, bytes)).toEqual([]);
    const database = new DatabaseSync(join(at.trial.dataDir, 'journal.sqlite'), { readOnly: true });
    const dump = JSON.stringify(database.prepare('SELECT content FROM row').all());
    database.close();
    expect(dump).toContain('look-up:visitor');
    expect(found(dump, canaries)).toEqual([]);
  }, 180_000);

  /** Passes have no person here. */
  function answeredWithoutPerson(): number {
    const asked = people.flatMap((_, nth) => [0, 1].map((ask) => (nth * ASKED_OF_EACH + ask) % 10));
    return asked.filter((kind) => kind === 8).length;
  }
});
