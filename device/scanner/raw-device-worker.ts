/**
 * A thread that waits on one character device and posts what it reads. A blocked read in the main process would take a
 * thread of its pool and hang its exit; here the wait is a poll with an end. It holds at most `inFlightMax` unread
 * messages: beyond that the bytes stay in the kernel. Imports nothing of the house, so that it starts quickly.
 */
import { closeSync, constants, openSync, readSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import koffi from 'koffi';

export interface RawDeviceTask {
  readonly path: string;
  readonly readBytesMax: number;
  readonly inFlightMax: number;
  /** Requests made after opening, `[request, argument]`; a failed one ends the thread. */
  readonly ioctls: readonly Ioctl[];
  /** Two Int32: messages in flight, and 1 when the thread shall end. */
  readonly control: SharedArrayBuffer;
}

export interface Ioctl {
  readonly name: string;
  readonly request: number;
  /** An integer, or bytes handed by reference. */
  readonly argument: number | Uint8Array;
}

export type RawDeviceMessage =
  | { readonly type: 'open' }
  | { readonly type: 'bytes'; readonly bytes: Uint8Array }
  | { readonly type: 'ended'; readonly why: string };

const POLL_MS = 100;
const POLLIN = 1;
const IN_FLIGHT = 0;
const STOP = 1;

const port = parentPort;
if (port !== null) run(workerData as RawDeviceTask, (message) => port.postMessage(message));

function run(task: RawDeviceTask, post: (message: RawDeviceMessage) => void): void {
  let fd: number | undefined;
  try {
    fd = openSync(task.path, constants.O_RDONLY | constants.O_NONBLOCK);
    for (const ioctl of task.ioctls) request(fd, ioctl);
    post({ type: 'open' });
    post({ type: 'ended', why: readUntilEnd(fd, task, post) });
  } catch (fault) {
    post({ type: 'ended', why: fault instanceof Error ? fault.message : String(fault) });
  } finally {
    if (fd !== undefined) closeSync(fd);
  }
}

function readUntilEnd(fd: number, task: RawDeviceTask, post: (message: RawDeviceMessage) => void): string {
  const control = new Int32Array(task.control);
  const poll = koffi.load('libc.so.6').func('int poll(void*, ulong, int)');
  const buffer = Buffer.alloc(task.readBytesMax);
  // struct pollfd: fd, events, revents (poll(2))
  const waiting = Buffer.alloc(8);
  waiting.writeInt32LE(fd, 0);
  waiting.writeInt16LE(POLLIN, 4);
  while (Atomics.load(control, STOP) === 0) {
    const inFlight = Atomics.load(control, IN_FLIGHT);
    if (inFlight >= task.inFlightMax) {
      Atomics.wait(control, IN_FLIGHT, inFlight, POLL_MS);
      continue;
    }
    if (poll(waiting, 1, POLL_MS) <= 0) continue;
    if ((waiting.readInt16LE(6) & POLLIN) === 0) return 'the device was unplugged';
    const length = readSome(fd, buffer);
    if (length === 0) return 'the device was unplugged';
    if (length === undefined) continue;
    Atomics.add(control, IN_FLIGHT, 1);
    post({ type: 'bytes', bytes: new Uint8Array(buffer.subarray(0, length)) });
  }
  return 'stopped';
}

function readSome(fd: number, buffer: Buffer): number | undefined {
  try {
    return readSync(fd, buffer, 0, buffer.length, null);
  } catch (fault) {
    if (fault instanceof Error && 'code' in fault && fault.code === 'EAGAIN') return undefined;
    throw fault;
  }
}

function request(fd: number, ioctl: Ioctl): void {
  const byReference = typeof ioctl.argument !== 'number';
  const libc = koffi.load('libc.so.6');
  const call = libc.func(`int ioctl(int, ulong, ${byReference ? 'void*' : 'uintptr'})`);
  if (call(fd, ioctl.request, ioctl.argument) < 0) {
    throw new Error(`${ioctl.name} failed (errno ${koffi.errno()})`);
  }
}
