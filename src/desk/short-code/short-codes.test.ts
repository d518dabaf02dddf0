import { createHmac } from 'node:crypto';
import { setImmediate as pause } from 'node:timers/promises';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type ClockQuality, monotonicMs } from '../../base/index.ts';
import { makeShortCodeKey, showShortCode } from '../../holder/index.ts';
import { shortCodeMessage, shortCodeSecretMessage, shortCodeText, truncated } from '../../code/index.ts';
import { USED_MAX, WAITING_MAX, WRONG_IN_A_ROW_MAX } from './limits.ts';
import { ShortCodes } from './short-codes.ts';

const DISTRICT = 'gaoxin';
const KEY = new Uint8Array(32).fill(7);
const NOW = 1_798_689_788;
const MEMBERS = [128_143, 5, 0xffff_ffff, 0];

const hmac = (key: Uint8Array, message: Uint8Array) =>
  new Uint8Array(createHmac('sha256', key).update(message).digest());

/** What the resident's phone shows. */
function shownBy(index: number, seconds: number, key = KEY): string {
  const secret = hmac(key, shortCodeSecretMessage(DISTRICT, index));
  return shortCodeText(truncated(hmac(secret, shortCodeMessage(Math.floor(seconds / 60)))));
}

class Place {
  now = { seconds: NOW, quality: 'synced' as ClockQuality, errorSeconds: 0 };
  roster: { indices: Uint32Array; shortCodeKey?: Uint8Array };
  readonly alarms: number[] = [];
  readonly codes: ShortCodes;
  computed = 0;
  pauses = 0;
  sliceMs = 0;
  #sliceFrom = performance.now();

  constructor(members: readonly number[] = MEMBERS, digest = hmac) {
    this.roster = { indices: Uint32Array.from(members), shortCodeKey: KEY };
    this.codes = new ShortCodes({
      district: DISTRICT,
      hmac: (key, message) => {
        this.computed += 1;
        return digest(key, message);
      },
      monotonic: () => monotonicMs(performance.now()),
      pause: async () => {
        this.pauses += 1;
        this.sliceMs = Math.max(this.sliceMs, performance.now() - this.#sliceFrom);
        await pause();
        this.#sliceFrom = performance.now();
      },
      roster: () => this.roster,
      now: () => this.now,
      guessed: (wrong) => this.alarms.push(wrong),
    });
  }
}

describe('a short code', () => {
  test.each(MEMBERS)('finds member %i', async (index) => {
    const { codes } = new Place();
    expect(await codes.find(shownBy(index, NOW))).toEqual({ outcome: 'member', index, clockSure: true });
  });

  test('as a phone makes it of what the district gave, finds its resident at any second', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(fc.nat(0xffff_ffff), { minLength: 1, maxLength: 8 }),
        fc.integer({ min: 3_600, max: 4_294_967_295 }),
        async (members, seconds) => {
          const place = new Place(members);
          place.now = { ...place.now, seconds };
          const index = members[0] ?? 0;
          const secret = hmac(KEY, shortCodeSecretMessage(DISTRICT, index));
          const phone = await makeShortCodeKey(crypto.subtle, secret);
          if (phone === undefined) throw new Error('32 bytes make a key');
          const { text } = await showShortCode(crypto.subtle, phone, seconds);
          expect(text).toBe(shownBy(index, seconds));
          const found = await place.codes.find(text);
          // Of eight members, two share eight digits within three steps once in a million times.
          expect(['member', 'several']).toContain(found.outcome);
          if (found.outcome === 'member') expect(found.index).toBe(index);
        },
      ),
    );
  });

  test.each([
    [-60, 'member'],
    [60, 'member'],
    [-120, 'nobody'],
    [120, 'nobody'],
  ])('of a phone that is %i s off: %s', async (offset, outcome) => {
    expect((await new Place().codes.find(shownBy(5, NOW + offset))).outcome).toBe(outcome);
  });

  test('is taken from further off by a gate that may be wrong itself, and flagged when its clock is unsure', async () => {
    const place = new Place();
    place.now = { seconds: NOW, quality: 'unsure', errorSeconds: 1e6 };
    expect(await place.codes.find(shownBy(5, NOW - 150))).toEqual({
      outcome: 'member',
      index: 5,
      clockSure: false,
    });
    expect((await place.codes.find(shownBy(5, NOW - 400))).outcome).toBe('nobody');
  });

  test('of somebody who is not on this roster, or made of another key, finds nobody', async () => {
    const { codes } = new Place();
    expect((await codes.find(shownBy(6, NOW))).outcome).toBe('nobody');
    expect((await codes.find(shownBy(5, NOW, new Uint8Array(32)))).outcome).toBe('nobody');
  });

  test('is used once; the next one finds the same person', async () => {
    const place = new Place();
    expect((await place.codes.find(shownBy(5, NOW))).outcome).toBe('member');
    expect((await place.codes.find(shownBy(5, NOW))).outcome).toBe('used');
    place.now = { ...place.now, seconds: NOW + 60 };
    expect((await place.codes.find(shownBy(5, NOW))).outcome).toBe('used');
    expect((await place.codes.find(shownBy(5, NOW + 60))).outcome).toBe('member');
  });

  test('that two members have at once names neither', async () => {
    const same = () => new Uint8Array(32).fill(9);
    const place = new Place([1, 2], same);
    expect((await place.codes.find(shortCodeText(truncated(same())))).outcome).toBe('several');
  });

  test('a roster without a key says so', async () => {
    const place = new Place();
    place.roster = { indices: place.roster.indices };
    expect((await place.codes.find(shownBy(5, NOW))).outcome).toBe('no-key');
  });

  test('with another roster the new key counts, and the old one no more', async () => {
    const place = new Place();
    await place.codes.find(shownBy(5, NOW));
    const next = new Uint8Array(32).fill(8);
    place.roster = { indices: place.roster.indices, shortCodeKey: next };
    expect((await place.codes.find(shownBy(0, NOW))).outcome).toBe('nobody');
    expect((await place.codes.find(shownBy(0, NOW, next))).outcome).toBe('member');
  });
});

describe('guessing', () => {
  test(`${WRONG_IN_A_ROW_MAX} wrong codes in a row are an alarm, fewer and a right one between them are none`, async () => {
    const place = new Place();
    for (let at = 1; at < WRONG_IN_A_ROW_MAX; at += 1) await place.codes.find('00000000');
    await place.codes.find(shownBy(5, NOW));
    for (let at = 1; at < WRONG_IN_A_ROW_MAX; at += 1) await place.codes.find('00000000');
    expect(place.alarms).toEqual([]);
    await place.codes.find('00000000');
    expect(place.alarms).toEqual([WRONG_IN_A_ROW_MAX]);
    for (let at = 0; at < WRONG_IN_A_ROW_MAX; at += 1) await place.codes.find('00000000');
    expect(place.alarms).toEqual([WRONG_IN_A_ROW_MAX, 2 * WRONG_IN_A_ROW_MAX]);
  });

  test('what is not eight digits is no guess', async () => {
    const place = new Place();
    for (const typed of ['', '1234', 'x'.repeat(10_000), '12345678 9'])
      expect((await place.codes.find(typed)).outcome).toBe('nobody');
    expect([place.computed, place.alarms.length]).toEqual([0, 0]);
  });

  test('more than may wait are told so, and the others get their answer', async () => {
    const place = new Place();
    const asked = Array.from({ length: WAITING_MAX + 1 }, (_, at) =>
      place.codes.find(shownBy(MEMBERS[at % 4] ?? 0, NOW)),
    );
    const outcomes = (await Promise.all(asked)).map(({ outcome }) => outcome);
    expect(outcomes).toEqual(['member', 'member', 'member', 'member', 'busy']);
    expect((await place.codes.find('00000000')).outcome).toBe('nobody');
  });
});

describe('work', () => {
  test('is done once for a step, and a new minute costs one step', async () => {
    const place = new Place();
    await place.codes.find('00000000');
    // A secret and three steps for each member.
    expect(place.computed).toBe(4 * MEMBERS.length);
    await place.codes.find('00000001');
    expect(place.computed).toBe(4 * MEMBERS.length);
    place.now = { ...place.now, seconds: NOW + 60 };
    await place.codes.find('00000001');
    expect(place.computed).toBe(5 * MEMBERS.length);
  });

  test('over a large roster lets others have their turn again and again', async () => {
    const place = new Place(Array.from({ length: 4_000 }, (_, at) => at));
    let turns = 0;
    const timer = setInterval(() => {
      turns += 1;
    }, 1);
    try {
      expect((await place.codes.find(shownBy(3_999, NOW))).outcome).toMatch(/member|several/);
    } finally {
      clearInterval(timer);
    }
    expect(place.pauses).toBeGreaterThan(5);
    expect(turns).toBeGreaterThan(3);
  });

  test('the memory of used codes is bounded', async () => {
    const place = new Place([5]);
    for (let minute = 0; minute <= USED_MAX; minute += 1) {
      place.now = { ...place.now, seconds: NOW + minute * 60 };
      expect((await place.codes.find(shownBy(5, NOW + minute * 60))).outcome).toBe('member');
    }
    expect((await place.codes.find(shownBy(5, NOW + USED_MAX * 60))).outcome).toBe('used');
    place.now = { ...place.now, seconds: NOW };
    expect((await place.codes.find(shownBy(5, NOW))).outcome).toBe('member');
  });
});
