import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { setupTime } from '../../wire/index.ts';
import { lookAtTime, setTime } from './time-server.ts';

let root: string;
/** What chronyc and timedatectl answer. */
let answers: Readonly<Record<string, string>>;
let isBelieved: boolean;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'menwei-time-'));
  answers = { chronyc: '' };
  isBelieved = false;
});
afterEach(() => rmSync(root, { recursive: true }));

const parts = () => ({
  programs: {
    has: (name: string) => name in answers,
    run: (name: string) => Promise.resolve(answers[name]),
  },
  root,
  isBelieved: () => isBelieved,
});
const folder = () => join(root, 'data/time-sources');
const file = () => join(folder(), 'site.sources');
const onTheImage = () => mkdirSync(folder(), { recursive: true });
const own = (server: string, nts = false) => setTime({ method: 'own', server, nts }, parts());

describe('who sets the clock', () => {
  it('on the image is asked of chrony, whatever other files are there', async () => {
    onTheImage();
    mkdirSync(join(root, 'etc/systemd'), { recursive: true });
    writeFileSync(join(root, 'etc/systemd/timesyncd.conf'), '[Time]\nNTP=nobody.example\n');
    answers = { chronyc: '^,?,far.example,0,6,0\n^,*,ntp.example,2,6,17,6,-0.1,-0.1,0.2\n' };
    expect(await lookAtTime(parts())).toMatchObject({ service: 'chrony', name: 'ntp.example', canSet: true });
  });

  it('is nobody yet where no server has answered', async () => {
    onTheImage();
    answers = { chronyc: '^,?,ntp.example,0,6,0,4294967295,0.0,0.0,0.0\n' };
    expect(await lookAtTime(parts())).not.toHaveProperty('name');
  });

  it('on a Debian with chrony is told, and named by hand', async () => {
    mkdirSync(join(root, 'etc/chrony'), { recursive: true });
    expect(await lookAtTime(parts())).toMatchObject({ service: 'chrony', canSet: false });
    expect(own('ntp.example')).toMatch(/^server: .*by hand/);
  });

  it('with systemd-timesyncd is whom that follows, not whom its file hopes for', async () => {
    mkdirSync(join(root, 'etc/systemd'), { recursive: true });
    writeFileSync(join(root, 'etc/systemd/timesyncd.conf'), '[Time]\nNTP=hoped.example\n');
    answers = { timedatectl: 'followed.example\n' };
    expect(await lookAtTime(parts())).toMatchObject({ service: 'timesyncd', name: 'followed.example' });
  });

  it('is nobody where no time service is there', async () => {
    answers = {};
    expect(await lookAtTime(parts())).toMatchObject({ service: 'none', canSet: false });
  });
});

describe('a time server of the site’s own', () => {
  beforeEach(onTheImage);

  it('is one line that chrony may read, and is followed beside servers with NTS', async () => {
    expect(own('ntp.example')).toBeUndefined();
    expect(readFileSync(file(), 'utf8')).toMatch(/\nserver ntp\.example iburst trust require\n$/);
    expect(statSync(file()).mode & 0o777).toBe(0o644);
    expect((await lookAtTime(parts())).own).toEqual({ server: 'ntp.example', nts: false });
    expect(own('nts.example', true)).toBeUndefined();
    expect(readFileSync(file(), 'utf8')).toMatch(/\nserver nts\.example iburst nts\n$/);
    expect((await lookAtTime(parts())).own).toEqual({ server: 'nts.example', nts: true });
  });

  it('gives way to the usual ones; a file that was made by hand is kept', () => {
    writeFileSync(file(), 'pool by-hand.example iburst\n');
    expect(own('ntp.example')).toBeUndefined();
    expect(readFileSync(`${file()}.before`, 'utf8')).toBe('pool by-hand.example iburst\n');
    expect(setTime({ method: 'usual' }, parts())).toBeUndefined();
    expect(existsSync(file())).toBe(false);
    expect(readdirSync(folder()).filter((name) => name.endsWith('.sources'))).toEqual([]);
  });

  it('must prove itself where the gate believes its machine’s time', () => {
    isBelieved = true;
    expect(own('ntp.example')).toMatch(/^nts: /);
    expect(existsSync(file())).toBe(false);
    expect(own('nts.example', true)).toBeUndefined();
  });

  it.each([
    'ntp.example\nbindcmdaddress 0.0.0.0',
    'ntp.example maxdelay 9',
    '-x',
    '/etc/shadow',
    'a..b',
    '',
    '!',
    'fe80::1%eth0',
  ])('is not %j', (server) => {
    expect(setupTime.safeParse({ method: 'own', server, nts: false }).success).toBe(false);
  });

  it.each(['192.0.2.7', '2001:db8::7', 'ntp', 'ntp-1.example'])('may be %s', (server) => {
    expect(setupTime.safeParse({ method: 'own', server, nts: true }).success).toBe(true);
  });

  it('writes no line but a server’s, whatever is sent', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.domain(), fc.ipV6()), (server) => {
        const wanted = setupTime.safeParse({ method: 'own', server, nts: false });
        if (!wanted.success) return;
        expect(setTime(wanted.data, parts())).toBeUndefined();
        expect(readFileSync(file(), 'utf8')).toMatch(
          /^#[^\n]*\nserver [A-Za-z0-9.:-]+ iburst trust require\n$/,
        );
      }),
    );
  });
});
