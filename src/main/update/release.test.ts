import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { documentSigner } from '../../issue/index.ts';
import { bringPackage, bringText } from './fetch-release.ts';
import { RELEASE_FILE, type ReleaseManifest } from '../../wire/index.ts';
import { judgeRelease, type Known, MISFITS, signRelease } from './release.ts';
import { readKeys, readState, writeState } from './state.ts';

const folder = mkdtempSync(join(tmpdir(), 'menwei-release-'));
afterAll(() => rmSync(folder, { recursive: true }));

const NOW = 1_800_000_000;
const maker = await documentSigner(new Uint8Array(32).fill(1));
const stranger = await documentSigner(new Uint8Array(32).fill(2));
const bytes = Buffer.from('a package');
const own = {
  architecture: 'amd64',
  file: 'menwei_1.2.0-1_amd64.deb',
  bytes: bytes.length,
  sha256: createHash('sha256').update(bytes).digest('hex'),
} as const;
const release: ReleaseManifest = {
  number: 7,
  version: '1.2.0-1',
  iat: NOW - 60,
  exp: NOW + 60,
  packages: [own],
};
const known: Known = {
  keys: [{ kid: maker.kid, key: maker.publicJwk }],
  nowSeconds: NOW,
  number: 6,
  failed: [],
  architecture: 'amd64',
};
const judged = async (of: Partial<ReleaseManifest> = {}, than: Partial<Known> = {}) => {
  const answer = judgeRelease(await signRelease(maker, { ...release, ...of }), { ...known, ...than });
  return answer.ok ? answer.value.own : MISFITS[answer.error];
};

describe('a release', () => {
  it('of a maker, newer than what runs, is taken', async () => {
    expect(await judged()).toEqual(own);
  });

  interface Case {
    readonly of?: Partial<ReleaseManifest>;
    readonly than?: Partial<Known>;
    readonly says: RegExp;
  }
  it.each<[string, Case]>([
    ['older than what runs', { than: { number: 8 }, says: /^release: is older/ }],
    ['that runs already', { than: { number: 7 }, says: /^release: runs here already/ }],
    ['out of date at this very second', { of: { exp: NOW }, says: /^release: is out of date/ }],
    ['of the future', { of: { iat: NOW + 86_401, exp: NOW + 90_000 }, says: /^clock: / }],
    ['that was not healthy here', { than: { failed: [7] }, says: /^release: was not healthy/ }],
    [
      'without a package for this machine',
      { than: { architecture: 'arm64' }, says: /^release: has no package for this machine/ },
    ],
    ['where nobody is trusted', { than: { keys: [] }, says: /^keys: / }],
    ['that is another one than was ordered', { than: { ordered: 8 }, says: /^release: is another one/ }],
  ])('%s is refused', async (_, { of, than, says }) => {
    expect(await judged(of, than)).toMatch(says);
  });

  it('of a stranger, even under the maker’s name, is refused', async () => {
    const text = await signRelease(stranger, release);
    const [header, payload, signature] = text.split('.');
    const makers = (await signRelease(maker, { ...release, number: 6 })).split('.')[0];
    for (const forged of [
      text,
      `${makers}.${payload}.${signature}`,
      `${header}.${payload}`,
      'x'.repeat(20_000),
    ]) {
      const answer = judgeRelease(forged, known);
      expect(answer.ok ? '' : MISFITS[answer.error]).toMatch(/^(signature|release): /);
    }
  });

  it('that is another document of the maker’s is refused', async () => {
    const answer = judgeRelease(await maker.sign('menwei-root+jwt', release), known);
    expect(answer).toEqual({ ok: false, error: 'other-document' });
  });

  it('with a file elsewhere, or a member that nobody knows, is refused', async () => {
    for (const payload of [
      { ...release, packages: [{ ...own, file: '../menwei_1.2.0-1_amd64.deb' }] },
      { ...release, hook: 'sh' },
      { ...release, packages: [{ ...own, bytes: 256 * 1024 * 1024 + 1 }] },
    ]) {
      const answer = judgeRelease(await maker.sign('menwei-release+jwt', payload), known);
      expect(answer).toEqual({ ok: false, error: 'bad-release' });
    }
  });
});

describe('bringing a release', () => {
  it('keeps a package only when it is what was signed', async () => {
    const target = join(folder, 'next.deb');
    const put = (content: string) => writeFileSync(join(folder, own.file), content);
    put('a packagf');
    expect(await bringPackage(folder, own, target)).toMatchObject({ ok: false });
    put('a package, and more');
    expect(await bringPackage(folder, own, target)).toMatchObject({ ok: false });
    put('a pack');
    expect(await bringPackage(folder, own, target)).toMatchObject({ ok: false });
    expect(existsSync(target) || existsSync(`${target}.new`)).toBe(false);
    put('a package');
    expect(await bringPackage(folder, own, target)).toEqual({ ok: true, value: true });
    expect(readFileSync(target, 'utf8')).toBe('a package');
  });

  it('reads no text without end, and no address that anybody on the way could change', async () => {
    writeFileSync(join(folder, RELEASE_FILE), 'x'.repeat(16_385));
    expect(await bringText(folder)).toMatchObject({ ok: false });
    expect(await bringText('http://releases.example/')).toMatchObject({
      ok: false,
      error: expect.stringMatching(/^address: is not https/) as string,
    });
  });
});

describe('what a machine remembers of releases', () => {
  it('is there again, and damage is said, not taken for nothing', () => {
    const place = join(folder, 'state');
    expect(readState(place)).toEqual({ number: 0, version: '', failed: [] });
    writeState(place, { number: 7, version: '1.2.0-1', failed: [5] });
    expect(readState(place)).toEqual({ number: 7, version: '1.2.0-1', failed: [5] });
    writeFileSync(join(place, 'release.json'), '{"number":-1}');
    expect(() => readState(place)).toThrow(/is damaged/);
  });

  it('knows no maker where there is no folder, and refuses what is no key', () => {
    expect(readKeys(join(folder, 'none'))).toEqual({ ok: true, value: [] });
    writeFileSync(join(folder, 'one.pub'), '{}');
    expect(readKeys(folder)).toMatchObject({ ok: false });
  });
});
