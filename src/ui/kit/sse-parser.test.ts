import fc from 'fast-check';
import { expect, test } from 'vitest';
import { EVENT_LENGTH_MAX, SseParser } from './sse-parser.ts';

test.each([
  ['an event with its name', 'event: verdict\ndata: {}\n\n', [{ event: 'verdict', data: '{}' }]],
  ['an event without a name is a message', 'data: a\n\n', [{ event: 'message', data: 'a' }]],
  ['several lines of data are one text', 'data: a\ndata:b\n\n', [{ event: 'message', data: 'a\nb' }]],
  ['a comment is no event', ': here\n\n: still\n\n', []],
  ['an event without data is none', 'event: verdict\n\n', []],
  [
    'line ends of all three kinds',
    'data: a\r\n\r\ndata: b\r\rdata: c\n\n',
    ['a', 'b', 'c'].map((data) => ({ event: 'message', data })),
  ],
  ['a byte-order mark at the start', '\uFEFFdata: a\n\n', [{ event: 'message', data: 'a' }]],
  ['an unfinished event waits', 'data: a\n', []],
])('%s', (_name, stream, events) => {
  expect(new SseParser().push(stream)).toEqual(events);
});

test('where the network cuts the stream makes no difference', () => {
  const lines = fc.array(
    fc.constantFrom('event: a', 'data: x', 'data', ': c', '', '\r', 'id: 1', 'data: é门'),
    { maxLength: 30 },
  );
  fc.assert(
    fc.property(lines, fc.array(fc.nat(400), { maxLength: 6 }), (parts, cuts) => {
      const stream = parts.join('\n');
      const whole = new SseParser().push(stream);
      const parser = new SseParser();
      const ends = [...cuts.map((cut) => Math.min(cut, stream.length)).sort((a, b) => a - b), stream.length];
      const pieces = ends.map((end, at) => stream.slice(at === 0 ? 0 : ends[at - 1], end));
      expect(pieces.flatMap((piece) => parser.push(piece))).toEqual(whole);
    }),
  );
});

test('an event at the limit is taken, one above is dropped, and the next one is heard', () => {
  const head = 'data:'.length;
  const atLimit = `data:${'x'.repeat(EVENT_LENGTH_MAX - head)}\n\n`;
  const above = `data:${'x'.repeat(EVENT_LENGTH_MAX - head + 1)}\n\n`;
  expect(new SseParser().push(atLimit)).toHaveLength(1);
  const parser = new SseParser();
  expect(parser.push(above)).toEqual([]);
  expect(parser.push('data: next\n\n')).toEqual([{ event: 'message', data: 'next' }]);
});

test('heartbeats for a year do not use up the limit', () => {
  const parser = new SseParser();
  for (let beat = 0; beat < 20_000; beat += 1) parser.push(': here\n');
  expect(parser.push('data: a\n\n')).toHaveLength(1);
});
