import { accessSync, constants, statSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Writable } from 'node:stream';
import { parseArgs } from 'node:util';
import { type AimView, aimCamera } from '../../../device/camera/index.ts';
import { systemClock } from '../../../device/clock/index.ts';
import { type CommandIo, EXIT, writeTo } from '../command.ts';
import { pictureInText, textSizeOf } from './camera-picture.ts';
import { adviceInWords } from './camera-words.ts';
import { rawMode } from './raw-mode.ts';

/**
 * `menwei reader test --camera`: what a camera sees, live in the terminal, with how sharp and how bright it is and what to
 * change. It keeps no picture, and says of a code that it was read, never what it says.
 */

const USAGE =
  'usage: menwei reader test --camera (rpicam | /dev/videoN | PROGRAM) [--size 1280x720] [--wait SECONDS] [--json]\n' +
  '       PROGRAM writes grey frames of this size to its output, one byte a pixel.\n';
const WAIT_SECONDS = 120;
const WAIT_SECONDS_MAX = 3_600;
const SIDES = { width: [160, 1_920], height: [120, 1_080] } as const;
/** Lines under the picture. */
const WORD_LINES = 7;
/** Where a terminal does not say how large it is. */
const TERMINAL = { columns: 80, rows: 24 };
const COLUMNS_MAX = 160;
/** `q`, Enter, Ctrl-C, Ctrl-D. */
const END_KEYS = 'qQ\r\n\u0003\u0004';

interface Wanted {
  readonly camera: string;
  readonly size: { readonly width: number; readonly height: number };
  readonly waitMs: number;
  readonly json: boolean;
}

/** @returns 0 when a code was read, 1 when none was, 2 when not understood */
export async function cameraTest(args: readonly string[], io: CommandIo): Promise<number> {
  const wanted = wantedBy(args);
  if (wanted === undefined) {
    await writeTo(io.error, USAGE);
    return EXIT.usage;
  }
  const source = sourceOf(wanted.camera);
  if (typeof source === 'string') {
    await writeTo(io.error, `camera: ${source}\n`);
    return EXIT.usage;
  }
  const seen = await watch({ ...source, ...wanted.size, id: 'camera' }, wanted.waitMs, io);
  await writeTo(io.output, wanted.json ? `${JSON.stringify(verdictOf(seen))}\n` : inWords(seen));
  return seen.view !== undefined && seen.view.codesRead > 0 ? EXIT.done : EXIT.failed;
}

function wantedBy(args: readonly string[]): Wanted | undefined {
  const text = { type: 'string' } as const;
  try {
    const { values } = parseArgs({
      args: [...args],
      options: { camera: text, size: text, wait: text, json: { type: 'boolean' } },
    });
    const seconds = Number(values.wait ?? WAIT_SECONDS);
    const size = sizeOf(values.size ?? '1280x720');
    const isWait = Number.isInteger(seconds) && seconds >= 1 && seconds <= WAIT_SECONDS_MAX;
    if (values.camera === undefined || values.camera === '' || size === undefined || !isWait)
      return undefined;
    return { camera: values.camera, size, waitMs: seconds * 1_000, json: values.json === true };
  } catch {
    return undefined;
  }
}

function sizeOf(text: string): Wanted['size'] | undefined {
  const match = /^(\d{3,4})x(\d{3,4})$/.exec(text);
  const [width, height] = [Number(match?.[1]), Number(match?.[2])];
  const isWithin = (side: number, [least, most]: readonly [number, number]) => side >= least && side <= most;
  return isWithin(width, SIDES.width) && isWithin(height, SIDES.height) ? { width, height } : undefined;
}

type Source =
  | { readonly source: 'rpicam' }
  | { readonly source: 'ffmpeg'; readonly path: string }
  | {
      readonly source: 'program';
      readonly program: { readonly file: string; readonly args: readonly string[] };
    };

/** @returns what is wrong with it, otherwise */
function sourceOf(camera: string): Source | string {
  if (camera === 'rpicam') return { source: 'rpicam' };
  const path = resolve(camera);
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats === undefined) return 'nothing is there; look with: ls /dev/video*';
  if (stats.isCharacterDevice()) return { source: 'ffmpeg', path };
  if (!stats.isFile()) return 'neither a video device nor a program; look with: ls /dev/video*';
  try {
    accessSync(path, constants.X_OK);
  } catch {
    return 'not allowed to run it; look with: ls -l';
  }
  return { source: 'program', program: { file: path, args: [] } };
}

interface SeenCamera {
  view?: Omit<AimView, 'picture'>;
  lost?: string;
}

/** Until a key is pressed or the time is over; where nobody watches, until the first code. */
async function watch(
  settings: Parameters<typeof aimCamera>[0],
  waitMs: number,
  io: CommandIo,
): Promise<SeenCamera> {
  const clock = systemClock();
  const seen: SeenCamera = {};
  const screen = screenOn(io.error);
  const { promise: over, resolve: end } = Promise.withResolvers<void>();
  const cancel = clock.after(waitMs, end);
  const aim = aimCamera(
    settings,
    { clock },
    {
      seen({ picture, ...view }) {
        seen.view = view;
        delete seen.lost;
        screen?.show({ picture, ...view });
        if (screen === undefined && view.codesRead > 0) end();
      },
      lost(why) {
        seen.lost = why;
        screen?.say(lostInWords(why));
      },
    },
  );
  const keys = rawMode(io.input);
  if (screen !== undefined) void listenForEnd(io, end);
  await over;
  cancel();
  keys.restore();
  await aim.stop();
  screen?.close();
  return seen;
}

async function listenForEnd({ input }: CommandIo, end: () => void): Promise<void> {
  try {
    for await (const chunk of input)
      if ([...String(chunk)].some((key) => END_KEYS.includes(key))) return end();
  } catch {
    // A terminal that goes away ends the watch as well.
  }
  return end();
}

interface Screen {
  show(view: AimView): void;
  say(text: string): void;
  close(): void;
}

/** The terminal's other screen, so that what stood there before comes back; undefined where there is no terminal. */
function screenOn(
  stream: Writable & { isTTY?: boolean; columns?: number; rows?: number },
): Screen | undefined {
  if (stream.isTTY !== true) return undefined;
  stream.write('\u001b[?1049h\u001b[?25l\u001b[2J');
  const draw = (lines: readonly string[]) =>
    stream.write(`\u001b[H${lines.map((line) => `${line}\u001b[K\r\n`).join('')}\u001b[J`);
  return {
    show(view) {
      const columns = Math.min(COLUMNS_MAX, stream.columns ?? TERMINAL.columns);
      const rows = Math.max(4, (stream.rows ?? TERMINAL.rows) - WORD_LINES);
      const size = textSizeOf(view.picture.size, { columns, rows });
      draw([...pictureInText(view.picture, size, view.corners), ...wordsUnder(view)]);
    },
    say: (text) => draw([text]),
    close: () => stream.write('\u001b[?25h\u001b[?1049l'),
  };
}

function wordsUnder(view: AimView): string[] {
  const { measures, framesPerSecond, codesRead, corners, advice } = view;
  const percent = (share: number) => `${Math.round(share * 100)} %`;
  const code = corners === undefined ? '○ 未见二维码 / no code in view' : '● 已读到二维码 / code read';
  return [
    `${code} (${codesRead})`,
    `清晰度 / sharpness ${percent(measures.sharpness)}   亮度 / brightness ${percent(measures.mean)}   ${framesPerSecond.toFixed(0)} 帧/秒 / frames a second`,
    ...advice.slice(0, 3).map((one) => `→ ${adviceInWords(one)}`),
    '按 q 结束 / q ends',
  ];
}

function lostInWords(why: string): string {
  return `摄像头没有图像：请检查连接 / The camera gives no picture, check its cable: ${withoutControls(why)}`;
}

/** A camera's program may say anything. */
function withoutControls(text: string): string {
  return text.replace(/\p{Cc}+/gu, ' ').trim();
}

function inWords({ view, lost }: SeenCamera): string {
  if (view === undefined) return `${lostInWords(lost ?? 'no frame came')}\n`;
  const summary =
    view.codesRead > 0
      ? '摄像头可读码 / The camera reads codes.'
      : '摄像头有图像，但没有读到二维码 / The camera gives pictures; no code was read.';
  return `${[summary, ...view.advice.map((one) => `- ${adviceInWords(one)}`)].join('\n')}\n`;
}

function verdictOf({ view, lost }: SeenCamera): object {
  if (view === undefined)
    return { usable: false, advice: [], lost: withoutControls(lost ?? 'no frame came') };
  const { codesRead, advice, measures, framesPerSecond } = view;
  return { usable: codesRead > 0, codesRead, advice, measures, framesPerSecond };
}
