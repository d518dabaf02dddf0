import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { simulatedDoor, type SimulatedDoor } from '../../device/sim/index.ts';
import { toHex, wallMs } from '../../src/base/index.ts';
import { nodeEngine, sha256 } from '../../src/crypto/index.ts';
import { DOOR_DEFAULTS } from '../../src/decide/index.ts';
import { DoorKeeper, Gate, type Lane } from '../../src/gate/index.ts';
import { type Journal, openJournal, RESERVE_BYTES } from '../../src/journal/index.ts';
import type { DoorItem, Reader, ScanSink } from '../../src/ports/index.ts';
import { nodeDisk, openTrust } from '../../src/trust/index.ts';
import { createVerifier } from '../../src/verify/index.ts';
import { type DisplayVerdict, displayVerdict } from '../../src/wire/index.ts';
import { memoryLog, realClock } from './broker.ts';
import { nowSeconds, type PaperCommunity, random } from './paper-community.ts';

/** A gate within the test's process: everything real but its reader, which the test feeds, and its door, which it watches. */
export interface GateInSmall {
  readonly door: SimulatedDoor;
  readonly journal: Journal;
  /** @returns what the display says, and how long this thread worked for it */
  show(text: string): Promise<{ readonly verdict: DisplayVerdict; readonly workedMs: number }>;
  stop(): Promise<void>;
}

const LANE = 'north';

export async function gateInSmall(paper: PaperCommunity): Promise<GateInSmall> {
  const folder = mkdtempSync(join(tmpdir(), 'menwei-small-'));
  const door = simulatedDoor({ id: LANE, contact: false }, { clock: realClock });
  const reader = new FedReader();
  const journal = openJournal({
    file: join(folder, 'journal.sqlite'),
    opened: { at: realClock.wall(), clock: 'synced' },
    random,
    reserveBytes: RESERVE_BYTES,
  });
  const gate = new Gate({
    gate: 'small-1',
    journal,
    trust: await trustOf(join(folder, 'trust'), paper),
    verify: createVerifier(nodeEngine()),
    hash: (bytes) => toHex(sha256(bytes)),
    clock: realClock,
    witness: { systemSynced: () => true, batteryClock: true },
    floor: { buildMs: wallMs(0) },
    lanes: (tell) => [laneOf(door, reader, tell)],
    machine: {
      software: 'test',
      uptimeSeconds: () => 1,
      memoryBytes: () => 0,
      storage: () => undefined,
      sample: () => ({ temperatureC: undefined, power: undefined }),
    },
    announceUsed: () => undefined,
    log: memoryLog(),
  });
  await gate.start();
  let tell: (verdict: DisplayVerdict) => void = () => undefined;
  gate.display.listen(LANE, (message) => message.type === 'verdict' && tell(displayVerdict.parse(message)));
  return {
    door,
    journal,
    show: async (text) => {
      const before = process.threadCpuUsage();
      const told = new Promise<DisplayVerdict>((resolve) => {
        tell = resolve;
      });
      reader.bring(text);
      const verdict = await told;
      const { user, system } = process.threadCpuUsage(before);
      return { verdict, workedMs: (user + system) / 1_000 };
    },
    stop: async () => {
      await gate.stop();
      journal.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function laneOf(door: SimulatedDoor, reader: Reader, tell: (item: DoorItem) => void): Lane {
  const settings = { ...DOOR_DEFAULTS, lane: LANE, sensor: 'none' } as const;
  return {
    id: LANE,
    direction: 'in',
    readers: [reader],
    door: new DoorKeeper({ door, clock: realClock, settings }, tell),
    isKeyboard: () => false,
    rulesName: LANE,
  };
}

async function trustOf(directory: string, paper: PaperCommunity) {
  const { district, community } = paper.options;
  const keeper = await openTrust({
    directory,
    disk: nodeDisk(),
    district,
    community,
    gate: 'small-1',
    root: { document: (await paper.documents()).root },
    engine: nodeEngine(),
    plainRoster: true,
  });
  const { refused } = await keeper.importBundle(await paper.bundle(), {
    seconds: nowSeconds(),
    quality: 'synced',
  });
  if (refused.length > 0) throw new Error(`the gate refuses ${refused.length} documents`);
  return keeper;
}

class FedReader implements Reader {
  readonly id = 'scanner';
  #sink: ScanSink | undefined;

  start(sink: ScanSink): Promise<void> {
    this.#sink = sink;
    return Promise.resolve();
  }

  stop(): Promise<void> {
    return Promise.resolve();
  }

  health() {
    return { reader: this.id, state: 'ready' } as const;
  }

  bring(text: string): void {
    const taken = this.#sink?.offer({ reader: this.id, text, at: realClock.monotonic() });
    if (taken !== true) throw new Error('the lane took no scan');
  }
}
