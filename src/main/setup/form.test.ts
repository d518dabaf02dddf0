import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { ConfigEditor } from './config-editor.ts';
import { configOf, stateOf } from './new-machine.ts';
import { doorBody, wiringOf } from '../../ui/setup/testing.ts';
import { setupDoorChange, setupReader } from '../../wire/index.ts';

/** The set-up page's forms over any gate that can be configured: what is saved unchanged changes nothing. */

const folder = mkdtempSync(join(tmpdir(), 'menwei-set-up-form-'));
const file = join(folder, 'gate.yaml');
afterAll(() => rmSync(folder, { recursive: true }));

const optional = <Value>(value: fc.Arbitrary<Value>) => fc.option(value, { nil: undefined });
const input = (line: number) =>
  fc.record(
    {
      line: fc.constant(line),
      activeLow: fc.boolean(),
      pull: fc.constantFrom('up', 'down', 'none'),
      debounceMs: fc.integer({ min: 0, max: 1_000 }),
    },
    { requiredKeys: ['line'] },
  );
const relay = fc.record(
  { line: fc.constant(4), activeLow: fc.boolean(), pulseMs: fc.integer({ min: 100, max: 30_000 }) },
  { requiredKeys: ['line'] },
);
const door = fc
  .record({
    driver: fc.constantFrom('gpio', 'sysfs'),
    chip: optional(fc.constantFrom('pinctrl-rp1', 'gpio-mockup')),
    relay,
    contact: optional(input(5)),
    passage: optional(input(6)),
    exitButton: optional(input(7)),
    fire: optional(input(8)),
    tamper: optional(input(9)),
  })
  .map((each) => JSON.parse(JSON.stringify(each)) as object);
const reader = fc.oneof(
  fc.record(
    {
      id: fc.constant('post'),
      type: fc.constant('serial'),
      path: fc.constant('/dev/serial/by-id/post'),
      baudRate: fc.integer({ min: 300, max: 921_600 }),
      idleMs: fc.integer({ min: 20, max: 2_000 }),
      dataBits: fc.constantFrom(7, 8),
      parity: fc.constantFrom('none', 'even', 'odd'),
      stopBits: fc.constantFrom(1, 2),
      rtscts: fc.boolean(),
    },
    { requiredKeys: ['id', 'type', 'path'] },
  ),
  fc.record(
    {
      id: fc.constant('post'),
      type: fc.constant('keyboard'),
      path: fc.constant('/dev/input/by-id/post-event-kbd'),
      layout: fc.constantFrom('us', 'uk', 'de', 'jp'),
      idleMs: fc.integer({ min: 20, max: 5_000 }),
    },
    { requiredKeys: ['id', 'type', 'path'] },
  ),
);

const shown = () => stateOf(configOf(file), () => true).lanes[0];

test('a door or a reader that is saved as it is shown is the same one, whatever else its file says', () => {
  fc.assert(
    fc.property(door, reader, (someDoor, someReader) => {
      const lane = { id: 'main', readers: [someReader], door: someDoor };
      const text = stringify({ dataDir: 'data', lanes: [lane] });
      writeFileSync(file, text);
      const before = configOf(file);
      const editor = new ConfigEditor(file, {});
      const seen = shown();
      if (seen === undefined) throw new Error('no lane is shown');
      const body = setupDoorChange.parse(JSON.parse(JSON.stringify(doorBody(wiringOf(seen.door)))));
      expect(editor.setDoor('main', body)).toMatchObject({ ok: true });
      const [{ ready: _, ...chosen } = {}] = seen.readers;
      expect(editor.setReader('main', setupReader.parse(chosen))).toMatchObject({ ok: true });
      expect(configOf(file)).toEqual(before);
      expect(readFileSync(file, 'utf8')).toBe(text);
    }),
    { numRuns: 40 },
  );
});
