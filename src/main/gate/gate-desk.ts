import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { argon2id } from '../../crypto/index.ts';
import { type Desk, noDesk, openDesk } from '../../desk/index.ts';
import type { Hosts, StaticFiles } from '../../http/index.ts';
import type { Log } from '../../ports/index.ts';
import { takeManual } from './duress-told.ts';
import { gateWork } from './gate-work.ts';
import type { RunningGate } from './start-gate.ts';

export const DESK_FILE = 'desk.sqlite';

/** The guard's desk of a running gate, with what it asks of the gate. */
export interface GateDesk {
  readonly dataDir: string;
  readonly running: RunningGate;
  readonly log: Log;
  readonly hosts: Hosts;
  readonly pages: StaticFiles;
  /** false: nobody guards this gate. */
  readonly isWanted: boolean;
}

export function openGateDesk({ dataDir, running, log, hosts, pages, isWanted }: GateDesk): Desk {
  if (!isWanted) return noDesk();
  const { gate, clock } = running;
  return openDesk({
    file: join(dataDir, DESK_FILE),
    gate: {
      gate: running.id,
      now: () => gate.clock.now().at,
      takeManual: (item) => takeManual(gate, item),
      take: (item) => void gate.take(item),
    },
    work: gateWork(running),
    clock,
    random: { bytes: (length) => new Uint8Array(randomBytes(length)) },
    argon2id,
    log,
    hosts,
    pages,
  });
}
