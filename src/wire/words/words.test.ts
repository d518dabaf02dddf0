import { describe, expect, it } from 'vitest';
import { REFUSALS } from '../../code/index.ts';
import { LANGUAGES, residentAdvice, WORDS } from './index.ts';

/** Read aloud within about five seconds, and readable at five metres on one line. */
const SENTENCE_MAX = { 'zh-CN': 24, en: 80 } as const;
const NEXT_MAX = { 'zh-CN': 40, en: 110 } as const;

describe.each(LANGUAGES)('what is said in %s', (language) => {
  const all = REFUSALS.map((refusal) => WORDS[language].refusals[refusal]);

  it.each(REFUSALS)('%s has a cause, a sentence and a next step for resident and guard', (refusal) => {
    const words = WORDS[language].refusals[refusal];
    for (const text of [
      words.cause,
      words.resident.sentence,
      words.resident.next,
      words.guard.sentence,
      words.guard.next,
    ]) {
      expect(text.trim()).toBe(text);
      expect(text.length).toBeGreaterThan(1);
    }
    expect(words.resident.sentence.length).toBeLessThanOrEqual(SENTENCE_MAX[language]);
    expect(words.resident.next.length).toBeLessThanOrEqual(NEXT_MAX[language]);
    const stop = language === 'zh-CN' ? /。$/ : /\.$/;
    for (const text of [
      words.resident.sentence,
      words.resident.next,
      words.guard.sentence,
      words.guard.next,
    ]) {
      expect(text).toMatch(stop);
    }
  });

  it('no two refusals are told with the same cause or sentence', () => {
    expect(new Set(all.map((words) => words.cause)).size).toBe(REFUSALS.length);
    expect(new Set(all.map((words) => words.resident.sentence)).size).toBe(REFUSALS.length);
  });
});

describe('a next step is asked for politely', () => {
  it.each(REFUSALS)('%s says 请 and please', (refusal) => {
    expect(WORDS['zh-CN'].refusals[refusal].resident.next).toContain('请');
    expect(WORDS.en.refusals[refusal].resident.next).toMatch(/^Please|please/);
  });

  it('no Chinese sentence carries Latin words, no English one Chinese', () => {
    for (const refusal of REFUSALS) {
      const { resident } = WORDS['zh-CN'].refusals[refusal];
      expect(resident.sentence + resident.next).not.toMatch(/[A-Za-z]/);
      expect(JSON.stringify(WORDS.en.refusals[refusal])).not.toMatch(/\p{Script=Han}/u);
    }
  });
});

describe('a phone whose clock is off is told by how much', () => {
  it.each([
    [-220, '您的手机时间慢了 3 分 40 秒。', 'Your phone is 3 min 40 s slow.'],
    [45, '您的手机时间快了 45 秒。', 'Your phone is 45 s fast.'],
    [-180, '您的手机时间慢了 3 分钟。', 'Your phone is 3 min slow.'],
    [3_900, '您的手机时间快了 1 小时 5 分钟。', 'Your phone is 1 h 5 min fast.'],
    [-90_000, '您的手机时间慢了 1 天 1 小时。', 'Your phone is 1 d 1 h slow.'],
    [-86_400, '您的手机时间慢了 1 天。', 'Your phone is 1 d slow.'],
  ])('%i s', (offsetSeconds, zh, en) => {
    expect(residentAdvice('zh-CN', { refusal: 'expired', offsetSeconds }).sentence).toBe(zh);
    expect(residentAdvice('en', { refusal: 'not-yet-valid', offsetSeconds }).sentence).toBe(en);
  });

  it('without an offset, or for another refusal, the plain sentence is told', () => {
    expect(residentAdvice('en', { refusal: 'expired' })).toBe(WORDS.en.refusals.expired.resident);
    expect(residentAdvice('en', { refusal: 'revoked', offsetSeconds: -220 })).toBe(
      WORDS.en.refusals.revoked.resident,
    );
  });
});
