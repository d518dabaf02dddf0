import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SCAN_TEXT_MAX } from '../../src/ports/index.ts';
import { createKeyDecoder, type KeyEvent, type KeyOutcome } from './key-decoder.ts';
import { KEY, keyCaps, LAYOUTS, type Layout } from './layouts.ts';

const IDLE_MS = 500;
const KEY_STREAM_RUNS = 1_000;
const allowed = /^[A-Za-z0-9:/.\-_~%&=+#\]\\ ?]*$/;
const codeText = fc.stringMatching(/^X[1-5][0-9A-V]{0,60}$/);
const kept: readonly Layout[] = ['us', 'uk', 'de', 'jp'];

/** Keys that a reader set to `layout` presses for a text; `rollover` presses a key before it releases the last one. */
function typed(
  text: string,
  options: { layout?: Layout; stepMs?: number; fromMs?: number; rollover?: boolean } = {},
) {
  const { layout = 'us', stepMs = 4, fromMs = 0, rollover = false } = options;
  const events: KeyEvent[] = [];
  let atMs = fromMs;
  let last: number | undefined;
  const key = (code: number, value: number) => events.push({ type: 1, code, value, atMs });
  for (const character of text) {
    const { code, shift } = keyFor(character, layout);
    if (shift) key(KEY.leftShift, 1);
    key(code, 1);
    if (last !== undefined) key(last, 0);
    if (rollover && code !== last) last = code;
    else key(code, 0);
    if (shift) key(KEY.leftShift, 0);
    events.push({ type: 0, code: 0, value: 0, atMs });
    atMs += stepMs;
  }
  if (last !== undefined) key(last, 0);
  return events;
}

function keyFor(character: string, layout: Layout): { code: number; shift: boolean } {
  if (character === '\n') return { code: KEY.enter, shift: false };
  for (const [code, cap] of keyCaps(layout)) {
    if (cap.plain === character) return { code, shift: false };
    if (cap.shifted === character) return { code, shift: true };
  }
  throw new Error(`no key for ${character}`);
}

function decode(events: readonly KeyEvent[], layout: Layout = 'us'): KeyOutcome[] {
  const decoder = createKeyDecoder({ layout, idleMs: IDLE_MS });
  return events.flatMap((event) => decoder.push(event));
}

const press = (code: number): KeyEvent[] => [
  { type: 1, code, value: 1, atMs: 0 },
  { type: 1, code, value: 0, atMs: 0 },
];
const keysLost: KeyEvent = { type: 0, code: 3, value: 0, atMs: 0 };

describe('keys of a reader into texts', () => {
  it('reads a code typed with Shift', () => {
    expect(decode(typed('X1ABC09\n'))).toEqual([{ text: 'X1ABC09' }]);
  });

  it('ends a text at Enter, keypad Enter and Tab, and yields nothing for an empty one', () => {
    for (const end of [KEY.enter, KEY.keypadEnter, KEY.tab]) {
      expect(decode([...press(end), ...typed('x1'), ...press(end)])).toEqual([{ text: 'x1' }]);
    }
  });

  it('follows Caps Lock for letters only, by its key and by its lamp', () => {
    expect(decode([...press(KEY.capsLock), ...typed('x1Ab\n')])).toEqual([{ text: 'X1aB' }]);
    const lamp: KeyEvent = { type: 17, code: 1, value: 1, atMs: 0 };
    expect(decode([lamp, ...typed('x1Ab\n')])).toEqual([{ text: 'X1aB' }]);
  });

  it('ignores keys that the kernel repeats', () => {
    const repeat: KeyEvent = { type: 1, code: 45, value: 2, atMs: 0 };
    expect(decode([...typed('x1'), repeat, repeat, ...typed('\n')])).toEqual([{ text: 'x1' }]);
  });

  it('reads the keypad', () => {
    expect(decode([...press(79), ...press(80), ...press(82), ...press(KEY.keypadEnter)])).toEqual([
      { text: '120' },
    ]);
  });

  it('reads a link under every layout it is told of', () => {
    for (const layout of kept) {
      const link = 'HTTPS://GATE.EXAMPLE/X1ABC-_';
      expect(decode(typed(`${link}\n`, { layout }), layout)).toEqual([{ text: link }]);
    }
  });

  it('reads codes alike under US, UK, German and Japanese keys, whatever the gate believes', () => {
    fc.assert(
      fc.property(codeText, fc.constantFrom(...kept), fc.constantFrom(...kept), (text, reader, gate) => {
        expect(decode(typed(`${text}\n`, { layout: reader }), gate)).toEqual([{ text }]);
      }),
      { numRuns: KEY_STREAM_RUNS },
    );
  });

  it('tells layouts apart by the characters that differ', () => {
    const heard = (layout: Layout) => decode(typed('Y-#:/\n', { layout: 'us' }), layout)[0];
    const texts = LAYOUTS.map((layout) => JSON.stringify(heard(layout)));
    expect(new Set(texts).size).toBe(LAYOUTS.length);
  });

  it('survives rollover: the next key goes down before the last one is up', () => {
    fc.assert(
      fc.property(codeText, (text) => {
        expect(decode(typed(`${text}\n`, { rollover: true }))).toEqual([{ text }]);
      }),
      { numRuns: KEY_STREAM_RUNS },
    );
  });

  it('keeps two readers apart however their keys arrive', () => {
    fc.assert(
      fc.property(codeText, codeText, fc.infiniteStream(fc.boolean()), (left, right, turns) => {
        const readers = [
          { keys: typed(`${left}\n`), decoder: createKeyDecoder({ layout: 'us', idleMs: IDLE_MS }) },
          { keys: typed(`${right}\n`), decoder: createKeyDecoder({ layout: 'us', idleMs: IDLE_MS }) },
        ].map((reader) => ({ ...reader, heard: [] as KeyOutcome[] }));
        for (const turn of turns) {
          const reader = readers.filter(({ keys }) => keys.length > 0).at(turn ? 0 : -1);
          const event = reader?.keys.shift();
          if (reader === undefined || event === undefined) break;
          reader.heard.push(...reader.decoder.push(event));
        }
        expect(readers.map(({ heard }) => heard)).toEqual([[{ text: left }], [{ text: right }]]);
      }),
      { numRuns: KEY_STREAM_RUNS },
    );
  });
});

describe('scans that come to harm', () => {
  it('throws a scan away when the kernel lost keys, up to its line end, and reads the next', () => {
    const events = [...typed('x1ab'), keysLost, ...typed('cd\n'), ...typed('x1ef\n')];
    expect(decode(events)).toEqual([{ dropped: 'keys-lost' }, { text: 'x1ef' }]);
  });

  it('counts one lost scan however often the kernel lost keys within it', () => {
    expect(decode([...typed('x'), keysLost, keysLost, ...typed('1\n')])).toEqual([{ dropped: 'keys-lost' }]);
  });

  it('forgets a Shift whose release was lost', () => {
    const shift: KeyEvent = { type: 1, code: KEY.leftShift, value: 1, atMs: 0 };
    const outcomes = decode([shift, keysLost, ...typed('\n'), ...typed('x1\n')]);
    expect(outcomes).toEqual([{ dropped: 'keys-lost' }, { text: 'x1' }]);
  });

  it('never hands on a text with a hole, wherever keys were lost', () => {
    fc.assert(
      fc.property(codeText, fc.nat(), fc.integer({ min: 1, max: 8 }), (text, where, count) => {
        const events: KeyEvent[] = typed(`${text}\n`);
        events.splice(where % events.length, count, keysLost);
        const texts = decode([...events, ...typed('\n'), ...typed('X1OK\n')]).filter(
          (outcome) => 'text' in outcome,
        );
        for (const outcome of texts) expect([{ text }, { text: 'X1OK' }]).toContainEqual(outcome);
        expect(texts.at(-1)).toEqual({ text: 'X1OK' });
      }),
      { numRuns: KEY_STREAM_RUNS },
    );
  });

  it('throws away what stopped in the middle, before the next scan begins', () => {
    const events = [...typed('x1ab'), ...typed('x1cd\n', { fromMs: 2_000 })];
    expect(decode(events)).toEqual([{ dropped: 'timed-out' }, { text: 'x1cd' }]);
  });

  it.each([
    [IDLE_MS, [{ text: 'xx' }]],
    [IDLE_MS + 1, [{ dropped: 'timed-out' }, { text: 'x' }]],
  ])('a silence of %i ms inside a scan', (gapMs, expected) => {
    expect(decode([...typed('x'), ...typed('x\n', { fromMs: gapMs, stepMs: 0 })])).toEqual(expected);
  });

  it('takes an unfinished text where the set-up test asks for it', () => {
    const decoder = createKeyDecoder({ layout: 'us', idleMs: IDLE_MS, unfinished: 'take' });
    for (const event of typed('x1ab')) decoder.push(event);
    expect(decoder.idle()).toEqual([{ text: 'x1ab' }]);
  });

  it('counts a scan that unplugging cut, and only that', () => {
    const decoder = createKeyDecoder({ layout: 'us', idleMs: IDLE_MS });
    expect(decoder.unplugged()).toEqual([]);
    for (const event of typed('x1ab')) decoder.push(event);
    expect(decoder.unplugged()).toEqual([{ dropped: 'keys-lost' }]);
    expect(typed('x1\n').flatMap((event) => decoder.push(event))).toEqual([{ text: 'x1' }]);
  });

  it.each([
    [SCAN_TEXT_MAX - 1, [{ text: '1'.repeat(SCAN_TEXT_MAX - 1) }]],
    [SCAN_TEXT_MAX, [{ text: '1'.repeat(SCAN_TEXT_MAX) }]],
    [SCAN_TEXT_MAX + 1, [{ dropped: 'too-long' }]],
    [SCAN_TEXT_MAX * 9, [{ dropped: 'too-long' }]],
  ])('a text of %i keys', (length, expected) => {
    expect(decode(typed(`${'1'.repeat(length)}\n`))).toEqual(expected);
  });
});

describe('keys that a hostile symbol makes a reader press', () => {
  it('turns chords into a character that no code has', () => {
    for (const chord of [KEY.leftControl, KEY.rightControl, KEY.leftAlt, KEY.leftMeta, KEY.rightMeta]) {
      const down: KeyEvent = { type: 1, code: chord, value: 1, atMs: 0 };
      const up: KeyEvent = { type: 1, code: chord, value: 0, atMs: 0 };
      expect(decode([...typed('x1'), down, ...press(24), up, ...typed('ab\n')])).toEqual([{ text: 'x1?ab' }]);
    }
  });

  it('lets only the characters of codes, links and frames out of 1,000 random streams', () => {
    const event = fc.record({
      type: fc.constantFrom(0, 1, 1, 1, 1, 4, 17, 20),
      code: fc.oneof(fc.nat(0x2ff), fc.constantFrom(0, 3, 28, 42, 29, 58, 100)),
      value: fc.constantFrom(0, 1, 1, 2, -1),
      atMs: fc.nat(100),
    });
    fc.assert(
      fc.property(fc.array(event, { maxLength: 200 }), fc.constantFrom(...LAYOUTS), (events, layout) => {
        for (const outcome of decode([...events, ...press(KEY.enter)], layout)) {
          if ('text' in outcome) expect(outcome.text).toMatch(allowed);
        }
      }),
      { numRuns: KEY_STREAM_RUNS },
    );
  });
});
