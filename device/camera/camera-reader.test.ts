import { access, mkdir, mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { monotonicMs } from '../../src/base/index.ts';
import type { Reader } from '../../src/ports/index.ts';
import type { CameraSettings } from './camera-command.ts';
import { cameraReader } from './camera-reader.ts';
import { createDecoder, type Decoder } from './decoder.ts';
import { directoryReader } from './directory-reader.ts';
import { pgm } from './pgm.ts';
import {
  emptyScene,
  machineClock as clock,
  type GreyPicture,
  pictureOf,
  png,
  rememberingSink,
  until,
} from './testing.ts';

const SIZE = { width: 320, height: 240 };
/** Writes the frames of a file for ever, about 25 a second; silent while it is empty, ends when it is gone. */
const FAKE_CAMERA = `
  const fs = require('node:fs');
  const [file, frameBytes] = process.argv.slice(1);
  let at = 0;
  setInterval(() => {
    let frames;
    try { frames = fs.readFileSync(file); } catch { console.error('no camera'); process.exit(1); }
    process.stdout.write(frames.subarray(at, at + Number(frameBytes)));
    at = (at + Number(frameBytes)) % (frames.length || 1);
  }, 40);
  process.stdout.on('error', () => process.exit(0));
`;

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
let folder: string;
let reader: Reader | undefined;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'menwei-camera-'));
});

afterEach(async () => {
  await reader?.stop();
  reader = undefined;
  await rm(folder, { recursive: true });
});

/** Five seconds in one. */
const hurriedClock = {
  ...clock,
  monotonic: () => monotonicMs(clock.monotonic() * 5),
  after: (delayMs: number, then: () => void) => clock.after(delayMs / 5, then),
};

/** A busy test machine gets longer than a gate. */
const patientDecoder = () => createDecoder({ clock }, { budgetMs: 5_000 });

describe('a camera', () => {
  const scene = (...pictures: GreyPicture[]) =>
    writeFile(join(folder, 'frames'), Buffer.concat(pictures.map(({ grey }) => grey)));

  function fakeCamera(its = clock): Reader {
    const args = ['-e', FAKE_CAMERA, join(folder, 'frames'), String(SIZE.width * SIZE.height)];
    const settings: CameraSettings = {
      id: 'eye',
      source: 'program',
      program: { file: process.execPath, args },
      ...SIZE,
    };
    reader = cameraReader(settings, { clock: its, decoder: patientDecoder() });
    return reader;
  }

  it('reads a code that is held up, once for as long as it stays', async () => {
    await scene(emptyScene(SIZE), pictureOf('X1ABC', SIZE));
    const sink = rememberingSink();
    await fakeCamera().start(sink);
    await until(() => sink.scans.length > 0, 'the code');
    await pause(1_500);
    expect(sink.scans.map(({ text, reader: id }) => [text, id])).toEqual([['X1ABC', 'eye']]);
    expect(sink.states).toEqual(['ready']);
  });

  it('reads the next code at once', async () => {
    await scene(pictureOf('X1ABC', SIZE));
    const sink = rememberingSink();
    await fakeCamera().start(sink);
    await until(() => sink.scans.length === 1, 'the first code');
    await scene(pictureOf('X3DEF', SIZE));
    await until(() => sink.scans.length === 2, 'the next code');
    expect(sink.scans.map(({ text }) => text)).toEqual(['X1ABC', 'X3DEF']);
  });

  it('waits while the queue is full', async () => {
    await scene(pictureOf('X1ABC', SIZE));
    const sink = rememberingSink(1);
    await fakeCamera().start(sink);
    await until(() => sink.scans.length === 1, 'the first code');
    await scene(pictureOf('X3DEF', SIZE));
    await pause(800);
    expect(sink.scans).toHaveLength(1);
    sink.take();
    await until(() => sink.scans.length === 2, 'the waiting code');
    expect(sink.drops).toEqual([]);
  });

  it('tells that its program ended, starts it again, and is ready with the next frame', async () => {
    await scene(emptyScene(SIZE));
    const sink = rememberingSink();
    const camera = fakeCamera();
    await camera.start(sink);
    await until(() => camera.health().state === 'ready', 'ready');
    await rm(join(folder, 'frames'));
    await until(() => camera.health().state === 'lost', 'lost');
    expect(camera.health().detail).toBe('no camera');
    await scene(pictureOf('X1ABC', SIZE));
    await until(() => sink.scans.length === 1, 'a code after the restart');
    expect(sink.states).toEqual(['ready', 'lost', 'ready']);
  });

  it('waits for a program that is long in starting, and starts one again that falls silent later', async () => {
    await scene();
    const sink = rememberingSink();
    const camera = fakeCamera(hurriedClock);
    await camera.start(sink);
    await pause(1_600);
    expect(sink.states).toEqual([]);
    await scene(emptyScene(SIZE));
    await until(() => camera.health().state === 'ready', 'ready');
    await scene();
    await until(() => camera.health().state === 'lost', 'lost');
    expect(camera.health().detail).toContain('SIGKILL');
    await scene(pictureOf('X1ABC', SIZE));
    await until(() => sink.scans.length === 1, 'a code after the restart');
    expect(sink.states).toEqual(['ready', 'lost', 'ready']);
  });

  it('ends no program whose frames lay unread while the gate was busy', async () => {
    await scene(emptyScene(SIZE));
    const sink = rememberingSink();
    const camera = fakeCamera(hurriedClock);
    await camera.start(sink);
    await until(() => camera.health().state === 'ready', 'ready');
    // As for a scan at the cable, that a worn card is long in taking.
    await new Promise((resolve) => setImmediate(resolve));
    for (const end = performance.now() + 1_400; performance.now() < end; );
    await pause(600);
    expect(sink.states).toEqual(['ready']);
  });

  it('says when its program is not installed', async () => {
    const settings: CameraSettings = {
      id: 'eye',
      source: 'program',
      program: { file: join(folder, 'absent'), args: [] },
      ...SIZE,
    };
    reader = cameraReader(settings, { clock });
    await reader.start(rememberingSink());
    await until(() => reader?.health().state === 'lost', 'lost');
    expect(reader.health().detail).toContain('ENOENT');
  });
});

describe('a folder of pictures', () => {
  async function drop(name: string, picture: Uint8Array): Promise<void> {
    const file = join(folder, name);
    await writeFile(file, picture);
    const past = new Date(clock.wall() - 5_000);
    await utimes(file, past, past);
  }

  function folderReader(): Reader {
    reader = directoryReader(
      { id: 'folder', path: folder, pollMs: 30 },
      { clock, decoder: patientDecoder() },
    );
    return reader;
  }

  it('reads each picture once, in the order of names, and puts it away', async () => {
    await drop('2.pgm', pgm(pictureOf('X3DEF', SIZE).grey, SIZE));
    await drop('1.png', png(pictureOf('X1ABC', SIZE)));
    await drop('3.png', png(emptyScene(SIZE)));
    await drop('4.jpg', Buffer.from('no picture'));
    await writeFile(join(folder, 'note.txt'), 'stays');
    await mkdir(join(folder, 'trap.png'));
    const sink = rememberingSink();
    await folderReader().start(sink);
    await until(() => sink.scans.length === 2, 'two codes');
    expect(sink.scans.map(({ text }) => text)).toEqual(['X1ABC', 'X3DEF']);
    await access(join(folder, 'done', '1.png'));
    await pause(200);
    expect((await readdir(join(folder, 'done'))).sort()).toEqual(['1.png', '2.pgm']);
    expect((await readdir(join(folder, 'unread'))).sort()).toEqual(['3.png', '4.jpg']);
    expect((await readdir(folder)).sort()).toEqual(['done', 'note.txt', 'trap.png', 'unread']);
    expect(sink.scans).toHaveLength(2);
  });

  it('goes on past a picture that cannot be read, and gives it up in the end', async () => {
    const bad = pgm(pictureOf('X1ABC', SIZE).grey, SIZE);
    await drop('1.pgm', bad);
    await drop('2.pgm', pgm(pictureOf('X3DEF', SIZE).grey, SIZE));
    const patient = patientDecoder();
    const decoder: Decoder = {
      busy: false,
      replaced: patient.replaced,
      decode: (picture) => {
        const isBad = picture instanceof Uint8Array && Buffer.compare(picture, bad) === 0;
        return isBad ? Promise.reject(new Error('EIO')) : patient.decode(picture);
      },
      stop: () => patient.stop(),
    };
    const sink = rememberingSink();
    reader = directoryReader({ id: 'folder', path: folder, pollMs: 30 }, { clock, decoder });
    await reader.start(sink);
    await until(() => sink.scans.length === 1, 'the next picture');
    await until(() => existsSync(join(folder, 'unread', '1.pgm')), 'the bad picture put away');
    expect(sink.scans.map(({ text }) => text)).toEqual(['X3DEF']);
    expect(reader.health().state).toBe('ready');
  });

  it('reads a picture whose time lies in the future once it changes no more', async () => {
    const file = join(folder, '1.pgm');
    await writeFile(file, pgm(pictureOf('X1ABC', SIZE).grey, SIZE));
    const future = new Date(clock.wall() + 86_400_000);
    await utimes(file, future, future);
    const sink = rememberingSink();
    await folderReader().start(sink);
    await until(() => sink.scans.length === 1, 'the code');
    expect(sink.scans.map(({ text }) => text)).toEqual(['X1ABC']);
  });

  /** Too slow so often, then reads on. */
  function hurriedDecoder(tooSlow: number): Decoder {
    let left = tooSlow;
    const patient = patientDecoder();
    return {
      busy: false,
      replaced: patient.replaced,
      decode: (picture) => {
        left -= 1;
        return left >= 0 ? Promise.resolve({ type: 'refused', why: 'budget' }) : patient.decode(picture);
      },
      stop: () => patient.stop(),
    };
  }

  it.each([
    [2, ['X1ABC', 'X3DEF']],
    [3, ['X3DEF']],
  ])(
    'tries a picture again that a busy machine was too slow for %i times, in its order',
    async (tooSlow, texts) => {
      await drop('1.pgm', pgm(pictureOf('X1ABC', SIZE).grey, SIZE));
      await drop('2.pgm', pgm(pictureOf('X3DEF', SIZE).grey, SIZE));
      const sink = rememberingSink();
      reader = directoryReader(
        { id: 'folder', path: folder, pollMs: 30 },
        { clock, decoder: hurriedDecoder(tooSlow) },
      );
      await reader.start(sink);
      await until(() => sink.scans.at(-1)?.text === 'X3DEF', 'the last picture');
      expect(sink.scans.map(({ text }) => text)).toEqual(texts);
    },
  );

  it('is lost while its folder is not there', async () => {
    const absent = join(folder, 'later');
    reader = directoryReader({ id: 'folder', path: absent, pollMs: 30 }, { clock });
    const sink = rememberingSink();
    await reader.start(sink);
    await until(() => reader?.health().state === 'lost', 'lost');
    await mkdir(absent);
    await until(() => reader?.health().state === 'ready', 'ready');
    expect(sink.states).toEqual(['lost', 'ready']);
  });
});
