import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findGate } from '../../../config/load.ts';
import { ConfigEditor } from './config-editor.ts';

const BEFORE = `# The north gate. Ask the porter for the key of the box.
dataDir: data # on the big disk
lanes:
  - id: main
    # the scanner on the post
    readers:
      - { id: post, type: serial, path: /dev/serial/by-id/old }
      - { id: page, type: display }
    door:
      driver: gpio
      chip: pinctrl-rp1
      relay: { line: 17 }
      passage: { line: 24 }
`;

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'menwei-editor-'));
  file = join(folder, 'gate.yaml');
  writeFileSync(file, BEFORE, { mode: 0o640 });
});
afterEach(() => rmSync(folder, { recursive: true }));

const editor = () => new ConfigEditor(file, {});

function lane() {
  const found = findGate(file, {});
  if (!found.ok || found.value.enrolled) throw new Error('it is no gate’s file any more');
  return found.value.file.lanes[0];
}

describe('a configuration that the set-up page changes', () => {
  it('takes a reader in the place of the old one, keeps comments, mode, and the file before', () => {
    const reader = { id: 'post', type: 'hid-pos', path: '/dev/hidraw3' } as const;
    expect(editor().setReader('main', reader).ok).toBe(true);
    expect(lane()?.readers).toEqual([reader, { id: 'page', type: 'display' }]);
    const text = readFileSync(file, 'utf8');
    for (const comment of ['# The north gate.', '# on the big disk', '# the scanner on the post'])
      expect(text).toContain(comment);
    expect(readFileSync(`${file}.before`, 'utf8')).toBe(BEFORE);
    expect(statSync(file).mode & 0o777).toBe(0o640);
    expect(readdirSync(folder).sort()).toEqual(['gate.yaml', 'gate.yaml.before']);
  });

  it('takes one more reader, and lets one go', () => {
    const more = {
      id: 'keys',
      type: 'keyboard',
      path: '/dev/input/by-id/k-event-kbd',
      layout: 'us',
    } as const;
    expect(editor().setReader('main', more).ok).toBe(true);
    expect(editor().removeReader('main', 'post').ok).toBe(true);
    expect(lane()?.readers.map(({ id }) => id)).toEqual(['page', 'keys']);
  });

  it('wires the door anew, and leaves what it was not asked about', () => {
    const relay = { line: 5, activeLow: true, pulseMs: 1_000 };
    expect(editor().setDoor('main', { relay, contact: { line: 6, activeLow: true } }).ok).toBe(true);
    expect(lane()?.door).toMatchObject({
      driver: 'gpio',
      chip: 'pinctrl-rp1',
      relay,
      contact: { line: 6 },
      passage: { line: 24 },
    });
  });

  it('leaves of a reader what was not chosen, and its comments', () => {
    const keys = '/dev/input/by-id/k-event-kbd';
    const slow = `{ id: post, type: keyboard, path: ${keys}, layout: de, idleMs: 900 } # it is slow`;
    writeFileSync(file, BEFORE.replace('{ id: post, type: serial, path: /dev/serial/by-id/old }', slow));
    const chosen = { id: 'post', type: 'keyboard', path: keys, layout: 'us' } as const;
    expect(editor().setReader('main', chosen).ok).toBe(true);
    expect(lane()?.readers[0]).toEqual({ ...chosen, idleMs: 900 });
    expect(readFileSync(file, 'utf8')).toContain('# it is slow');
  });

  it('changes the door of one lane alone where two share theirs by an alias', () => {
    const two = [
      'dataDir: data',
      'lanes:',
      '  - { id: main, readers: [{ id: page, type: display }], door: &door { driver: simulated } }',
      '  - { id: back, readers: [{ id: page-2, type: display }], door: *door }',
    ];
    writeFileSync(file, `${two.join('\n')}\n`);
    const relay = { line: 5, activeLow: true, pulseMs: 300 };
    expect(editor().setDoor('main', { relay }).ok).toBe(true);
    const found = findGate(file, {});
    if (!found.ok || found.value.enrolled) throw new Error('it is no gate’s file any more');
    expect(found.value.file.lanes.map(({ door }) => door.driver)).toEqual(['gpio', 'simulated']);
  });

  it.each([
    [
      'the last reader goes',
      () => [editor().removeReader('main', 'post'), editor().removeReader('main', 'page')],
    ],
    [
      'a line is wired twice',
      () => [editor().setDoor('main', { relay: { line: 24, activeLow: false, pulseMs: 500 } })],
    ],
    ['a reader is not there', () => [editor().removeReader('main', 'nobody')]],
    ['a lane is not there', () => [editor().removeReader('south', 'post')]],
  ])('is left as it was when %s, and says why', (_, change) => {
    const outcome = change().at(-1);
    expect(outcome).toMatchObject({ ok: false, error: expect.stringMatching(/lane/) });
    expect(findGate(file, {}).ok).toBe(true);
    expect(readdirSync(folder).some((name) => name.includes('draft'))).toBe(false);
  });
});
