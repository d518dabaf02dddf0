import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { CASCADE, PLAIN_CASCADE } from '../../src/sight/index.ts';
import { createDecoder, type Decoder, type DecoderLimits } from './decoder.ts';
import { pgm } from './pgm.ts';
import { machineClock, pictureOf, png } from './testing.ts';

const SIZE = { width: 480, height: 360 };
const TEXT = `X1${'0123456789ABCDEFGHIJKLMNOPQRSTUV'.repeat(4).slice(0, 120)}`;
/** A busy test machine gets longer than a gate. */
const PATIENT: Partial<DecoderLimits> = { budgetMs: 5_000 };
const DAMAGED = 1_000;

let decoder: Decoder | undefined;
const started = (limits: Partial<DecoderLimits> = PATIENT, program?: URL) => {
  decoder = createDecoder({ clock: machineClock, ...(program === undefined ? {} : { program }) }, limits);
  return decoder;
};

afterEach(async () => {
  await decoder?.stop();
  decoder = undefined;
});

describe('reading a picture', () => {
  it('reads a code from PGM and from PNG', async () => {
    const picture = pictureOf(TEXT, SIZE);
    const reading = started();
    expect(await reading.decode(pgm(picture.grey, SIZE))).toMatchObject({ type: 'text', text: TEXT });
    expect(await reading.decode(png(picture))).toMatchObject({ type: 'text', text: TEXT });
  });

  it.each([...CASCADE, ...PLAIN_CASCADE])('reads a %s frame', async (view) => {
    // Where the light is taken away, a dark square of 20 pixels is no longer dark in its middle: `even` sees those.
    const { grey } = pictureOf(TEXT, SIZE, ['mended', 'clear', 'level'].includes(view) ? 5 : 7);
    expect(await started().decode({ grey, size: SIZE, view })).toMatchObject({ type: 'text', text: TEXT });
  });

  it('reads a pale code on a file, which the decoder alone does not find, and comes to an end', async () => {
    // Burnt out: black is nearly white.
    const { grey } = pictureOf(TEXT, SIZE);
    const pale = grey.map((level) => (level < 100 ? 236 : 255));
    const reading = started();
    expect(await reading.decode({ grey: pale.slice(), size: SIZE, view: 'raw' })).toEqual({
      type: 'nothing',
    });
    expect(await reading.decode(pgm(pale, SIZE))).toMatchObject({ type: 'text', text: TEXT });
    const noise = Uint8Array.from(grey, (_, at) => ((at * 2_654_435_761) >>> 13) & 0xff);
    expect(await reading.decode(pgm(noise, SIZE))).toEqual({ type: 'nothing' });
  });

  it('finds nothing where there is none', async () => {
    expect(await started().decode(pgm(new Uint8Array(SIZE.width * SIZE.height), SIZE))).toEqual({
      type: 'nothing',
    });
  });

  it('tells where in the frame a symbol lies, whatever the view', async () => {
    const reading = started();
    for (const view of CASCADE) {
      // One view is for large modules alone.
      const module = view === 'healed' ? 8 : 6;
      const { grey } = pictureOf('X1ABC', SIZE, module);
      const outcome = await reading.decode({ grey, size: SIZE, view });
      const corners = outcome.type === 'text' ? outcome.corners : [];
      // 21 modules in the middle, clockwise from the upper left.
      const half = (21 * module) / 2;
      expect(corners).toHaveLength(4);
      for (const [at, { x, y }] of corners.entries()) {
        const isRight = at === 1 || at === 2;
        expect(Math.abs(x - (SIZE.width / 2 + (isRight ? half : -half)))).toBeLessThan(8);
        expect(Math.abs(y - (SIZE.height / 2 + (at >= 2 ? half : -half)))).toBeLessThan(8);
      }
    }
  });

  it('hands on control characters, separators and lone surrogates as they are', async () => {
    const reading = started();
    for (const text of ['\u0000\u0007\u001b[2J\u001d\u009b', 'X1\r\nX2', ' \t ', '\u4f60\u597d'])
      expect(await reading.decode({ ...pictureOf(text, SIZE, 6), view: 'smooth' })).toMatchObject({ text });
  });

  it('refuses frames that are not what they say, without asking the thread', async () => {
    const reading = started();
    const refused = { type: 'refused', why: 'kind' };
    const frame = (length: number, width: number, height: number) =>
      reading.decode({ grey: new Uint8Array(length), size: { width, height }, view: 'smooth' });
    expect(await frame(0, 0, 0)).toEqual(refused);
    expect(await frame(0, 640, 0)).toEqual(refused);
    expect(await frame(99, 10, 10)).toEqual(refused);
    expect(await frame(101, 10, 10)).toEqual(refused);
    expect(await frame(4, -2, -2)).toEqual(refused);
    expect(await frame(2, 0.5, 4)).toEqual(refused);
    const part = new Uint8Array(200).subarray(100);
    expect(await reading.decode({ grey: part, size: { width: 10, height: 10 }, view: 'smooth' })).toEqual(
      refused,
    );
  });

  it.each([
    ['the largest', 4_096, 'nothing'],
    ['one row more', 4_097, 'refused'],
  ])('takes frames up to a limit: %s', async (_, height, type) => {
    const size = { width: 4_096, height };
    const frame = { grey: new Uint8Array(4_096 * height), size, view: 'broad' } as const;
    expect((await started({ budgetMs: 30_000 }).decode(frame)).type).toBe(type);
  });

  it('looks at frames of one pixel, one row, one column', async () => {
    const reading = started();
    for (const [width, height] of [
      [1, 1],
      [2_000, 1],
      [1, 2_000],
      [33, 31],
    ] as const)
      for (const view of CASCADE) {
        const grey = new Uint8Array(width * height).fill(200);
        expect(await reading.decode({ grey, size: { width, height }, view })).toEqual({ type: 'nothing' });
      }
  });

  it('refuses what is no picture or claims to be huge, without asking the thread', async () => {
    const reading = started();
    expect(await reading.decode(Buffer.from('no picture'))).toEqual({ type: 'refused', why: 'kind' });
    const bomb = Buffer.from('P5\n99999 99999\n255\n');
    expect(await reading.decode(bomb)).toEqual({ type: 'refused', why: 'size' });
  });
});

describe('pictures that do harm', () => {
  it('kills and replaces a thread that hangs, and reads on', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'menwei-hang-'));
    const program = join(folder, 'hang.mjs');
    const source = `import { parentPort } from 'node:worker_threads';
      parentPort.on('message', ({ id, picture }) => {
        if (picture.length > 200) for (;;);
        parentPort.postMessage({ id, read: { text: 'X1', corners: [] }, memoryBytes: 0 });
      });
      parentPort.postMessage({ id: 0, ready: true });`;
    await writeFile(program, source);
    const reading = started({ budgetMs: 300 }, pathToFileURL(program));
    const small = pgm(new Uint8Array(100), { width: 10, height: 10 });
    const large = pgm(new Uint8Array(400), { width: 20, height: 20 });
    expect(await reading.decode(small)).toEqual({ type: 'text', text: 'X1', corners: [] });
    expect(await reading.decode(large)).toEqual({ type: 'refused', why: 'budget' });
    expect(await reading.decode(small)).toEqual({ type: 'text', text: 'X1', corners: [] });
    expect(reading.replaced).toEqual({ hung: 1, crashed: 0, 'used-up': 0 });
    await rm(folder, { recursive: true });
  });

  it('hears what a thread said while the gate was busy, and keeps that thread', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'menwei-busy-'));
    const program = join(folder, 'quick.mjs');
    const source = `import { parentPort } from 'node:worker_threads';
      parentPort.on('message', ({ id }) => {
        const answer = { id, read: { text: 'X1', corners: [] }, memoryBytes: 0 };
        setTimeout(() => parentPort.postMessage(answer), 50);
      });
      parentPort.postMessage({ id: 0, ready: true });`;
    await writeFile(program, source);
    const reading = started({ budgetMs: 400 }, pathToFileURL(program));
    const small = pgm(new Uint8Array(100), { width: 10, height: 10 });
    await reading.decode(small);
    const asked = reading.decode(small);
    // As for a scan at the cable, that a worn card is long in taking.
    await new Promise((resolve) => setImmediate(resolve));
    for (const end = performance.now() + 800; performance.now() < end; );
    expect(await asked).toMatchObject({ type: 'text' });
    expect(reading.replaced).toEqual({ hung: 0, crashed: 0, 'used-up': 0 });
    await rm(folder, { recursive: true });
  });

  it('survives a thread that falls over', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'menwei-crash-'));
    const program = join(folder, 'crash.mjs');
    const source = `import { parentPort } from 'node:worker_threads';
      parentPort.on('message', () => { throw new Error('fell over'); });
      parentPort.postMessage({ id: 0, ready: true });`;
    await writeFile(program, source);
    const reading = started(PATIENT, pathToFileURL(program));
    const picture = pgm(new Uint8Array(100), { width: 10, height: 10 });
    expect(await reading.decode(picture)).toEqual({ type: 'refused', why: 'crash' });
    expect(await reading.decode(picture)).toEqual({ type: 'refused', why: 'crash' });
    expect(reading.replaced.crashed).toBe(2);
    await rm(folder, { recursive: true });
  });

  it('replaces the thread after so many pictures', async () => {
    const reading = started({ ...PATIENT, picturesMax: 3 });
    const picture = pgm(pictureOf('X1ABC', SIZE).grey, SIZE);
    for (let turn = 0; turn < 7; turn += 1) {
      expect(await reading.decode(picture)).toMatchObject({ type: 'text', text: 'X1ABC' });
    }
    expect(reading.replaced['used-up']).toBe(2);
  });

  it('keeps the memory of a thread within its limit, frame after frame', async () => {
    const memoryBytesMax = 64 * 1024 * 1024;
    const reading = started({ ...PATIENT, memoryBytesMax });
    const code = pictureOf(TEXT, SIZE);
    for (let turn = 0; turn < 300; turn += 1) {
      const view = CASCADE[turn % CASCADE.length] ?? 'raw';
      await reading.decode({ grey: code.grey.slice(), size: SIZE, view });
    }
    expect(reading.replaced).toEqual({ hung: 0, crashed: 0, 'used-up': 0 });
  }, 60_000);

  it('replaces the thread when its memory has grown', async () => {
    const reading = started({ ...PATIENT, memoryBytesMax: 1 });
    await reading.decode(pgm(pictureOf('X1ABC', SIZE).grey, SIZE));
    expect(reading.replaced['used-up']).toBe(1);
  });

  it('reads 1,000 damaged pictures without a fault, and a whole one afterwards', async () => {
    const reading = started();
    const small = { width: 160, height: 160 };
    const picture = pictureOf('X1ABC', small, 3);
    const originals = [pgm(picture.grey, small), png(picture)];
    let seed = 20_260_301;
    const random = (below: number) => {
      seed = (seed * 1_103_515_245 + 12_345) & 0x7fff_ffff;
      return seed % below;
    };
    for (let turn = 0; turn < DAMAGED; turn += 1) {
      const damaged = Uint8Array.from(originals[turn % 2] ?? []);
      for (let hit = 0; hit <= turn % 40; hit += 1) damaged[random(damaged.length)] = random(256);
      const cut = turn % 5 === 0 ? damaged.subarray(0, random(damaged.length)) : damaged;
      const outcome = await reading.decode(cut);
      expect(['text', 'nothing', 'refused']).toContain(outcome.type);
    }
    expect(reading.replaced.hung).toBe(0);
    expect(await reading.decode(originals[0] ?? new Uint8Array())).toMatchObject({
      type: 'text',
      text: 'X1ABC',
    });
  }, 60_000);
});

/** Pictures that lie beside the repository on some machines; elsewhere this says that it was skipped. */
const SAMPLES = join(import.meta.dirname, '../../../shared/data/zxing-samples');

const printable = (text: string) => text.replace(/[^\P{Cc}]/gu, '');

describe.skipIf(!existsSync(SAMPLES))('photographs of QR symbols', () => {
  it('are read more often than not, as their texts say', async () => {
    const reading = started();
    const index = JSON.parse(await readFile(join(SAMPLES, 'index.json'), 'utf8')) as {
      file: string;
      text: string;
    }[];
    const samples = index.slice(0, 60);
    let read = 0;
    for (const { file, text } of samples) {
      const outcome = await reading.decode(await readFile(join(SAMPLES, file)));
      if (outcome.type !== 'text') continue;
      read += 1;
      expect([file, printable(outcome.text)]).toEqual([file, printable(text)]);
    }
    expect(samples.length).toBeGreaterThan(0);
    expect(read / samples.length).toBeGreaterThan(0.5);
  }, 60_000);
});
