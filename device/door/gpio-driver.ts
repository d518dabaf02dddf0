import { closeSync, openSync, readdirSync, readSync } from 'node:fs';
import koffi from 'koffi';
import { type Chip, chooseChip } from './gpio-chips.ts';
import {
  CHIP_INFO_BYTES,
  chipInfo,
  GPIO,
  inputRequest,
  isActive,
  LINE_EVENT_BYTES,
  lineEvents,
  lineValues,
  outputRequest,
  requestedFd,
} from './gpio-uapi.ts';
import type { LineChange, LineDriver } from './line-driver.ts';
import type { RelayTask } from './relay-protocol.ts';

/**
 * Lines of the GPIO character device. Edges are asked for without waiting: a blocking read of a line descriptor would
 * hold a thread for ever. The kernel lets go of the relay when this process ends, whatever ended it.
 */
const EVENTS_KEPT = 64;
const POLLIN = 1;

export function openGpioDriver(task: RelayTask): LineDriver {
  const libc = koffi.load('libc.so.6');
  const ioctl = libc.func('int ioctl(int, ulong, _Inout_ void*)');
  const poll = libc.func('int poll(_Inout_ void*, ulong, int)');
  const call = (fd: number, request: number, bytes: Uint8Array): Uint8Array => {
    if (ioctl(fd, request, bytes) < 0) throw new Error(`GPIO request failed (errno ${koffi.errno()})`);
    return bytes;
  };

  const consumer = `menwei ${task.door}`;
  const chip = openSync(chooseChip(listChips(call), task.chip).path, 'r');
  const relay = requestedFd(call(chip, GPIO.getLine, outputRequest(task.relay, consumer)));
  const inputs = Object.entries(task.inputs).map(([input, spec]) => {
    const fd = requestedFd(call(chip, GPIO.getLine, inputRequest(spec, consumer, EVENTS_KEPT)));
    return { input, fd, active: isActive(call(fd, GPIO.getValues, lineValues(false))) };
  });
  closeSync(chip);

  function changesOf(line: (typeof inputs)[number]): LineChange[] {
    if (!isReadable(line.fd, poll)) return [];
    const buffer = Buffer.alloc(LINE_EVENT_BYTES * EVENTS_KEPT);
    const length = readSync(line.fd, buffer, 0, buffer.length, null);
    const seen = lineEvents(buffer.subarray(0, length)).map(({ active }) => active);
    // Edges may have been lost in a burst: the level has the last word.
    seen.push(isActive(call(line.fd, GPIO.getValues, lineValues(false))));
    const changes: LineChange[] = [];
    for (const active of seen) {
      if (active !== line.active) changes.push({ input: line.input, active });
      line.active = active;
    }
    return changes;
  }

  return {
    set: (on) => void call(relay, GPIO.setValues, lineValues(on)),
    reads: () => isActive(call(relay, GPIO.getValues, lineValues(false))),
    inputs: () => Object.fromEntries(inputs.map(({ input, active }) => [input, active])),
    changes: () => inputs.flatMap(changesOf),
    close() {
      call(relay, GPIO.setValues, lineValues(false));
      for (const fd of [relay, ...inputs.map((line) => line.fd)]) closeSync(fd);
    },
  };
}

function listChips(call: (fd: number, request: number, bytes: Uint8Array) => Uint8Array): Chip[] {
  const names = readdirSync('/dev').filter((name) => name.startsWith('gpiochip'));
  return names.sort().map((name) => {
    const path = `/dev/${name}`;
    const fd = openSync(path, 'r');
    try {
      return { path, label: chipInfo(call(fd, GPIO.getChipInfo, new Uint8Array(CHIP_INFO_BYTES))).label };
    } finally {
      closeSync(fd);
    }
  });
}

/** poll(2) with no time to wait. */
function isReadable(
  fd: number,
  poll: (waiting: Buffer, count: number, timeoutMs: number) => number,
): boolean {
  const waiting = Buffer.alloc(8);
  waiting.writeInt32LE(fd, 0);
  waiting.writeInt16LE(POLLIN, 4);
  return poll(waiting, 1, 0) > 0 && (waiting.readInt16LE(6) & POLLIN) === POLLIN;
}
