import { describe, expect, it } from 'vitest';
import { checkCharacter, documentLookup, type LookUpBody } from '../../wire/index.ts';
import { err, ok } from '../../base/index.ts';
import { DeskTwin, FORCED, GUARD } from '../testing.ts';
import type { DeskWork } from '../work.ts';
import { PHOTO_TRIES_MAX, SHOW_MS } from './limits.ts';
import { LookUps } from './look-ups.ts';

/** 619999 was given to no county: nobody has this number. */
const BODY = '61999919800101002';
const NUMBER = `${BODY}${checkCharacter(BODY)}`;
const FAMILY = [
  {
    index: 11,
    household: 5,
    order: 0,
    display: '张*',
    lookups: [
      documentLookup(NUMBER),
      `last-six:${NUMBER.slice(-6)}:1980-01-01`,
      'room:8-2-2702',
      'name:张三',
      'pinyin:zhangsan',
      'initials:zs',
    ],
  },
  { index: 12, household: 5, order: 1, display: '李*', minor: true, lookups: ['room:8-2-2702'] },
  { index: 13, household: 6, order: 0, display: '赵*', status: 1, lookups: ['initials:zs'] },
] as const;

function desk(more: ConstructorParameters<typeof DeskTwin>[0] = FAMILY) {
  const twin = new DeskTwin(more);
  const lookUps = new LookUps({ gate: twin.deskGate, work: twin.work });
  const ask = (body: Omit<LookUpBody, 'purpose'>) =>
    lookUps.answer({ ...body, purpose: 'no-phone' } as LookUpBody, GUARD);
  const found = async (body: object) => {
    const answer = await ask(body as LookUpBody);
    return answer.ok ? answer.value.found.map(({ index }) => index) : answer.error.problem;
  };
  return { twin, lookUps, ask, found };
}

describe('a guard finds somebody', () => {
  it.each([
    ['by the document’s number', { by: 'document', number: NUMBER }, [11]],
    [
      'as it was typed',
      { by: 'document', number: ` ${NUMBER.toLowerCase().replace(/(.{6})/, '$1 ')}` },
      [11],
    ],
    [
      'by its last six and the birth date',
      { by: 'last-six', lastSix: NUMBER.slice(-6), birthDate: '1980-01-01' },
      [11],
    ],
    ['a household by its room, as people write it', { by: 'room', room: '8栋2单元2702室' }, [11, 12]],
    ['by name', { by: 'name', name: '张三' }, [11]],
    ['by pinyin', { by: 'name', name: 'Zhang San' }, [11]],
    ['by initials, all who have them', { by: 'name', name: 'zs' }, [11, 13]],
    ['by household', { by: 'household', household: 5 }, [11, 12]],
    ['nobody', { by: 'room', room: '1-1-101' }, []],
  ])('%s', async (_how, body, indices) => {
    expect(await desk().found(body)).toEqual(indices);
  });

  it('by the row that asked for the guard, with those who came along', async () => {
    const { twin, found } = desk();
    const { seq } = twin.row({
      decision: 'guard',
      refusal: 'needs-guard',
      lane: 'north',
      index: 11,
      party: [12],
    });
    expect(await found({ by: 'entry', entry: seq })).toEqual([11, 12]);
    expect(await found({ by: 'entry', entry: seq + 100 })).toBe('person-unknown');
    const { seq: mine } = twin.row({ decision: 'system', reason: 'started' });
    expect(await found({ by: 'entry', entry: mine })).toBe('person-unknown');
  });

  it('by a pass: its state, the gate that it is for, and its host where a row names one', async () => {
    const { twin, ask } = desk();
    twin.passes.set(40, 2);
    expect(await ask({ by: 'pass', pass: 40 } as LookUpBody)).toMatchObject({
      value: { found: [], pass: { pass: 40, state: 'suspended' } },
    });
    twin.row({ decision: 'guard', refusal: 'needs-guard', lane: 'north', kind: 4, passId: 40, index: 11 });
    const answer = await ask({ by: 'pass', pass: 40 } as LookUpBody);
    expect(answer.ok && answer.value.found).toMatchObject([{ index: 11, display: '张*' }]);
  });

  it('by short code, where the gate has them', async () => {
    expect(await desk().found({ by: 'short-code', code: '12345678' })).toBe('no-short-code');
    const { twin } = desk();
    const outcomes = ['member', 'nobody', 'several', 'used', 'no-key', 'busy'] as const;
    const told: unknown[] = [];
    for (const outcome of outcomes) {
      const shortCodes = {
        find: () =>
          Promise.resolve(outcome === 'member' ? { outcome, index: 12, clockSure: true } : { outcome }),
      };
      const lookUps = new LookUps({ gate: twin.deskGate, work: { ...twin.work, shortCodes } });
      const answer = await lookUps.answer({ by: 'short-code', code: '12345678', purpose: 'no-phone' }, GUARD);
      told.push(answer.ok ? [answer.value.found.length, answer.value.more] : answer.error.problem);
    }
    expect(told).toEqual([[1, false], [0, false], [0, true], 'short-code-used', 'no-short-code', 'busy']);
  });

  it('by short code while the clock is unsure, and says that the code may be an old one', async () => {
    const { twin } = desk();
    for (const clockSure of [true, false]) {
      const shortCodes = {
        find: () => Promise.resolve({ outcome: 'member', index: 12, clockSure } as const),
      };
      const lookUps = new LookUps({ gate: twin.deskGate, work: { ...twin.work, shortCodes } });
      const answer = await lookUps.answer({ by: 'short-code', code: '12345678', purpose: 'no-phone' }, GUARD);
      expect(answer.ok && answer.value.clockUnsure).toBe(clockSure ? undefined : true);
    }
  });
});

describe('a photo of whom a guard has looked up', () => {
  const JPEG = Buffer.from('ffd8ffd9', 'hex');
  const RIGHT = { row: 1, index: 11 };

  /** A gate whose policy and district are as told. */
  function withPhotos({
    allowed = true,
    answer = ok(JPEG),
  }: {
    allowed?: boolean;
    answer?: PhotoAnswer;
  } = {}) {
    const twin = new DeskTwin(FAMILY);
    const asked: object[] = [];
    const trust = () => ({ ...twin.trust(), policy: { ...twin.gate.policy, guardPhotos: allowed } });
    const photo = (question: object) => Promise.resolve(asked.push(question)).then(() => answer);
    const lookUps = new LookUps({ gate: twin.deskGate, work: { ...twin.work, trust, photo } });
    const lookUp = () => lookUps.answer({ by: 'document', number: NUMBER, purpose: 'no-phone' }, GUARD);
    return { twin, lookUps, lookUp, asked };
  }
  type PhotoAnswer = Awaited<ReturnType<NonNullable<DeskWork['photo']>>>;

  it('is offered with the answer and fetched with the look-up’s row, where the policy lets guards see it', async () => {
    const { lookUps, lookUp, asked } = withPhotos();
    expect(await lookUp()).toMatchObject({ value: { photos: true } });
    expect(await lookUps.photo(RIGHT, GUARD)).toEqual(ok(JPEG));
    expect(asked).toEqual([RIGHT]);
  });

  it('is neither offered nor asked for without the policy’s word', async () => {
    const { lookUps, lookUp, asked } = withPhotos({ allowed: false });
    const answer = await lookUp();
    expect(answer.ok && answer.value.photos).toBeUndefined();
    expect(await lookUps.photo(RIGHT, GUARD)).toEqual(err('no-photo'));
    expect(asked).toEqual([]);
  });

  it('is for the session that looked up, of those who were shown, while they are shown', async () => {
    const { twin, lookUps, lookUp, asked } = withPhotos();
    await lookUp();
    expect(await lookUps.photo(RIGHT, { ...GUARD, session: 's2' })).toEqual(err('person-unknown'));
    expect(await lookUps.photo({ row: 1, index: 13 }, GUARD)).toEqual(err('person-unknown'));
    expect(await lookUps.photo({ row: 2, index: 11 }, GUARD)).toEqual(err('person-unknown'));
    twin.gate.advance(SHOW_MS + 1);
    expect(await lookUps.photo(RIGHT, GUARD)).toEqual(err('person-unknown'));
    expect(asked).toEqual([]);
  });

  it('is asked for a few times at most in one look-up', async () => {
    const { lookUps, lookUp, asked } = withPhotos();
    await lookUp();
    for (let time = 0; time <= PHOTO_TRIES_MAX; time += 1) await lookUps.photo(RIGHT, GUARD);
    expect(asked).toHaveLength(PHOTO_TRIES_MAX);
  });

  it.each<[string, PhotoAnswer, string]>([
    ['there is none', ok(undefined), 'no-photo'],
    ['the district is away', err('offline'), 'photo-offline'],
    ['the district is slow', err('late'), 'photo-offline'],
  ])('%s: that is said', async (_what, answer, problem) => {
    const { lookUps, lookUp } = withPhotos({ answer });
    await lookUp();
    expect(await lookUps.photo(RIGHT, GUARD)).toEqual(err(problem));
  });
});

describe('what is answered', () => {
  it('is a mask, a state and what each lane’s rules say', async () => {
    const { ask } = desk();
    const answer = await ask({ by: 'room', room: '8-2-2702' } as LookUpBody);
    expect(answer).toMatchObject({ ok: true, value: { showMs: 30_000, leftThisHour: 29, more: false } });
    expect(answer.ok && answer.value.found[1]).toEqual({
      index: 12,
      household: 5,
      display: '李*',
      state: 'valid',
      minor: true,
      needsMoreTime: false,
      lastDay: undefined,
      refusals: {},
    });
    const revoked = await ask({ by: 'household', household: 6 } as LookUpBody);
    expect(revoked.ok && revoked.value.found).toMatchObject([
      { state: 'revoked', refusals: { north: 'revoked', south: 'revoked' } },
    ]);
  });

  it('is eight people at most, and says that there are more', async () => {
    const crowd = Array.from({ length: 20 }, (_, at) => ({
      index: 100 - at,
      household: 20 - at,
      lookups: ['initials:zs'],
    }));
    const { ask, twin } = desk(crowd);
    const answer = await ask({ by: 'name', name: 'zs' } as LookUpBody);
    expect(answer.ok && [answer.value.found.length, answer.value.more]).toEqual([8, true]);
    expect(twin.rows().at(-1)?.party).toEqual(answer.ok && answer.value.found.map(({ index }) => index));
  });
});

describe('the row of a look-up', () => {
  it('names who asked, why, and about whom, and is there before the answer', async () => {
    const { ask, twin } = desk();
    const answer = await ask({ by: 'document', number: NUMBER } as LookUpBody);
    const row = twin.rows().at(-1);
    expect(row).toMatchObject({ actor: 'g-07', reason: 'look-up:no-phone', index: 11 });
    expect(answer.ok && answer.value.row).toBe(row?.seq);
    expect(JSON.stringify(twin.rows())).not.toContain(NUMBER);
  });

  it('is there for what nobody was found by', async () => {
    const { found, twin } = desk();
    await found({ by: 'name', name: '王五' });
    expect(twin.rows()).toHaveLength(1);
    expect(twin.rows()[0]).not.toHaveProperty('index');
  });

  it('that cannot be written leaves no answer', async () => {
    const { found, twin } = desk();
    twin.isFull = true;
    expect(await found({ by: 'document', number: NUMBER })).toBe('not-recorded');
  });

  it('of the 31st in an hour raises the alarm, and the guard is not stopped', async () => {
    const { ask, twin } = desk();
    for (let asked = 0; asked < 31; asked += 1) await ask({ by: 'household', household: 5 } as LookUpBody);
    const last = await ask({ by: 'household', household: 5 } as LookUpBody);
    expect(last.ok && last.value.leftThisHour).toBe(0);
    expect(twin.gate.effects).toMatchObject([{ alarm: 'look-ups' }, { alarm: 'look-ups' }]);
  });

  it('under duress looks as usual', async () => {
    const { lookUps, twin } = desk();
    const body = { by: 'household', household: 5, purpose: 'visitor' } as const;
    const usual = await lookUps.answer(body, GUARD);
    const forced = await lookUps.answer(body, FORCED);
    expect(forced).toEqual({ ok: true, value: { ...(usual.ok && usual.value), row: 2, leftThisHour: 28 } });
    expect(twin.gate.effects).toMatchObject([{ alarm: 'duress', silent: true }]);
  });
});

describe('what is typed wrongly', () => {
  const { ask } = desk();
  it.each([
    [{ by: 'document', number: '123456789012345' }, 'number', /15 digits/],
    [{ by: 'document', number: `${BODY}${NUMBER.endsWith('1') ? '2' : '1'}` }, 'number', /check character/],
    [{ by: 'document', number: 'H12' }, 'number', /H or M/],
    [{ by: 'document', number: '军1' }, 'number', /字第/],
    [{ by: 'document', number: '912345678901234567' }, 'number', /./],
    [{ by: 'last-six', lastSix: '12345', birthDate: '1980-01-01' }, 'lastSix', /six/],
    [{ by: 'last-six', lastSix: '123456', birthDate: '2080-01-01' }, 'birthDate', /./],
    [{ by: 'room', room: '27' }, 'room', /./],
    [{ by: 'name', name: '1234' }, 'name', /./],
  ])('%j names its field and a remedy, and leaves no row', async (body, field, words) => {
    const answer = await ask(body as LookUpBody);
    expect(answer).toMatchObject({ ok: false, error: { problem: 'invalid', field } });
    expect(!answer.ok && answer.error.problem === 'invalid' && answer.error.words).toMatch(words);
  });

  it('and a gate without a list says so', async () => {
    const { twin, found } = desk();
    twin.lookupKey = undefined;
    expect(await found({ by: 'document', number: NUMBER })).toBe('no-list');
    expect(await found({ by: 'household', household: 5 })).toEqual([11, 12]);
  });
});
