import type { Clock, Reader } from '../../src/ports/index.ts';
import { connectedReader, type Session, type SessionContext } from './connected-reader.ts';
import { createKeyDecoder, type KeyDecoder, type KeyEvent, type KeyOutcome } from './key-decoder.ts';
import type { Layout } from './layouts.ts';
import { openRawDevice, type RawDevice } from './raw-device.ts';

/**
 * A reader in keyboard mode, read from its own event device and grabbed, so that no key of it reaches a console.
 * It cannot be asked to wait: what the queue cannot take is dropped and counted.
 */
export interface KeyboardSettings {
  readonly id: string;
  /** A stable name, e.g. `/dev/input/by-id/…-event-kbd`. */
  readonly path: string;
  /** The layout that the reader was set to. */
  readonly layout?: Layout;
  /** Longest silence inside a scan. */
  readonly idleMs?: number;
  /** The set-up test takes texts without a line end; a gate throws them away. */
  readonly unfinished?: 'drop' | 'take';
  /** Off only where the path is no event device (tests, recordings). */
  readonly grab?: boolean;
}

const IDLE_MS = 500;
/** Batches that may wait for a busy main thread: a code of kind 2 is about 1,200 events. */
const IN_FLIGHT_MAX = 256;
/** A late timer and a late batch of keys may become due together: the batch gets this long to show itself. */
const GRACE_MS = 20;

/** linux/input.h: _IOW('E', 0x90, int), _IOW('E', 0xa0, int); time stamps of CLOCK_MONOTONIC cannot jump. */
const EVIOCGRAB = 0x4004_4590;
const EVIOCSCLOCKID = 0x4004_45a0;
const CLOCK_MONOTONIC = Uint8Array.of(1, 0, 0, 0);

/** struct input_event on a 64-bit machine: seconds, microseconds, type, code, value. */
const EVENT_BYTES = 24;
const READ_BYTES_MAX = EVENT_BYTES * 64;

export interface KeyboardDeps {
  readonly clock: Clock;
  /** The set-up test watches each key and its time. */
  readonly watch?: (event: KeyEvent) => void;
}

export function keyboardReader(settings: KeyboardSettings, deps: KeyboardDeps): Reader {
  const connect = (context: SessionContext) => openSession(settings, context, deps.watch);
  return connectedReader({ id: settings.id, path: settings.path, connect }, deps.clock);
}

async function openSession(
  settings: KeyboardSettings,
  context: SessionContext,
  watch: KeyboardDeps['watch'],
): Promise<Session> {
  const ioctls = [
    { name: 'taking the keyboard for the gate alone', request: EVIOCGRAB, argument: 1 },
    { name: 'choosing the keyboard’s clock', request: EVIOCSCLOCKID, argument: CLOCK_MONOTONIC },
  ];
  const device = await openRawDevice({
    path: settings.path,
    readBytesMax: READ_BYTES_MAX,
    inFlightMax: IN_FLIGHT_MAX,
    ioctls: settings.grab === false ? [] : ioctls,
  });
  const watched = watch === undefined ? settings : { ...settings, watch };
  return { ended: pump(device, watched, context), close: () => device.close() };
}

async function pump(
  device: RawDevice,
  settings: KeyboardSettings & Pick<KeyboardDeps, 'watch'>,
  context: SessionContext,
): Promise<string> {
  const idleMs = settings.idleMs ?? IDLE_MS;
  const { layout = 'us', unfinished = 'drop' } = settings;
  const decoder = createKeyDecoder({ layout, idleMs, unfinished });
  const tell = (outcomes: readonly KeyOutcome[]) => handOn(outcomes, settings.id, context);
  const silence = silenceWatch({ decoder, idleMs, clock: context.clock, silent: () => tell(decoder.idle()) });
  let torn: Uint8Array = new Uint8Array();
  for (;;) {
    const bytes = await device.next();
    silence.heard();
    if (bytes === undefined) break;
    const all = torn.length === 0 ? bytes : Buffer.concat([torn, bytes]);
    const whole = all.length - (all.length % EVENT_BYTES);
    torn = all.subarray(whole);
    for (const event of keyEvents(all.subarray(0, whole))) {
      settings.watch?.(event);
      tell(decoder.push(event));
    }
    silence.arm();
  }
  tell(decoder.unplugged());
  return device.ended ?? 'the device ended';
}

export function* keyEvents(bytes: Uint8Array): Generator<KeyEvent> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 0; at + EVENT_BYTES <= bytes.length; at += EVENT_BYTES) {
    const seconds = Number(view.getBigInt64(at, true));
    const microseconds = Number(view.getBigInt64(at + 8, true));
    yield {
      atMs: seconds * 1_000 + microseconds / 1_000,
      type: view.getUint16(at + 16, true),
      code: view.getUint16(at + 18, true),
      value: view.getInt32(at + 20, true),
    };
  }
}

function handOn(outcomes: readonly KeyOutcome[], reader: string, context: SessionContext): void {
  for (const outcome of outcomes) {
    if ('dropped' in outcome) context.sink.dropped(outcome.dropped);
    else if (!context.sink.offer({ reader, text: outcome.text, at: context.clock.monotonic() })) {
      context.sink.dropped('queue-full');
    }
  }
}

function silenceWatch(parts: {
  readonly decoder: KeyDecoder;
  readonly idleMs: number;
  readonly clock: Clock;
  readonly silent: () => void;
}): { heard(): void; arm(): void } {
  let cancel: (() => void) | undefined;
  const heard = () => {
    cancel?.();
    cancel = undefined;
  };
  return {
    heard,
    arm() {
      heard();
      if (!parts.decoder.pending) return;
      cancel = parts.clock.after(parts.idleMs, () => {
        cancel = parts.clock.after(GRACE_MS, parts.silent);
      });
    },
  };
}
