import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { systemClock } from '../../device/clock/index.ts';
import { toHex, wallMs } from '../../src/base/index.ts';
import { nodeEngine, sha256 } from '../../src/crypto/index.ts';
import { DOOR_DEFAULTS } from '../../src/decide/index.ts';
import { DoorKeeper, Gate, type Lane } from '../../src/gate/index.ts';
import { openJournal, RESERVE_BYTES } from '../../src/journal/index.ts';
import type { Clock, Door, DoorItem, Log, Reader, ScanSink } from '../../src/ports/index.ts';
import { createVerifier } from '../../src/verify/index.ts';
import type { Documents } from './documents.ts';
import { trustOf } from './trust.ts';

/**
 * A whole gate with everything real but the two ends: a reader that the bench feeds, and a relay that tells when it is
 * commanded. Clock, trust cache, journal and pipeline are those of a gate at work.
 */
export interface BenchGate {
  /** Hands a text to the lane as a reader does, and waits until the relay was commanded. @returns microseconds between */
  pass(text: string): Promise<number>;
  stop(): Promise<void>;
}

const LANE = 'north';
const READER = 'north-1';
/** A gate that does not open within this is broken. */
const OPENING_MAX_MS = 5_000;

export async function benchGate(folder: string, documents: Documents): Promise<BenchGate> {
  const clock = systemClock();
  const relay = new TellingRelay();
  const reader = new FedReader();
  const journal = openJournal({
    file: join(folder, 'journal.sqlite'),
    opened: { at: clock.wall(), clock: 'synced' },
    random: (length) => new Uint8Array(randomBytes(length)),
    reserveBytes: RESERVE_BYTES,
  });
  const gate = new Gate({
    gate: 'bench-gate',
    journal,
    trust: await trustOf(join(folder, 'trust'), documents, clock.wall() / 1_000),
    verify: createVerifier(nodeEngine()),
    hash: (bytes) => toHex(sha256(bytes)),
    clock,
    witness: { systemSynced: () => true, batteryClock: true },
    floor: { buildMs: wallMs(0) },
    lanes: (tell) => [laneOf({ clock, relay, reader }, tell)],
    machine: {
      software: 'bench',
      uptimeSeconds: () => process.uptime(),
      memoryBytes: () => 0,
      storage: () => undefined,
      sample: () => ({ temperatureC: undefined, power: undefined }),
    },
    announceUsed: () => undefined,
    log: SILENT,
  });
  await gate.start();
  return {
    pass: async (text) => {
      const opened = relay.next();
      const start = process.hrtime.bigint();
      reader.bring({ reader: READER, text, at: clock.monotonic() });
      return Number((await opened) - start) / 1_000;
    },
    stop: async () => {
      await gate.stop();
      journal.close();
    },
  };
}

function laneOf(
  parts: { readonly clock: Clock; readonly relay: Door; readonly reader: Reader },
  tell: (item: DoorItem) => void,
): Lane {
  const settings = { ...DOOR_DEFAULTS, lane: LANE, sensor: 'none' } as const;
  return {
    id: LANE,
    direction: 'in',
    readers: [parts.reader],
    door: new DoorKeeper({ door: parts.relay, clock: parts.clock, settings }, tell),
    isKeyboard: () => false,
    rulesName: LANE,
  };
}

class FedReader implements Reader {
  readonly id = READER;
  #sink: ScanSink | undefined;

  start(sink: ScanSink): Promise<void> {
    this.#sink = sink;
    return Promise.resolve();
  }

  stop(): Promise<void> {
    return Promise.resolve();
  }

  health() {
    return { reader: READER, state: 'ready' } as const;
  }

  bring(scan: Parameters<ScanSink['offer']>[0]): void {
    if (this.#sink?.offer(scan) !== true) throw new Error('the lane took no scan');
  }
}

class TellingRelay implements Door {
  readonly id = LANE;
  #told: ((atNs: bigint) => void) | undefined;

  /** When the relay is commanded next, by the process's own clock. */
  next(): Promise<bigint> {
    return new Promise((resolve, reject) => {
      const late = setTimeout(() => reject(new Error('the gate did not open')), OPENING_MAX_MS);
      this.#told = (atNs) => {
        clearTimeout(late);
        resolve(atNs);
      };
    });
  }

  open() {
    this.#told?.(process.hrtime.bigint());
    return Promise.resolve({ ok: true } as const);
  }

  hold() {
    return Promise.resolve({ ok: true } as const);
  }

  inputs() {
    return {};
  }

  onInput(): void {}

  health() {
    return { ok: true, relayOn: false };
  }

  start(): Promise<void> {
    return Promise.resolve();
  }

  stop(): Promise<void> {
    return Promise.resolve();
  }
}

const SILENT: Log = { info: () => undefined, warn: () => undefined, error: () => undefined };
