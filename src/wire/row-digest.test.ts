import canonicalize from 'canonicalize';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { utf8 } from '../base/index.ts';
import { REFUSALS } from '../code/index.ts';
import { DECISIONS, DOOR_EVENTS, type RowContent, rowContent } from './row.ts';
import { rowContentBytes, rowContentText } from './row-digest.ts';

const id = fc.stringMatching(/^[a-z0-9-]{1,32}$/);
const place = fc.integer({ min: 0, max: 0xffff_ffff });
const text = (maxLength: number) =>
  fc.string({ unit: 'grapheme', minLength: 1, maxLength }).filter((value) => value.length <= maxLength);

const anyContent: fc.Arbitrary<RowContent> = fc.record(
  {
    seq: fc.integer({ min: 1 }),
    at: fc
      .date({ min: new Date(0), max: new Date('2099-12-31T00:00:00Z'), noInvalidDate: true })
      .map((date) => date.toISOString()),
    clock: fc.constantFrom('synced', 'holdover', 'unsure'),
    decision: fc.constantFrom(...DECISIONS),
    lane: id,
    direction: fc.constantFrom('in', 'out', 'both'),
    reader: id,
    refusal: fc.constantFrom(...REFUSALS),
    kind: fc.integer({ min: 1, max: 5 }),
    index: place,
    passId: place,
    party: fc.array(place, { maxLength: 8 }),
    entry: fc.integer({ min: 1 }),
    door: fc.constantFrom(...DOOR_EVENTS),
    actor: text(64),
    reason: text(200),
    command: text(64),
  },
  { requiredKeys: ['seq', 'at', 'clock', 'decision'] },
);

test('content bytes are the canonical JSON of an independent RFC 8785 writer', () => {
  fc.assert(
    fc.property(anyContent, (content) => {
      expect(rowContentText(content)).toBe(canonicalize(content));
      expect(rowContentBytes(content)).toEqual(utf8(canonicalize(content) ?? ''));
    }),
    { numRuns: 1_000 },
  );
});

test('the order in which fields were set does not matter', () => {
  fc.assert(
    fc.property(anyContent, (content) => {
      const turned = Object.fromEntries(Object.entries(content).reverse()) as unknown as RowContent;
      expect(rowContentText(turned)).toBe(rowContentText(content));
    }),
  );
});

test('content bytes read back as the same row', () => {
  fc.assert(
    fc.property(anyContent, (content) => {
      expect(rowContent.parse(JSON.parse(rowContentText(content)))).toEqual(content);
    }),
  );
});

test('half a surrogate pair has no canonical form and is a bug', () => {
  const row: RowContent = {
    seq: 1,
    at: '2026-01-02T03:04:05.678Z',
    clock: 'synced',
    decision: 'system',
    reason: 'a\ud800',
  };
  expect(() => rowContentText(row)).toThrow('well-formed');
});
