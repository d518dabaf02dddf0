import { Worker } from 'node:worker_threads';
import type { Ioctl, RawDeviceMessage, RawDeviceTask } from './raw-device-worker.ts';

/** The main thread's end of raw-device-worker.ts: opens a device, hands out its reads one by one, and closes it. */
export interface RawDevice {
  /** The next read; `undefined` once the device has ended and everything was handed out. */
  next(): Promise<Uint8Array | undefined>;
  /** Why it ended, once it has. */
  readonly ended: string | undefined;
  close(): void;
}

export interface RawDeviceSettings {
  readonly path: string;
  readonly readBytesMax: number;
  /** Reads that may wait here; 1 leaves the rest in the kernel. */
  readonly inFlightMax: number;
  readonly ioctls?: readonly Ioctl[];
}

const IN_FLIGHT = 0;
const STOP = 1;

/** Rejects with what the system said when the device cannot be opened. */
export async function openRawDevice(settings: RawDeviceSettings): Promise<RawDevice> {
  const control = new Int32Array(new SharedArrayBuffer(8));
  const task: RawDeviceTask = { ioctls: [], ...settings, control: control.buffer };
  const worker = new Worker(new URL('./raw-device-worker.ts', import.meta.url), { workerData: task });
  const arrived: Uint8Array[] = [];
  let ended: string | undefined;
  let wake: (() => void) | undefined;
  const opened = Promise.withResolvers<void>();

  const end = (why: string) => {
    ended ??= why;
    opened.reject(new Error(why));
    wake?.();
  };
  worker.on('message', (message: RawDeviceMessage) => {
    if (message.type === 'open') opened.resolve();
    else if (message.type === 'ended') end(message.why);
    else {
      arrived.push(message.bytes);
      wake?.();
    }
  });
  worker.on('error', (fault) => end(fault instanceof Error ? fault.message : String(fault)));
  worker.on('exit', () => end('the reading thread ended'));

  await opened.promise;
  return {
    async next() {
      while (arrived.length === 0 && ended === undefined) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      const bytes = arrived.shift();
      if (bytes !== undefined) {
        Atomics.sub(control, IN_FLIGHT, 1);
        Atomics.notify(control, IN_FLIGHT);
      }
      return bytes;
    },
    get ended() {
      return ended;
    },
    close() {
      Atomics.store(control, STOP, 1);
      Atomics.notify(control, IN_FLIGHT);
    },
  };
}
