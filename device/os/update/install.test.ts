import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

/** The installer with a dpkg that only notes what it was told, and a program that starts or does not. */

const INSTALLER = join(import.meta.dirname, 'install.sh');
let folder: string;
let state: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'menwei-install-'));
  state = join(folder, 'state');
  for (const name of ['state', 'bin']) mkdirSync(join(folder, name));
  program(
    'dpkg',
    `[ "$1" = -L ] && exit 0; for last; do :; done; cat "$last" >"${folder}/runs"; echo "$last" >>"${folder}/told"`,
  );
  program('dpkg-query', 'echo Package: menwei; echo Status: installed');
  program('dpkg-deb', 'for last; do :; done; echo before >"$last"');
  program('menwei', `! grep -q bad "${folder}/runs"`);
  program('sync', ':');
  writeFileSync(join(folder, 'runs'), 'before');
});
afterEach(() => rmSync(folder, { recursive: true }));

function program(name: string, lines: string): void {
  const file = join(folder, 'bin', name);
  writeFileSync(file, `#!/bin/sh\n${lines}\n`);
  chmodSync(file, 0o755);
}

const install = (...args: readonly string[]) =>
  spawnSync('/bin/sh', [INSTALLER, ...args, state], {
    encoding: 'utf8',
    env: { PATH: `${join(folder, 'bin')}:/usr/bin:/bin` },
  });
const next = (text: string) => writeFileSync(join(state, 'next.deb'), text);
const runs = () => readFileSync(join(folder, 'runs'), 'utf8').trim();

describe('the installer of a release', () => {
  it('installs what is healthy, and keeps what was before', () => {
    next('good');
    expect(install()).toMatchObject({ status: 0 });
    expect(runs()).toBe('good');
    expect(readFileSync(join(state, 'previous.deb'), 'utf8').trim()).toBe('before');
    expect(existsSync(join(state, 'pending'))).toBe(false);
    // Until the one who called it has put the release on record.
    expect(existsSync(join(state, 'settled'))).toBe(true);
  });

  it('packs what was before on the disk, not in memory', () => {
    program(
      'dpkg-deb',
      `[ "$TMPDIR" = "${state}/keeping" ] || exit 1; for last; do :; done; echo before >"$last"`,
    );
    next('good');
    expect(install()).toMatchObject({ status: 0 });
  });

  it('keeps each file as it is, with its link and its rights', () => {
    const there = join(folder, 'there');
    mkdirSync(there);
    writeFileSync(join(there, 'a file'), 'its text', { mode: 0o750 });
    symlinkSync('a file', join(there, 'link'));
    const listed = ['/.', there, ...['a file', 'link', 'not there'].map((name) => join(there, name))];
    program(
      'dpkg',
      `if [ "$1" = -L ]; then cat "${folder}/listed"; else for last; do :; done; cat "$last" >"${folder}/runs"; fi`,
    );
    writeFileSync(join(folder, 'listed'), `${listed.join('\n')}\n`);
    program(
      'dpkg-deb',
      `cp -a "${state}/keeping/tree${there}" "${folder}/kept"; for last; do :; done; echo before >"$last"`,
    );
    next('good');
    expect(install()).toMatchObject({ status: 0 });
    const kept = join(folder, 'kept');
    expect(readdirSync(kept).toSorted()).toEqual(['a file', 'link']);
    expect(readFileSync(join(kept, 'link'), 'utf8')).toBe('its text');
    expect(readlinkSync(join(kept, 'link'))).toBe('a file');
    expect(statSync(join(kept, 'a file')).mode & 0o777).toBe(0o750);
  });

  it('goes back from what does not start', () => {
    next('bad');
    const { status, stdout } = install();
    expect(status, stdout).toBe(10);
    expect(stdout).toContain('going back');
    expect(runs()).toBe('before');
    expect(existsSync(join(state, 'pending'))).toBe(false);
  });

  it('changes nothing when there would be no way back', () => {
    program('dpkg-deb', 'exit 1');
    next('good');
    expect(install()).toMatchObject({ status: 12 });
    expect(runs()).toBe('before');
    expect(readdirSync(state).toSorted()).toEqual(['next.deb', 'running']);
  });

  it('leaves nothing of its packing, not what a power cut had left either', () => {
    mkdirSync(join(state, 'keeping'));
    writeFileSync(join(state, 'keeping/dpkg-deb.cut'), 'half');
    next('good');
    expect(install()).toMatchObject({ status: 0 });
    expect(readdirSync(state).toSorted()).toEqual(['next.deb', 'previous.deb', 'running', 'settled']);
  });

  it.each([
    ['good', 0, 'good'],
    ['bad', 10, 'before'],
  ])('settles what a power cut interrupted: %s', (text, status, after) => {
    next(text);
    writeFileSync(join(state, 'pending'), '');
    writeFileSync(join(state, 'running'), '');
    writeFileSync(join(state, 'previous.deb'), 'before');
    expect(install('--settle')).toMatchObject({ status });
    expect(runs()).toBe(after);
    expect(existsSync(join(state, 'pending'))).toBe(false);
  });

  it('goes back at once when the power went while it was going back', () => {
    next('good');
    for (const mark of ['pending', 'back', 'running']) writeFileSync(join(state, mark), '');
    writeFileSync(join(state, 'previous.deb'), 'before');
    expect(install('--settle')).toMatchObject({ status: 10 });
    expect(runs()).toBe('before');
    expect(readFileSync(join(folder, 'told'), 'utf8')).not.toContain('next.deb');
    expect(['pending', 'back'].filter((mark) => existsSync(join(state, mark)))).toEqual([]);
  });

  it('does not take what could not be read for what was there', () => {
    program('dpkg', `[ "$1" = -L ] && { echo ${folder}/runs; exit 0; }; echo told >>"${folder}/told"`);
    program('tar', 'case "$*" in *-c) echo cut; exit 2;; *) cat >/dev/null;; esac');
    next('good');
    expect(install()).toMatchObject({ status: 12 });
    expect(existsSync(join(folder, 'told'))).toBe(false);
  });

  it('settles nothing where nothing was interrupted', () => {
    expect(install('--settle')).toMatchObject({ status: 0, stdout: '' });
    expect(existsSync(join(folder, 'told'))).toBe(false);
  });
});
