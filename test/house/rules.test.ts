/** Proves that the house test would notice: each rule is fed a file that breaks it and a neighbour that does not. */
import { describe, expect, it } from 'vitest';
import { importCircles } from './circles.ts';
import { habitViolations, usesOf } from './habits.ts';
import { importViolations } from './imports.ts';
import { doorOf, roomOf } from './places.ts';
import { machineViolations, roomsWithoutDoor, shapeViolations } from './shape.ts';

const B = "import { ok } from '../base/index.ts';";

describe('imports', () => {
  it.each([
    ['src/code/a.ts', B],
    ['src/code/a.ts', "import { other } from './b.ts';"],
    ['src/ports/a.ts', "import type { Claim } from '../code/index.ts';"],
    ['src/ports/a.ts', "import { type Claim } from '../code/index.ts';"],
    ['src/report/a.ts', "import { rows } from '../journal/reading.ts';"],
    ['src/gate/a.ts', "import { open } from '../journal/index.ts';"],
    ['src/ui/guard/a.ts', "import { sign } from '../../crypto/browser.ts';"],
    ['src/ui/guard/a.tsx', "import { qr } from '../kit/index.ts'; import '../kit/theme.css';"],
    [
      'src/main/a.ts',
      "import { gate } from '../gate/index.ts'; import { load } from '../../config/load.ts';",
    ],
    ['src/gate/a.test.ts', "import { sign } from '../issue/index.ts'; import { lane } from './lane.ts';"],
    ['src/gate/a.test.ts', "import { keys } from '../../test/vectors/keys.ts';"],
    ['src/gate/a.test.ts', "import { broker } from '../link/testing.ts';"],
    ['src/link/testing.ts', "import { Aedes } from 'aedes';"],
    ['test/scenario/a.ts', "import { gate } from '../../src/gate/index.ts'; import fc from 'fast-check';"],
    ['device/door/a.ts', "import koffi from 'koffi'; import type { Door } from '../../src/ports/index.ts';"],
    ['device/door/a.ts', "import { openSync } from 'node:fs';"],
    ['src/district/a.ts', "import { Hono } from 'hono'; import { csrf } from 'hono/csrf';"],
  ])('allows %s: %s', (path, text) => {
    expect(importViolations({ path, text })).toEqual([]);
  });

  it.each([
    ['src/base/a.ts', "import { parse } from '../code/index.ts';", 'base may not import code'],
    ['src/code/a.ts', "import { toHex } from '../base/bytes.ts';", "past its room's door"],
    ['src/ports/a.ts', "import { parse } from '../code/index.ts';", 'by `import type` alone'],
    ['src/ports/a.ts', "import { type Claim, parse } from '../code/index.ts';", 'by `import type` alone'],
    ['src/decide/a.ts', "export { verify } from '../verify/index.ts';", 'by `import type` alone'],
    ['src/decide/a.ts', "export * from '../verify/index.ts';", 'by `import type` alone'],
    ['src/holder/a.ts', "import { sign } from '../issue/index.ts';", 'holder may not import issue'],
    ['src/report/a.ts', "import { open } from '../journal/index.ts';", 'report may not import journal'],
    ['src/report/a.ts', "const x = await import('../decide/index.ts');", 'report may not import decide'],
    [
      'src/ui/guard/a.ts',
      "import { page } from '../console/index.ts';",
      'ui/guard may not import ui/console',
    ],
    ['src/ui/guard/a.ts', "import { sign } from '../../crypto/index.ts';", 'ui/guard may not import crypto'],
    ['device/door/a.ts', "import { scan } from '../scanner/index.ts';", 'may not import device/scanner'],
    ['src/gate/a.ts', "import { run } from '../main/index.ts';", 'nobody may import'],
    ['src/gate/a.test.ts', "import { run } from '../main/index.ts';", 'nobody may import'],
    ['src/gate/a.ts', "import { keys } from '../../test/vectors/keys.ts';", 'nobody may import'],
    ['src/link/link.ts', "import { broker } from './testing.ts';", 'which is for tests'],
    ['src/gate/a.test.ts', "import { row } from '../journal/row.ts';", "past its room's door"],
    ['src/main/a.ts', "import { row } from '../journal/row.ts';", "past its room's door"],
    ['src/gate/a.ts', "import koffi from 'koffi';", 'package koffi belongs to device/*'],
    ['src/gate/a.ts', "import type { Kysely } from 'kysely';", 'package kysely belongs to district'],
    ['src/gate/a.ts', "import x from 'left-pad';", 'package left-pad has no room'],
    [
      'src/verify/a.ts',
      "import { createHash } from 'node:crypto';",
      'room verify may not import node:crypto',
    ],
    ['src/crypto/browser.ts', "import { createHash } from 'node:crypto';", 'the browser half may not import'],
    ['src/attic/a.ts', '', 'there is no room attic'],
    ['src/ui/stray.ts', '', 'there is no room ui '],
  ])('refuses %s: %s', (path, text, words) => {
    expect(importViolations({ path, text }).join()).toContain(words);
  });

  it('is not fooled by imports in comments and strings', () => {
    const text =
      "// import x from '../decide/index.ts'\nexport const a = \"import x from '../decide/index.ts'\";";
    expect(importViolations({ path: 'src/base/a.ts', text })).toEqual([]);
  });
});

describe('circles', () => {
  const file = (path: string, ...imported: string[]) => ({
    path,
    text: imported.map((from) => `import type { X } from '${from}';`).join('\n'),
  });

  it.each([
    [
      'two',
      [file('src/a/a.ts', './b.ts'), file('src/a/b.ts', './a.ts')],
      ['src/a/a.ts → src/a/b.ts → src/a/a.ts'],
    ],
    [
      'three of five',
      [
        file('src/a/a.ts', './b.ts'),
        file('src/a/b.ts', './c.ts', './d.ts'),
        file('src/a/c.ts', './b.ts'),
        file('src/a/d.ts', '../b/e.ts'),
        file('src/b/e.ts', '../a/b.ts'),
      ],
      ['src/a/b.ts → src/a/c.ts → src/a/b.ts', 'src/a/d.ts → src/b/e.ts → src/a/b.ts → src/a/d.ts'],
    ],
    ['none', [file('src/a/a.ts', './b.ts', './c.ts'), file('src/a/b.ts', './c.ts'), file('src/a/c.ts')], []],
    ['a test', [file('src/a/a.ts', './a.test.ts'), file('src/a/a.test.ts', './a.ts')], []],
  ])('are told: %s', (_name, files, told) => {
    expect(importCircles(files)).toEqual(told);
  });
});

describe('habits', () => {
  it.each([
    ['src/decide/a.ts', 'export const now = Date.now();', 'Date.now'],
    ['src/decide/a.ts', 'export const clock = Date.now;', 'Date.now'],
    ['src/time/a.ts', 'export const now = new Date();', 'new Date()'],
    ['src/base/a.ts', 'export const id = Math.random();', 'Math.random'],
    ['src/base/a.ts', 'export const t = globalThis.performance.now();', 'performance.now'],
    ['src/verify/a.ts', 'setTimeout(() => {}, 1);', 'setTimeout'],
    ['src/gate/a.ts', 'export const home = process.env.HOME;', 'reads the environment'],
    ['src/gate/a.ts', "export const home = process['env'];", 'reads the environment'],
    ['src/gate/a.ts', "import { env } from 'node:process';", 'reads the environment'],
    ['src/gate/a.ts', 'export const r = {} as Receipt;', 'casts to Receipt'],
    ['src/gate/a.test.ts', 'export const r = {} as unknown as Receipt;', 'casts to Receipt'],
    ['src/gate/a.ts', 'export const r = {} as unknown as ports.Receipt;', 'casts to Receipt'],
    ['src/gate/a.ts', 'export const r = {} as Parameters<(x: Receipt) => void>[0];', 'casts to Receipt'],
  ])('refuses %s: %s', (path, text, words) => {
    expect(habitViolations({ path, text }).join()).toContain(words);
  });

  it.each([
    ['src/decide/a.ts', 'export const at = (ms: number) => new Date(ms);'],
    ['src/decide/a.test.ts', 'export const now = Date.now();'],
    ['src/gate/a.ts', 'export const timer = setTimeout(() => {}, Date.now());'],
    ['config/load.ts', 'export const home = process.env.HOME;'],
    ['src/journal/a.ts', 'export const r = {} as unknown as Receipt;'],
    ['src/decide/a.ts', '// Date.now() is not called here\nexport const a = "process.env";'],
  ])('allows %s: %s', (path, text) => {
    expect(habitViolations({ path, text })).toEqual([]);
  });

  it('finds each place where a receipt is made', () => {
    const uses = usesOf('mintReceipt', [
      { path: 'src/journal/a.ts', text: 'export function mintReceipt() {}' },
      { path: 'src/gate/a.ts', text: 'x.mintReceipt();\nmintReceipt();' },
      { path: 'src/gate/a.test.ts', text: 'mintReceipt();' },
    ]);
    expect(uses).toEqual({
      declared: ['src/journal/a.ts:1'],
      called: ['src/gate/a.ts:1', 'src/gate/a.ts:2'],
    });
  });
});

describe('shape', () => {
  it('counts lines: 400 pass, 401 do not', () => {
    expect(shapeViolations({ path: 'src/base/a.ts', text: 'x\n'.repeat(400) })).toEqual([]);
    expect(shapeViolations({ path: 'src/base/a.ts', text: 'x\n'.repeat(401) })).toHaveLength(1);
  });

  it.each(['src/base/boundedQueue.ts', 'src/base/Queue.ts', 'src/base/a_b.ts', 'device/Door/a.ts'])(
    'refuses the name %s',
    (path) => {
      expect(shapeViolations({ path, text: '' }).join()).toContain('kebab-case');
    },
  );

  it('asks a room to introduce itself, and to have a door', () => {
    expect(shapeViolations({ path: 'src/base/index.ts', text: 'export {};' })).toHaveLength(1);
    expect(shapeViolations({ path: 'src/base/index.ts', text: '/** Small words. */' })).toEqual([]);
    expect(roomsWithoutDoor(['src/base/a.ts', 'src/code/index.ts', 'src/code/b.ts'])).toEqual(['base']);
  });

  it('finds what ties the repository to a machine', () => {
    const host = ['registry', 'npmjs', 'org'].join('.');
    const lines = [`see https://${host}/x`, `cd ${['', 'root', 'menwei'].join('/')}`];
    for (const text of lines) expect(machineViolations({ path: 'docs/a.md', text })).toHaveLength(1);
    expect(machineViolations({ path: 'package-lock.json', text: '{"resolved": ""}' })).toHaveLength(1);
    expect(machineViolations({ path: 'docs/a.md', text: 'let it work/rest' })).toEqual([]);
  });
});

describe('places', () => {
  it('knows rooms and doors', () => {
    expect(roomOf('src/ui/kit/qr.ts')).toBe('ui/kit');
    expect(roomOf('device/door/relay.ts')).toBe('device/door');
    expect(doorOf('src/journal/reading.ts')).toBe('journal/reading');
    expect(doorOf('src/ui/kit/index.ts')).toBe('ui/kit');
    expect(doorOf('src/gate/screens/index.ts')).toBeUndefined();
  });
});
