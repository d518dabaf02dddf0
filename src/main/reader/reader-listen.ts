import {
  hidPosReader,
  isKeystroke,
  isLineEnd,
  keyboardReader,
  type Layout,
  type SerialSettings,
  serialReader,
  type Typed,
} from '../../../device/scanner/index.ts';
import type { Clock, Reader } from '../../ports/index.ts';

/** Listens to one reader while the set-up symbol is shown to it: for the command and for the set-up page. It keeps nothing. */

export interface ListenedReader {
  readonly source: 'stdin' | 'keyboard' | 'serial' | 'hid';
  readonly path: string;
  readonly layout: Layout;
  readonly baudRate: number;
  /** Of a serial line; eight bits, no parity, one stop bit when left out. */
  readonly line?: Pick<SerialSettings, 'dataBits' | 'parity' | 'stopBits' | 'rtscts'>;
  readonly waitMs: number;
}

/** A doubled text comes within this; a text without a line end is over after it. */
const SILENCE_MS = 1_000;
export const TEXTS_MAX = 4;

/** What one reader typed. Times are those of its keys, where it has keys. */
export async function listenToReader(wanted: ListenedReader, clock: Clock): Promise<Typed> {
  const texts: string[] = [];
  const keys = { firstMs: 0, lastMs: 0, count: 0, ended: wanted.source !== 'keyboard', done: false };
  const quiet = silenceAfter(wanted.waitMs, clock);
  const watch = (event: Parameters<typeof isKeystroke>[0]) => {
    if (!isKeystroke(event)) return;
    keys.ended = isLineEnd(event);
    if (keys.done || keys.ended) {
      keys.done ||= keys.count > 0;
      return;
    }
    if (keys.count === 0) keys.firstMs = event.atMs;
    keys.lastMs = event.atMs;
    keys.count += 1;
  };
  const reader = readerFor(wanted, { clock, watch });
  await reader.start({
    offer: (scan) => {
      if (texts.length < TEXTS_MAX) texts.push(scan.text);
      quiet.heard();
      return true;
    },
    room: () => Promise.resolve(),
    dropped: () => quiet.heard(),
    changed: () => undefined,
  });
  await quiet.over;
  await reader.stop();
  const durationMs = keys.count > 1 ? { durationMs: keys.lastMs - keys.firstMs } : {};
  return { texts, ended: keys.ended, ...durationMs };
}

function readerFor(wanted: ListenedReader, deps: Parameters<typeof keyboardReader>[1]): Reader {
  const { path, baudRate, layout } = wanted;
  switch (wanted.source) {
    case 'serial':
      return serialReader({ id: 'test', path, baudRate, ...wanted.line }, deps);
    case 'hid':
      return hidPosReader({ id: 'test', path }, deps);
    default:
      return keyboardReader({ id: 'test', path, layout, unfinished: 'take' }, deps);
  }
}

/** Over when nothing came for the whole wait, or when silence followed what came. */
export function silenceAfter(
  waitMs: number,
  clock: Clock,
): { readonly over: Promise<void>; heard(): void; end(): void } {
  const { promise, resolve } = Promise.withResolvers<void>();
  let cancel = clock.after(waitMs, resolve);
  return {
    over: promise,
    heard() {
      cancel();
      cancel = clock.after(SILENCE_MS, resolve);
    },
    end() {
      cancel();
      resolve();
    },
  };
}
