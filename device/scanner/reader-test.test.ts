import { describe, expect, it } from 'vitest';
import { createKeyDecoder, type KeyEvent } from './key-decoder.ts';
import { KEY, keyCaps, LAYOUTS, type Layout } from './layouts.ts';
import { judgeReader, SETUP_TEXT, type Typed } from './reader-test.ts';

const good: Typed = { texts: [SETUP_TEXT], ended: true, durationMs: (SETUP_TEXT.length - 1) * 4 };
const swapped = [...SETUP_TEXT]
  .map((c) => (c === c.toLowerCase() ? c.toUpperCase() : c.toLowerCase()))
  .join('');
const twice = (text: string) => [...text].map((c) => c + c).join('');
const at = (msPerCharacter: number) => (SETUP_TEXT.length - 1) * msPerCharacter;

/** The symbol as a reader set to one layout types it into a gate that believes another. */
function typedInto(reader: Layout, gate: Layout): string {
  const decoder = createKeyDecoder({ layout: gate, idleMs: 500, unfinished: 'take' });
  const push = (code: number, value: number) =>
    decoder.push({ type: 1, code, value, atMs: 0 } satisfies KeyEvent);
  for (const character of SETUP_TEXT) {
    for (const [code, cap] of keyCaps(reader)) {
      const level = (['plain', 'shifted', 'altGr'] as const).find((name) => cap[name] === character);
      if (level === undefined || code === 55 || code === 98 || (code >= 71 && code <= 83)) continue;
      const modifier = { plain: undefined, shifted: KEY.leftShift, altGr: KEY.altGr }[level];
      if (modifier !== undefined) push(modifier, 1);
      push(code, 1);
      if (modifier !== undefined) push(modifier, 0);
      break;
    }
  }
  const [outcome] = decoder.idle();
  return outcome !== undefined && 'text' in outcome ? outcome.text : '';
}

describe('the set-up symbol', () => {
  it('is no code and fits every layout', () => {
    expect(SETUP_TEXT).not.toMatch(/^X[0-9]/);
    for (const layout of LAYOUTS) expect(typedInto(layout, layout)).toBe(SETUP_TEXT);
  });
});

describe('what a reader did to the set-up symbol', () => {
  it.each<[string, Typed, ReturnType<typeof judgeReader>]>([
    ['a well set reader', good, { usable: true, findings: [] }],
    [
      'a serial reader has no typing speed',
      { texts: [SETUP_TEXT], ended: true },
      { usable: true, findings: [] },
    ],
    ['nothing', { texts: [], ended: false }, { usable: false, findings: [{ fault: 'nothing-read' }] }],
    [
      'another symbol',
      { ...good, texts: ['6901234567892'] },
      { usable: false, findings: [{ fault: 'not-the-symbol' }] },
    ],
    ['Caps Lock', { ...good, texts: [swapped] }, { usable: true, findings: [{ fault: 'caps-lock' }] }],
    [
      'all upper case',
      { ...good, texts: [SETUP_TEXT.toUpperCase()] },
      { usable: true, findings: [{ fault: 'upper-case' }] },
    ],
    [
      'all lower case',
      { ...good, texts: [SETUP_TEXT.toLowerCase()] },
      { usable: true, findings: [{ fault: 'lower-case' }] },
    ],
    [
      'the text twice on one line',
      { ...good, texts: [SETUP_TEXT + SETUP_TEXT], durationMs: at(8) },
      { usable: true, findings: [{ fault: 'doubled-text' }] },
    ],
    [
      'the text on two lines',
      { ...good, texts: [SETUP_TEXT, SETUP_TEXT] },
      { usable: true, findings: [{ fault: 'doubled-text' }] },
    ],
    [
      'every key twice',
      { ...good, texts: [twice(SETUP_TEXT)], durationMs: at(8) },
      { usable: false, findings: [{ fault: 'doubled-keys' }] },
    ],
    ['no line end', { ...good, ended: false }, { usable: false, findings: [{ fault: 'no-line-end' }] }],
    [
      'an AIM identifier',
      { ...good, texts: [`]Q1${SETUP_TEXT}`] },
      { usable: true, findings: [{ fault: 'added', before: ']Q1', after: '' }] },
    ],
    [
      'a prefix of its own',
      { ...good, texts: [`12${SETUP_TEXT}#`] },
      { usable: false, findings: [{ fault: 'added', before: '12', after: '#' }] },
    ],
    [
      'slow typing',
      { ...good, durationMs: at(16) },
      { usable: true, findings: [{ fault: 'slow', msPerCharacter: 16 }] },
    ],
    [
      'typing so fast that keys get lost',
      { ...good, durationMs: at(1) },
      { usable: false, findings: [{ fault: 'too-fast', msPerCharacter: 1 }] },
    ],
    [
      'several faults at once',
      { texts: [swapped], ended: false, durationMs: at(20) },
      {
        usable: false,
        findings: [{ fault: 'caps-lock' }, { fault: 'no-line-end' }, { fault: 'slow', msPerCharacter: 20 }],
      },
    ],
  ])('%s', (_, typed, verdict) => {
    expect(judgeReader(typed)).toEqual(verdict);
  });

  it.each([
    [3, 0],
    [2.99, 1],
    [8, 0],
    [8.01, 1],
  ])('%d ms a character', (msPerCharacter, findings) => {
    expect(judgeReader({ ...good, durationMs: at(msPerCharacter) }).findings).toHaveLength(findings);
  });

  const pairs = LAYOUTS.flatMap((reader) => LAYOUTS.map((gate) => [reader, gate] as const));
  it.each(pairs)('a reader set to %s at a gate set to %s', (reader, gate) => {
    const verdict = judgeReader({ ...good, texts: [typedInto(reader, gate)] }, gate);
    expect(verdict.findings).toEqual(reader === gate ? [] : [{ fault: 'layout', reader, gate }]);
    expect(verdict.usable).toBe((reader === 'fr') === (gate === 'fr'));
  });
});
