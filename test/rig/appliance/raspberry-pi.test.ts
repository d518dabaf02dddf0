import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { extentOf, mounted, RaspberryPi } from '../../../device/rig/index.ts';
import { openJournalReader } from '../../../src/journal/reading.ts';
import { chainedRow } from '../../../src/wire/index.ts';
import type { CodeMaker } from '../../scenario/mixed-codes.ts';
import type { Row } from '../../scenario/trial.ts';
import { timeServer, type TimeServer } from '../../twins/time-server.ts';
import { freePort } from '../pi-trial.ts';
import { CABLE, LINE, setUpPlace } from '../place.ts';
import { count, measure, tellPromises } from '../promises.ts';

/**
 * The image of a Raspberry Pi's card in QEMU's Raspberry Pi, whose processor and GPIO controller are those of a Zero 2 W: started by
 * what its firmware would read there, in the network by itself, the time from the site's own server, and a code at a USB scanner
 * that moves a pin of the board. MENWEI_IMAGE names an image of `scripts/image arm64`; dist/images has it after one was made.
 */
const ROOT = join(import.meta.dirname, '../../..');
const IMAGE = process.env['MENWEI_IMAGE'] ?? join(ROOT, 'dist/images/menwei-arm64.img');
const OPEN_MS = 2_400_000;
const SCANNED_MS = 600_000;
/** What udev, NetworkManager and the gate still do when the gate has answered for the first time. */
const READY_MS = 900_000;

const whyNot = whyNoBoard();
if (whyNot !== undefined) process.stderr.write(`SKIPPED: the image of a Pi is not started: ${whyNot}\n`);

describe.skipIf(whyNot !== undefined)('a card in a Raspberry Pi', () => {
  let folder: string;
  let card: string;
  let port: number;
  let codes: CodeMaker;
  let time: TimeServer;
  let board: RaspberryPi;
  let used: string;
  let name: string;
  let rootBefore: string;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'menwei-board-'));
    card = join(folder, 'card.img');
    execFileSync('cp', ['--sparse=always', IMAGE, card]);
    time = await timeServer();
    const readers = [{ id: 'scanner', type: 'serial', path: CABLE }];
    const door = { contact: undefined, exitButton: undefined, fire: undefined };
    const more = { dataDir: '/var/lib/menwei/gate', http: { host: '0.0.0.0' }, clock: {} };
    codes = await setUpPlace(join(folder, 'place'), { readers, door, more });
    layOnCard();
    port = await freePort();
    board = await RaspberryPi.start({ card, folder: join(folder, 'board'), port, pin: LINE.relay });
  }, 900_000);
  afterAll(async () => {
    await board?.cut();
    await time?.stop();
    rmSync(folder, { recursive: true, force: true });
    tellPromises('a card in a Raspberry Pi');
  });

  /** As the set-up page leaves a card, and as docs/appliance.md says of an own time server. */
  function layOnCard(): void {
    const passwd = mounted(card, 'root', (root) => readFileSync(join(root, 'etc/passwd'), 'utf8'));
    const [, uid = '', gid = ''] = /^menwei:[^:]*:(\d+):(\d+):/m.exec(passwd) ?? [];
    mounted(card, 'data', (data) => {
      const place = join(folder, 'place');
      for (const file of ['gate.yaml', 'root.json']) copyFileSync(join(place, file), join(data, 'etc', file));
      cpSync(join(place, 'data'), join(data, 'menwei/gate'), { recursive: true });
      for (const part of ['etc', 'menwei']) owned(join(data, part), Number(uid), Number(gid));
      const server = `server 10.0.2.2 port ${time.port} iburst trust require\n`;
      writeFileSync(join(data, 'time-sources/site.sources'), server);
    });
  }

  async function until(condition: () => boolean | Promise<boolean>, what: () => string, limitMs: number) {
    const end = Date.now() + limitMs;
    while (!(await condition())) {
      if (Date.now() > end || !board.running)
        throw new Error(`waited in vain: ${what()}\n${board.console.slice(-3_000)}`);
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
  }

  /** What the gate says of itself; empty while it does not answer. */
  const said = (path: string) => asked(port, path).catch(() => '');

  async function isReady(): Promise<void> {
    const startedMs = Date.now();
    await until(
      async () => (await said('/healthz')) !== '',
      () => 'the gate answers',
      OPEN_MS,
    );
    measure('from power-on until the gate answers, on a Raspberry Pi', Date.now() - startedMs);
    let problems = '';
    const isGood = async () => {
      problems = await said('/readyz');
      return problems !== '' && !/door of|reader |time/.test(problems);
    };
    await until(isGood, () => `door, reader and time are ready: ${problems}`, READY_MS);
  }

  /** Holds a code up until the pin has moved, or until `isOver`. */
  async function opens(text: string): Promise<void> {
    const before = board.levels.length;
    board.scan(text);
    await until(
      () => board.levels.length >= before + 2,
      () => `the pin moves: ${board.levels.join()}`,
      SCANNED_MS,
    );
    expect(board.levels.slice(before)).toEqual([1, 0]);
  }

  const sumOfRoot = () => {
    const { at, bytes } = extentOf(card, 'root');
    return execFileSync('bash', [
      '-c',
      `dd if="$0" bs=1M iflag=skip_bytes,count_bytes skip=${at} count=${bytes} status=none | sha256sum`,
      card,
    ]).toString();
  };

  test(
    'starts by what its firmware reads, and the gate answers under a name of its own',
    async () => {
      await isReady();
      name = await nameOf(port);
      expect(name).toMatch(/^gate-[0-9a-f]{4}$/);
      expect(time.answers()).toBeGreaterThan(0);
      count('a card starts a Raspberry Pi, and takes the time from the site’s own server', 1);
    },
    OPEN_MS + READY_MS,
  );

  test('moves no pin until a code is shown, and holds the relay’s by the board’s own controller', async () => {
    expect(board.levels).toEqual([0]);
    expect(await board.drives()).toBe(true);
    count('no pulse at boot, by the board’s own register (R1)', board.samples);
  });

  test(
    'opens for a code at a USB scanner: the pin goes up, and down again',
    async () => {
      used = codes.pass().text;
      await opens(used);
      await opens(codes.pass().text);
      count('a code at a USB scanner moves the board’s pin, up and down (R2)', 2);
    },
    2 * SCANNED_MS,
  );

  test(
    'refuses a used code',
    async () => {
      const before = board.levels.length;
      board.scan(used);
      await until(
        async () => /pass-used-up/.test(await said('/metrics')),
        () => 'told',
        SCANNED_MS,
      );
      expect(board.levels).toHaveLength(before);
      count('a used code moves nothing (A1)', 1);
    },
    SCANNED_MS,
  );

  test(
    'keeps what it told through a power cut, and writes nothing to its root',
    async () => {
      rootBefore = sumOfRoot();
      await board.cut();
      const rows = rowsOnCard();
      expect(rows.filter(({ decision }) => decision === 'granted')).toHaveLength(2);
      board = await RaspberryPi.start({ card, folder: join(folder, 'board'), port, pin: LINE.relay });
      await isReady();
      expect(await nameOf(port)).toBe(name);
      expect(board.levels).toEqual([0]);
      board.scan(used);
      await until(
        async () => /pass-used-up/.test(await said('/metrics')),
        () => 'told',
        SCANNED_MS,
      );
      expect(board.levels).toEqual([0]);
      await opens(codes.pass().text);
      await board.cut();
      expect(sumOfRoot()).toBe(rootBefore);
      count('rows told before a power cut are on the card, and used codes stay used (J1, A1)', 2);
    },
    OPEN_MS + READY_MS + 3 * SCANNED_MS,
  );

  /** As the next start would find them: the log of the file system is played when it is mounted. */
  function rowsOnCard(): Row[] {
    return mounted(card, 'data', (data) => {
      const copy = join(folder, `journal-${createHash('sha256').update(String(Date.now())).digest('hex')}`);
      mkdirSync(copy);
      for (const file of readdirSync(join(data, 'menwei/gate')).filter((each) =>
        each.startsWith('journal.sqlite'),
      ))
        copyFileSync(join(data, 'menwei/gate', file), join(copy, file));
      const reader = openJournalReader(join(copy, 'journal.sqlite'));
      try {
        return [...reader.iterate(1)].map((row) => chainedRow.parse(row));
      } finally {
        reader.close();
      }
    });
  }
});

function whyNoBoard(): string | undefined {
  if (process.getuid?.() !== 0) return 'not root';
  if (!existsSync(IMAGE)) return `no image at ${IMAGE} (scripts/image arm64 makes it)`;
  const missing = ['qemu-system-aarch64', 'mcopy', 'losetup'].filter((each) => !isThere(each));
  return missing.length === 0 ? undefined : `missing here: ${missing.join(' ')}`;
}

function isThere(program: string): boolean {
  const folders = `${process.env['PATH'] ?? ''}:/usr/sbin:/sbin`.split(':');
  return folders.some((each) => existsSync(join(each, program)));
}

function owned(path: string, uid: number, gid: number): void {
  chownSync(path, uid, gid);
  const entries = readdirSync(path, { withFileTypes: true });
  for (const entry of entries) {
    const below = join(path, entry.name);
    if (entry.isDirectory()) owned(below, uid, gid);
    else chownSync(below, uid, gid);
  }
  chmodSync(path, 0o700);
}

/** The gate's own certificate is not known here. */
function asked(port: number, path: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const options = { host: '127.0.0.1', port, path, rejectUnauthorized: false, timeout: 60_000 };
    const call = request(options, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (part: string) => {
        text += part;
      });
      response.on('end', () => resolve(text));
    });
    call.on('timeout', () => call.destroy(new Error('no answer')));
    call.on('error', reject);
    call.end();
  });
}

function nameOf(port: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port, rejectUnauthorized: false }, () => {
      const { subjectaltname = '' } = socket.getPeerCertificate();
      socket.end();
      resolve(/DNS:(gate-[0-9a-f]+)/.exec(subjectaltname)?.[1] ?? subjectaltname);
    });
    socket.on('error', reject);
  });
}
