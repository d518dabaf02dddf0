import { execFileSync } from 'node:child_process';
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
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { extentOf, mounted, RaspberryPi } from '../../../device/rig/index.ts';
import { openJournalReader } from '../../../src/journal/reading.ts';
import { chainedRow } from '../../../src/wire/index.ts';
import type { CodeMaker } from '../../scenario/mixed-codes.ts';
import type { Row } from '../../scenario/trial.ts';
import { CABLE, LINE, setUpPlace } from '../place.ts';
import { count, measure, tellPromises } from '../promises.ts';

/**
 * The image of a Raspberry Pi's card in QEMU's Raspberry Pi, whose processor and GPIO controller are those of a Zero 2 W: started by
 * what its firmware would read there, and a code at a USB scanner that moves a pin of the board. MENWEI_IMAGE names an image of
 * `scripts/image arm64`; without it that of dist/images is taken.
 */
const ROOT = join(import.meta.dirname, '../../..');
const IMAGE = process.env['MENWEI_IMAGE'] ?? join(ROOT, 'dist/images/menwei-arm64.img');
/** What a board does in a second takes the emulator half a minute; a start that takes its time is no failure here. */
const PATIENCE = '[Service]\nTimeoutStartSec=30min\nWatchdogSec=10min\n';
const OPEN_MS = 2_400_000;
/** Until a scan has moved the pin; held up again meanwhile, as people do. */
const SCANNED_MS = 600_000;
const AGAIN_MS = 90_000;
/** Before that the same code on the same lane is the same entry, and opens again (docs/code-format.md, step 7). */
const GRACE_OVER_MS = 20_000;

const whyNot = whyNoBoard();
if (whyNot !== undefined) process.stderr.write(`SKIPPED: the image of a Pi is not started: ${whyNot}\n`);

describe.skipIf(whyNot !== undefined)('a card in a Raspberry Pi', () => {
  let folder: string;
  let card: string;
  let codes: CodeMaker;
  let board: RaspberryPi;
  let used: string;
  let name: string;
  let root: string;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'menwei-board-'));
    card = join(folder, 'card.img');
    execFileSync('cp', ['--sparse=always', IMAGE, card]);
    const readers = [{ id: 'scanner', type: 'serial', path: CABLE }];
    const door = { contact: undefined, exitButton: undefined, fire: undefined };
    codes = await setUpPlace(join(folder, 'place'), {
      readers,
      door,
      more: { dataDir: '/var/lib/menwei/gate' },
    });
    layOnCard();
    board = await powerOn();
  }, 900_000);
  afterAll(async () => {
    await board?.cut();
    rmSync(folder, { recursive: true, force: true });
    tellPromises('a card in a Raspberry Pi');
  });

  const powerOn = () => RaspberryPi.start({ card, folder: join(folder, 'board'), pin: LINE.relay });

  /** As the set-up page leaves a card. */
  function layOnCard(): void {
    const passwd = mounted(card, 'root', (at) => {
      const patience = join(at, 'etc/systemd/system/menwei-gate.service.d');
      mkdirSync(patience);
      writeFileSync(join(patience, 'emulator.conf'), PATIENCE);
      return readFileSync(join(at, 'etc/passwd'), 'utf8');
    });
    const [, uid = '', gid = ''] = /^menwei:[^:]*:(\d+):(\d+):/m.exec(passwd) ?? [];
    mounted(card, 'data', (data) => {
      const place = join(folder, 'place');
      for (const file of ['gate.yaml', 'root.json']) copyFileSync(join(place, file), join(data, 'etc', file));
      cpSync(join(place, 'data'), join(data, 'menwei/gate'), { recursive: true });
      for (const part of ['etc', 'menwei']) owned(join(data, part), Number(uid), Number(gid));
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

  /** The gate has asked for its relay's line, and its machine for a name at the console. */
  async function isOpen(): Promise<string> {
    const startedMs = Date.now();
    const named = () => /(gate-[0-9a-f]{4}) login:/.exec(board.console)?.[1];
    await until(
      () => board.drives(),
      () => 'the relay’s pin is driven',
      OPEN_MS,
    );
    measure('from power-on until the relay’s pin is driven, on a Raspberry Pi', Date.now() - startedMs);
    await until(
      () => named() !== undefined,
      () => 'the machine has a name',
      OPEN_MS,
    );
    return named() ?? '';
  }

  /** @returns the code that the pin moved for */
  async function opens(): Promise<string> {
    const before = board.levels.length;
    const end = Date.now() + SCANNED_MS;
    let shown = '';
    while (board.levels.length === before && Date.now() < end) {
      shown = codes.pass().text;
      board.scan(shown);
      await until(
        () => board.levels.length > before,
        () => 'the pin moves',
        AGAIN_MS,
      ).catch(() => undefined);
    }
    await until(
      () => board.levels.length >= before + 2,
      () => `the pin rests: ${board.levels.join()}`,
      SCANNED_MS,
    );
    expect(board.levels.slice(before)).toEqual([1, 0]);
    return shown;
  }

  const sumOfRoot = () => {
    const { at, bytes } = extentOf(card, 'root');
    const read = `dd if="$0" bs=1M iflag=skip_bytes,count_bytes skip=${at} count=${bytes} status=none | sha256sum`;
    return execFileSync('bash', ['-c', read, card], { encoding: 'utf8' });
  };

  test(
    'starts by what its firmware reads, under a name of its own',
    async () => {
      name = await isOpen();
      expect(name).toMatch(/^gate-[0-9a-f]{4}$/);
      count('a card starts a Raspberry Pi', 1);
    },
    2 * OPEN_MS,
  );

  test('moves no pin until a code is shown: the board’s own controller holds it at rest', () => {
    expect(board.levels).toEqual([0]);
    count('no pulse at boot, looked at in the board’s register (R1)', board.samples);
  });

  test(
    'opens for a code at a USB scanner: the pin goes up, and down again',
    async () => {
      used = await opens();
      count('a code at a USB scanner moves the board’s pin, up and down (R2)', 1);
    },
    3 * SCANNED_MS,
  );

  test(
    'moves nothing for a used code',
    async () => {
      await new Promise((resolve) => setTimeout(resolve, GRACE_OVER_MS));
      board.scan(used);
      await opens();
      count('a used code moves nothing (A1)', 1);
    },
    3 * SCANNED_MS,
  );

  test(
    'keeps what it did through a power cut, and its root as it was',
    async () => {
      root = sumOfRoot();
      await board.cut();
      const rows = rowsOnCard();
      expect(rows.filter(({ decision }) => decision === 'granted').length).toBeGreaterThanOrEqual(2);
      expect(rows.some(({ refusal }) => refusal === 'pass-used-up')).toBe(true);
      board = await powerOn();
      expect(await isOpen()).toBe(name);
      expect(board.levels).toEqual([0]);
      board.scan(used);
      await opens();
      await board.cut();
      expect(sumOfRoot()).toBe(root);
      count('rows before a power cut are on the card, and used codes stay used (J1, A1)', 2);
    },
    2 * OPEN_MS + 3 * SCANNED_MS,
  );

  /** As the next start would find them: the file system's log is played when it is mounted. */
  function rowsOnCard(): Row[] {
    return mounted(card, 'data', (data) => {
      const copy = mkdtempSync(join(folder, 'journal-'));
      const from = join(data, 'menwei/gate');
      for (const file of readdirSync(from).filter((each) => each.startsWith('journal.sqlite')))
        copyFileSync(join(from, file), join(copy, file));
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
  chmodSync(path, 0o700);
  for (const entry of readdirSync(path, { withFileTypes: true })) {
    const below = join(path, entry.name);
    if (entry.isDirectory()) owned(below, uid, gid);
    else chownSync(below, uid, gid);
  }
}
