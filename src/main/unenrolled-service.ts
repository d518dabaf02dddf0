import { existsSync } from 'node:fs';
import type { UnenrolledGate as Found } from '../../config/load.ts';
import { systemClock } from '../../device/clock/index.ts';
import { GateMetrics, type GateHealth, UnenrolledGate } from '../gate/index.ts';
import { listen } from '../http/index.ts';
import type { Log } from '../ports/index.ts';
import type { EnrolmentRefusal } from '../wire/index.ts';
import { readerOf } from './devices.ts';
import { NotEnrolled, takeEnrolment } from './enrol-gate.ts';
import { makeFolder } from './start-gate.ts';
import { certificateOf, pagesOf, supervised } from './gate-service.ts';

/** A gate whose root is not there yet, as a service: its readers and its display wait for the district's symbol. */
export interface UnenrolledService {
  /** Kept when the gate is enrolled and may be started as one. */
  readonly enrolled: Promise<void>;
  stop(): Promise<void>;
}

const LOOK_EVERY_MS = 1_000;

export async function startUnenrolledService({ file, root }: Found, log: Log): Promise<UnenrolledService> {
  const clock = systemClock();
  makeFolder(file.dataDir);
  const lanes = await Promise.all(
    file.lanes.map(async ({ id, direction, readers }) => ({
      id,
      direction,
      readers: await Promise.all(readers.map((reader) => readerOf(reader, clock))),
    })),
  );
  const enrol = async (text: string): Promise<EnrolmentRefusal | undefined> => {
    try {
      const { answer, fingerprint } = await takeEnrolment(text, { dataDir: file.dataDir, root, said: file });
      log.info({ gate: answer.gate, district: answer.district, fingerprint }, 'this gate is enrolled');
      return undefined;
    } catch (problem) {
      if (!(problem instanceof NotEnrolled)) throw problem;
      log.warn({ refusal: problem.refusal, detail: problem.message }, 'this gate was not enrolled');
      return problem.refusal;
    }
  };
  const gate = new UnenrolledGate({ lanes, timeZone: file.timeZone ?? 'Asia/Shanghai', enrol, clock, log });
  const http = await listen(
    pagesOf(file.http, {
      log,
      display: gate.display,
      metrics: new GateMetrics(() => 0),
      health: () => NOT_ENROLLED,
      lanes,
    }),
    { ...file.http, ...(await certificateOf(file)) },
  );
  await gate.start();
  const endSupervision = supervised(() => NOT_ENROLLED);
  const looking = setInterval(() => existsSync(root) && gate.foundEnrolled(), LOOK_EVERY_MS);
  log.warn(
    { address: http.url, root, lanes: lanes.length },
    'this gate is not enrolled yet: show it the symbol',
  );
  return {
    enrolled: gate.enrolled,
    stop: async () => {
      clearInterval(looking);
      // What follows is the gate itself, in this process.
      endSupervision(false);
      await http.stop();
      await gate.stop();
    },
  };
}

const NOT_ENROLLED: GateHealth = {
  alive: true,
  ready: false,
  problems: [
    'not enrolled yet: show the enrolment symbol of the district’s console to the reader (or menwei enrol TEXT)',
  ],
};
