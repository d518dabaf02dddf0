import fc from 'fast-check';
import { expect, test } from 'vitest';
import { newReceipt, readReceipt } from './receipt-number.ts';

const bytes = fc.uint8Array({ minLength: 400, maxLength: 400 });
const receipts = bytes.map((drawn) => {
  let at = 0;
  return newReceipt({
    bytes: (length) => {
      at += length;
      // After the drawn ones come bytes that always count.
      return at <= drawn.length ? drawn.slice(at - length, at) : new Uint8Array(length).fill(at % 248);
    },
  });
});
const SYMBOLS = [...'23456789ABCDEFGHJKLMNPQRSTVWXYZ'];

test('a receipt is read back, however it is typed, and stands in an address as it is', () => {
  fc.assert(
    fc.property(receipts, (receipt) => {
      expect(receipt).toMatch(/^([2-9A-HJ-NP-TV-Z]{4}-){3}[2-9A-HJ-NP-TV-Z]{4}$/);
      expect(encodeURIComponent(receipt)).toBe(receipt);
      for (const typed of [receipt.toLowerCase(), receipt.replaceAll('-', ''), ` ${receipt} `])
        expect(readReceipt(typed)).toBe(receipt);
    }),
  );
});

test('one wrong symbol, or any two exchanged, are noticed', () => {
  const place = fc.integer({ min: 0, max: 15 });
  fc.assert(
    fc.property(
      receipts,
      fc.tuple(place, place),
      fc.constantFrom(...SYMBOLS),
      (receipt, [one, two], other) => {
        const symbols = [...receipt.replaceAll('-', '')];
        const changed = symbols.with(one, other).join('');
        if (symbols[one] !== other) expect(readReceipt(changed)).toBeUndefined();
        const [first = '', second = ''] = [symbols[one], symbols[two]];
        const exchanged = symbols.with(one, second).with(two, first).join('');
        if (first !== second) expect(readReceipt(exchanged)).toBeUndefined();
      },
    ),
  );
});

test.each(['', '0000-0000-0000-0000', 'x'.repeat(10_000), '../../etc/passwd', '2222-2222-2222-222'])(
  '%s is none',
  (text) => expect(readReceipt(text)).toBeUndefined(),
);
