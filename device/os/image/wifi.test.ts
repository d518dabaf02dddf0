import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

/** The Wi-Fi that somebody writes onto a card at a desk: what becomes NetworkManager's, and what does not. */

const SCRIPT = join(import.meta.dirname, 'files/menwei-wifi.sh');

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'menwei-wifi-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function take(text: string) {
  const file = join(folder, 'wifi.txt');
  writeFileSync(file, text);
  const { status, stdout, stderr } = spawnSync('/bin/sh', [SCRIPT, file, folder], { encoding: 'utf8' });
  const made = readdirSync(folder).filter((name) => name.includes('nmconnection'));
  const lines =
    made.length === 1 ? readFileSync(join(folder, 'card.nmconnection'), 'utf8').split('\n') : undefined;
  return { status, said: stdout + stderr, made, lines };
}

describe('the Wi-Fi that is written onto a card', () => {
  it('becomes a connection that root alone reads, whatever editor wrote the file', () => {
    const { status, lines } = take('\r\nssid=门口 5G\r\npsk=long-enough\r\n');
    expect(status).toBe(0);
    const ssid = [...Buffer.from('门口 5G')].map((byte) => `${byte};`).join('');
    expect(lines).toContain(`ssid=${ssid}`);
    expect(lines).toContain('psk=long-enough');
    expect(statSync(join(folder, 'card.nmconnection')).mode & 0o777).toBe(0o600);
  });

  it('keeps signs that a key file would take for its own', () => {
    const { lines } = take('ssid=1;2;[wifi]\npsk= back\\slash;#\n');
    expect(lines).toContain(`ssid=${[...Buffer.from('1;2;[wifi]')].map((byte) => `${byte};`).join('')}`);
    expect(lines).toContain('psk=\\sback\\\\slash;#');
    expect(lines?.filter((line) => line === '[wifi]')).toHaveLength(1);
  });

  it.each([
    ['no name', 'psk=long-enough\n', 'ssid'],
    ['a name of 33 bytes', `ssid=${'n'.repeat(33)}\npsk=long-enough\n`, 'ssid'],
    ['a short password', 'ssid=gate\npsk=seven77\n', 'psk'],
    ['a password of 64 letters', `ssid=gate\npsk=${'x'.repeat(64)}\n`, 'psk'],
    ['a password with a control sign', 'ssid=gate\npsk=long\tenough\n', 'psk'],
    ['nothing', '', 'ssid'],
  ])('%s makes none, and says what to write without repeating it', (_, text, field) => {
    const { status, made, said } = take(text);
    expect(status).toBe(1);
    expect(made).toEqual([]);
    expect(said).toContain(`wifi.txt: ${field}:`);
    expect(said).not.toMatch(/seven77|long/);
  });
});
