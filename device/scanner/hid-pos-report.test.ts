import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SCAN_TEXT_MAX } from '../../src/ports/index.ts';
import { createPosAssembler, parsePosReport } from './hid-pos-report.ts';

const DATA_BYTES = 56;

/** 64 bytes as common scanners send them: number 2, length, AIM, 56 data, 2 of the maker's own, flag. */
function report(data: string, options: { more?: boolean; aim?: string; numbered?: boolean } = {}): Buffer {
  const { more = false, aim = ']Q1', numbered = true } = options;
  const bytes = Buffer.alloc(64);
  bytes[0] = 2;
  bytes[1] = data.length;
  bytes.write(aim, 2, 'latin1');
  bytes.write(data, 5, 'latin1');
  bytes.write('sw', 61, 'latin1');
  bytes[63] = more ? 1 : 0;
  return numbered ? bytes : bytes.subarray(1);
}

function reports(text: string): Buffer[] {
  const count = Math.max(1, Math.ceil(text.length / DATA_BYTES));
  return Array.from({ length: count }, (_, at) =>
    report(text.slice(at * DATA_BYTES, (at + 1) * DATA_BYTES), { more: at < count - 1 }),
  );
}

describe('a report of a point-of-sale scanner', () => {
  it('is a length, an AIM identifier, data and a flag', () => {
    expect(parsePosReport(report('X1ABC'))).toEqual({ aim: ']Q1', data: 'X1ABC', more: false });
    expect(parsePosReport(report('X1ABC', { more: true }))?.more).toBe(true);
  });

  it('may come without a number, and without an identifier', () => {
    expect(parsePosReport(report('X1ABC', { numbered: false }))).toMatchObject({ aim: ']Q1', data: 'X1ABC' });
    expect(parsePosReport(report('X1ABC', { aim: '' }))).toEqual({ aim: '', data: 'X1ABC', more: false });
  });

  it('is refused when it claims more data than it has', () => {
    const bytes = report('X1');
    bytes[1] = 200;
    expect(parsePosReport(bytes)).toBeUndefined();
    expect(parsePosReport(Buffer.alloc(3))).toBeUndefined();
  });
});

describe('joining reports', () => {
  it('gives back any text whole', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^X[0-9A-V]{0,500}$/), (text) => {
        const assembler = createPosAssembler();
        expect(reports(text).flatMap((bytes) => assembler.push(bytes))).toEqual([{ text }]);
        expect(assembler.pending).toBe(false);
      }),
    );
  });

  it('cuts a suffix that the reader was told to add', () => {
    expect(createPosAssembler().push(report('X1ABC\r\n'))).toEqual([{ text: 'X1ABC' }]);
  });

  it('says nothing for an empty report', () => {
    expect(createPosAssembler().push(report(''))).toEqual([]);
  });

  it.each([
    [SCAN_TEXT_MAX, [{ text: 'A'.repeat(SCAN_TEXT_MAX) }]],
    [SCAN_TEXT_MAX + 1, [{ dropped: 'too-long' }]],
    [SCAN_TEXT_MAX * 5, [{ dropped: 'too-long' }]],
  ])('a text of %i bytes', (length, expected) => {
    const assembler = createPosAssembler();
    expect(reports('A'.repeat(length)).flatMap((bytes) => assembler.push(bytes))).toEqual(expected);
    expect(assembler.push(report('X1OK'))).toEqual([{ text: 'X1OK' }]);
  });

  it('throws away a text whose rest never came, and reads the next', () => {
    const assembler = createPosAssembler();
    assembler.push(report('X1HALF', { more: true }));
    expect(assembler.pending).toBe(true);
    expect(assembler.gap()).toEqual([{ dropped: 'timed-out' }]);
    expect(assembler.push(report('X1OK'))).toEqual([{ text: 'X1OK' }]);
  });

  it('takes any bytes without a fault and never grows', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 70 }), { maxLength: 60 }), (all) => {
        const assembler = createPosAssembler();
        for (const bytes of all) {
          for (const outcome of assembler.push(bytes)) {
            if ('text' in outcome) expect(outcome.text.length).toBeLessThanOrEqual(SCAN_TEXT_MAX);
          }
        }
      }),
    );
  });
});
