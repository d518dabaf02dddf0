import type { SerialPort } from 'serialport';
import type { Clock, Reader } from '../../src/ports/index.ts';
import { connectedReader, type Session, type SessionContext } from './connected-reader.ts';
import { afterQuiet, deliverPatiently } from './delivery.ts';
import { createLineFramer, type Framed } from './line-framer.ts';

/**
 * A reader on a serial line (USB-COM or RS-232). It takes from the port only what the gate's queue can take: while that
 * is full the bytes wait in the kernel and the line's flow control holds the reader back. It never loses a line it got.
 */
export interface SerialSettings {
  readonly id: string;
  /** A stable name, e.g. `/dev/serial/by-id/…`. */
  readonly path: string;
  readonly baudRate?: number;
  readonly dataBits?: 7 | 8;
  readonly parity?: 'none' | 'even' | 'odd';
  readonly stopBits?: 1 | 2;
  /** Hardware flow control, for RS-232 cables that have the two wires. */
  readonly rtscts?: boolean;
  /** A text without a line end is complete after this silence; after longer where line ends were seen. */
  readonly idleMs?: number;
}

/** A reader that was seen to send line ends gets this long inside a text: a busy machine may pause in the middle of one. */
const IDLE_WITH_LINE_ENDS_MS = 1_000;
const BAUD_RATE = 9_600;
const IDLE_MS = 100;
/** Bytes taken from the kernel ahead of the queue: about eight codes. */
const READ_AHEAD_BYTES = 2_048;

export function serialReader(settings: SerialSettings, deps: { readonly clock: Clock }): Reader {
  const connect = (context: SessionContext) => openSession(settings, context);
  return connectedReader({ id: settings.id, path: settings.path, connect }, deps.clock);
}

async function openSession(settings: SerialSettings, context: SessionContext): Promise<Session> {
  const line = await openLine(settings);
  return { ended: pump(line, settings, context), close: () => line.close('stopped') };
}

async function pump(line: SerialLine, settings: SerialSettings, context: SessionContext): Promise<string> {
  const framer = createLineFramer();
  let idleMs = settings.idleMs ?? IDLE_MS;
  for (;;) {
    const chunk = line.read();
    if (chunk !== undefined) {
      const framed = framer.push(chunk);
      if (framed.length > 0) idleMs = Math.max(idleMs, IDLE_WITH_LINE_ENDS_MS);
      await handOn(framed, settings.id, context);
    } else if (line.closed !== undefined) {
      if (framer.pending) context.sink.dropped('timed-out');
      return line.closed;
    } else if (!framer.pending) {
      await line.woken();
    } else if (await silentFor(idleMs, line, context.clock)) {
      idleMs = settings.idleMs ?? IDLE_MS;
      await handOn(framer.flush(), settings.id, context);
    }
  }
}

async function silentFor(idleMs: number, line: SerialLine, clock: Clock): Promise<boolean> {
  let silent = false;
  const cancel = afterQuiet(clock, idleMs, () => {
    silent = true;
    line.wake();
  });
  await line.woken();
  cancel();
  return silent;
}

async function handOn(framed: readonly Framed[], reader: string, context: SessionContext): Promise<void> {
  const at = context.clock.monotonic();
  for (const item of framed) {
    if ('dropped' in item) context.sink.dropped(item.dropped);
    else await deliverPatiently({ reader, text: item.text, at }, context.sink, context);
  }
}

interface SerialLine {
  read(): Uint8Array | undefined;
  /** Why the line ended; what was read before still comes out of `read`. */
  readonly closed: string | undefined;
  /** Resolves at the next byte, at the end, or at `wake`. */
  woken(): Promise<void>;
  wake(): void;
  close(why: string): void;
}

async function openLine(settings: SerialSettings): Promise<SerialLine> {
  const port = await openPort(settings);
  let closed: string | undefined;
  let waiting: (() => void) | undefined;
  const wake = () => waiting?.();
  const end = (why: string) => {
    closed ??= why;
    wake();
  };
  port.on('readable', wake);
  port.on('close', (fault: Error | null) => end(fault?.message ?? 'the line was closed'));
  port.on('error', (fault: Error) => end(fault.message));
  port.on('end', () => end('the line ended'));
  return {
    read: () => (port.read() as Buffer | null) ?? undefined,
    get closed() {
      return closed;
    },
    woken: () =>
      closed !== undefined || port.readableLength > 0
        ? Promise.resolve()
        : new Promise((resolve) => {
            waiting = resolve;
          }),
    wake,
    close(why) {
      if (port.isOpen) port.close(() => end(why));
      else end(why);
    },
  };
}

async function openPort(settings: SerialSettings): Promise<SerialPort> {
  const { SerialPort } = await import('serialport');
  return new Promise((resolve, reject) => {
    const port = new SerialPort(openOptionsOf(settings));
    port.open((fault) => (fault ? reject(fault) : resolve(port)));
  });
}

/** What the port is opened with; 9,600 baud, eight bits, no parity and one stop bit unless told otherwise. */
export function openOptionsOf(settings: SerialSettings) {
  const {
    path,
    baudRate = BAUD_RATE,
    dataBits = 8,
    parity = 'none',
    stopBits = 1,
    rtscts = false,
  } = settings;
  return {
    path,
    baudRate,
    dataBits,
    parity,
    stopBits,
    rtscts,
    autoOpen: false,
    lock: true,
    highWaterMark: READ_AHEAD_BYTES,
  } as const;
}
