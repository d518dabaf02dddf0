/** Holds the repository to its own rules. When a rule is wrong, change the rule and docs/architecture.md together. */
import { describe, expect, it } from 'vitest';
import { importCircles } from './circles.ts';
import { habitViolations, usesOf } from './habits.ts';
import { importViolations } from './imports.ts';
import { isCode, repositoryFiles } from './places.ts';
import { machineViolations, roomsWithoutDoor, shapeViolations } from './shape.ts';

const files = repositoryFiles();
const code = files.filter((file) => isCode(file.path));

/** Strips whole-line comments, which JSON readers of these tools allow. */
function json(path: string): Record<string, unknown> {
  const text = files.find((file) => file.path === path)?.text ?? '{}';
  return JSON.parse(text.replace(/^\s*\/\/.*$/gm, '')) as Record<string, unknown>;
}

describe('the house', () => {
  it('is read at all', () => {
    expect(code.length).toBeGreaterThan(20);
  });

  it('imports across rooms only as its table allows', () => {
    expect(code.flatMap(importViolations)).toEqual([]);
  });

  it('has no files that import each other in a circle', () => {
    expect(importCircles(code)).toEqual([]);
  });

  it('keeps hidden clocks, hidden settings and forged receipts out', () => {
    expect(code.flatMap(habitViolations)).toEqual([]);
    // It reads every file as a program: a busy machine takes its time.
  }, 120_000);

  it('mints receipts in one place, after an append alone', () => {
    const { declared, called } = usesOf('mintReceipt', code);
    const inTheHouse = called.filter((place) => !place.startsWith('test/'));
    expect(declared).toEqual([expect.stringContaining('src/journal/receipts.ts:')]);
    expect(inTheHouse).toEqual([expect.stringContaining('src/journal/journal.ts:')]);
  });

  it('keeps files short, named in kebab-case, and rooms introduced', () => {
    expect(files.flatMap(shapeViolations)).toEqual([]);
    expect(roomsWithoutDoor(files.map((file) => file.path))).toEqual([]);
  });

  it('belongs to no machine and no registry', () => {
    expect(files.flatMap(machineViolations)).toEqual([]);
  });
});

describe('the tools', () => {
  it('hold functions to 70 lines and 3 parameters', () => {
    const rules = json('.oxlintrc.json')['rules'] as Record<string, [string, { max: number }]>;
    expect(rules['max-lines']).toEqual(['error', { max: 400 }]);
    expect(rules['max-lines-per-function']?.[1].max).toBe(70);
    expect(rules['max-params']).toEqual(['error', { max: 3 }]);
  });

  it('compile the pure rooms without Node and without the browser', () => {
    const pure = json('tsconfig.pure.json');
    expect(pure['compilerOptions']).toEqual({ lib: ['es2023', 'esnext.temporal'], types: [] });
    expect(pure['include']).toEqual(
      ['base', 'code', 'wire', 'verify', 'decide', 'time'].map((room) => `src/${room}`),
    );
  });

  it('name every package by one exact version', () => {
    const manifest = json('package.json');
    const versions = ['dependencies', 'devDependencies', 'optionalDependencies'].flatMap((kind) =>
      Object.entries((manifest[kind] ?? {}) as Record<string, string>),
    );
    expect(versions.filter(([, version]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version))).toEqual([]);
  });
});
