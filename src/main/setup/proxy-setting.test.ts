import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { setupProxy } from '../../wire/index.ts';
import { askThrough, proxyInUse } from '../proxy.ts';
import { ConfigEditor } from './config-editor.ts';
import { configOf } from './new-machine.ts';
import { setProxy, shownProxy } from './proxy-setting.ts';

const BEFORE = `dataDir: data # on the big disk
lanes:
  - { id: main, readers: [{ id: page, type: display }], door: { driver: simulated } }
`;
const PASSWORD = 'canary-proxy-31';

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'menwei-proxy-setting-'));
  file = join(folder, 'gate.yaml');
  writeFileSync(file, BEFORE);
});
afterEach(() => {
  askThrough(undefined, { environment: {} });
  rmSync(folder, { recursive: true });
});

function save(wanted: object): string | undefined {
  const editor = new ConfigEditor(file, {});
  return setProxy(setupProxy.parse(wanted), {
    config: () => configOf(file),
    write: (proxy) => editor.setProxy(proxy),
  });
}

const url = 'http://proxy.example:3128';
const signedIn = { method: 'proxy', url, username: 'north-1', password: PASSWORD };

describe('the proxy of the set-up page', () => {
  it('is written beside what was there, holds at once, and its password is not shown', () => {
    expect(save({ ...signedIn, direct: ['district.example'] })).toBeUndefined();
    expect(readFileSync(file, 'utf8')).toContain('# on the big disk');
    expect(configOf(file).proxy).toMatchObject({ url, password: PASSWORD });
    expect(proxyInUse()?.proxy.direct).toEqual(['district.example']);
    expect(shownProxy()).toMatchObject({ url, username: 'north-1', hasPassword: true, from: 'file' });
    expect(JSON.stringify(shownProxy())).not.toContain(PASSWORD);
  });

  it('keeps a password that is not said again, and hands it to no other proxy', () => {
    save(signedIn);
    const { password: _, ...again } = signedIn;
    save({ ...again, direct: ['.lan'] });
    expect(configOf(file).proxy?.password).toBe(PASSWORD);
    save({ ...again, url: 'http://other.example:3128' });
    expect(configOf(file).proxy).toEqual({
      url: 'http://other.example:3128',
      username: 'north-1',
      direct: [],
    });
  });

  it('goes, and nothing of it stays in the file', () => {
    save(signedIn);
    expect(save({ method: 'none' })).toBeUndefined();
    expect(readFileSync(file, 'utf8')).not.toMatch(/proxy|north/);
    expect(configOf(file).lanes).toHaveLength(1);
    expect(shownProxy()).toBeUndefined();
  });

  it('takes over the password of the environment’s, and says where that one must be taken out', () => {
    vi.stubEnv('https_proxy', `http://north-1:${PASSWORD}@proxy.example:3128`);
    try {
      askThrough(undefined);
      expect(save({ method: 'none' })).toMatch(/^proxy: .*environment/);
      expect(shownProxy()).toMatchObject({ from: 'environment', hasPassword: true });
      const { password: _, ...again } = signedIn;
      expect(save(again)).toBeUndefined();
      expect(configOf(file).proxy?.password).toBe(PASSWORD);
    } finally {
      vi.unstubAllEnvs();
    }
  });

  it.each([
    'proxy.example:3128',
    'https://proxy.example:3128',
    'socks5://proxy.example:1080',
    'http://proxy.example',
    'http://a:b@proxy.example:3128',
    'http://proxy.example:99999',
    'http://proxy.example:3128/path',
    'http://proxy.example:3128\nmqtt: {}',
  ])('is not %j', (address) => {
    expect(setupProxy.safeParse({ method: 'proxy', url: address }).success).toBe(false);
  });
});
