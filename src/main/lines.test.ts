import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LineSplitter } from './lines.ts';

function split(pieces: readonly string[], limit?: number) {
  const splitter = new LineSplitter(limit);
  const lines = pieces.flatMap((piece) => splitter.push(piece));
  return [...lines, ...splitter.end()];
}

describe('lines', () => {
  it('are the same however the text was cut into pieces', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b', '\n', '\r', '字') });
    fc.assert(
      fc.property(fc.array(text), (pieces) => {
        const whole = pieces.join('');
        const expected = whole.split('\n');
        if (expected.at(-1) === '') expected.pop();
        expect(split(pieces).map((line) => line.text)).toEqual(expected);
        expect(split(pieces).map((line) => line.number)).toEqual(expected.map((_, at) => at + 1));
      }),
    );
  });

  it.each([
    [4, 'abcd'],
    [5, 'abcde'],
    [6, undefined],
  ])('of %i units are kept up to the limit of 5', (length, text) => {
    const line = 'abcdef'.slice(0, length);
    expect(split([line.slice(0, 2), `${line.slice(2)}\nnext`], 5)).toEqual([
      { number: 1, text },
      { number: 2, text: 'next' },
    ]);
    expect(split([line], 5)).toEqual([{ number: 1, text }]);
  });
});
