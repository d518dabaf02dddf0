import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SCAN_TEXT_MAX } from '../../src/ports/index.ts';
import { createLineFramer, type Framed } from './line-framer.ts';

const bytes = (text: string) => Uint8Array.from(Buffer.from(text, 'latin1'));
const whole = (text: string) => createLineFramer().push(bytes(text));

describe('cutting a stream into texts', () => {
  it.each(['\r', '\n', '\t', '\x03', '\r\n', '\n\r\n'])('ends a text at %j', (end) => {
    expect(whole(`X1ABC${end}X3DEF${end}`)).toEqual([{ text: 'X1ABC' }, { text: 'X3DEF' }]);
  });

  it('holds a text without an end until it is flushed', () => {
    const framer = createLineFramer();
    expect(framer.push(bytes('X1AB'))).toEqual([]);
    expect(framer.pending).toBe(true);
    expect(framer.flush()).toEqual([{ text: 'X1AB' }]);
    expect(framer.pending).toBe(false);
    expect(framer.flush()).toEqual([]);
  });

  it.each([
    [SCAN_TEXT_MAX - 1, [{ text: 'A'.repeat(SCAN_TEXT_MAX - 1) }]],
    [SCAN_TEXT_MAX, [{ text: 'A'.repeat(SCAN_TEXT_MAX) }]],
    [SCAN_TEXT_MAX + 1, [{ dropped: 'too-long' }]],
    [SCAN_TEXT_MAX * 20, [{ dropped: 'too-long' }]],
  ])('a text of %i bytes', (length, expected) => {
    expect(whole(`${'A'.repeat(length)}\r`)).toEqual(expected);
  });

  it('reads the text behind one that was too long', () => {
    expect(whole(`${'A'.repeat(2_000)}\rX1OK\r`)).toEqual([{ dropped: 'too-long' }, { text: 'X1OK' }]);
  });

  it('yields the same texts however the stream was chunked', () => {
    const stream = fc.array(
      fc.oneof(fc.string({ maxLength: 700 }), fc.constantFrom('\r', '\n', '\r\n', '\t')),
    );
    fc.assert(
      fc.property(stream, fc.array(fc.nat(40), { minLength: 1 }), (parts, cuts) => {
        const all = bytes(parts.join(''));
        const framer = createLineFramer();
        const seen: Framed[] = [];
        for (let at = 0, turn = 0; at < all.length; turn += 1) {
          const size = 1 + (cuts[turn % cuts.length] ?? 0);
          seen.push(...framer.push(all.subarray(at, at + size)));
          at += size;
        }
        expect(seen).toEqual(createLineFramer().push(all));
      }),
      { numRuns: 200 },
    );
  });
});
