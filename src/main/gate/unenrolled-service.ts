import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import type { UnenrolledGate as Found } from '../../../config/load.ts';
import type { ReaderConfig } from '../../../config/schema.ts';
import { systemClock } from '../../../device/clock/index.ts';
import { type GateHealth, GateMetrics, UnenrolledGate } from '../../gate/index.ts';
import { listen } from '../../http/index.ts';
import type { Clock, Log } from '../../ports/index.ts';
import { SetupEntrance, setupServer } from '../../setup/index.ts';
import type { DisplayState, EnrolmentRefusal } from '../../wire/index.ts';
import { newMachine } from '../setup/new-machine.ts';
import { PausableReader } from '../setup/pausable-reader.ts';
import { readerOf } from './devices.ts';
import { fingerprintOf, NotEnrolled, takeEnrolment } from './enrol-gate.ts';
import { gateKeys } from './gate-keys.ts';
import { certificateOf, hostsOf, pagesOf, reachedAt, readPages } from './gate-pages.ts';
import { makeFolder } from './start-gate.ts';
import { supervised } from './supervision.ts';

/**
 * A gate whose root is not there yet, as a service: its readers and its display wait for the district's symbol, and its set-up
 * page for an installer. While somebody sets it up, it stays so even when it is enrolled.
 */
export interface UnenrolledService {
  /** `enrolled`: it may be started as a gate. `changed`: its file has changed, and it begins anew. */
  readonly over: Promise<'enrolled' | 'changed'>;
  stop(): Promise<void>;
}

const LOOK_EVERY_MS = 1_000;
/** Whoever changed something gets an answer before the server begins anew. */
const CHANGED_AFTER_MS = 300;

/** Lives longer than one start of the service: whoever is inside stays inside. Its figures are told on the console. */
export function newEntrance(log: Log): SetupEntrance {
  return new SetupEntrance({
    clock: systemClock(),
    random: { bytes: (length) => new Uint8Array(randomBytes(length)) },
    tellCode: (setupCode) =>
      log.warn({ setupCode }, 'to set this gate up from another machine, type these figures at /setup'),
  });
}

export interface UnenrolledParts {
  readonly found: Found;
  readonly log: Log;
  /** Absent: there is no set-up page. */
  readonly settingUp?: { readonly configFile: string; readonly entrance: SetupEntrance };
}

export async function startUnenrolledService(parts: UnenrolledParts): Promise<UnenrolledService> {
  const { found, log, settingUp } = parts;
  const { file, root } = found;
  const clock = systemClock();
  makeFolder(file.dataDir);
  let listening: string | undefined;
  const { lanes, pausable } = await lanesOf(file.lanes, clock);
  const gate = new UnenrolledGate({
    lanes,
    timeZone: file.timeZone ?? 'Asia/Shanghai',
    enrol: (text) => enrolled(text, found, log),
    fingerprint: () => fingerprintOf(gateKeys(file.dataDir)),
    setUp: () => setUpFrom(listening, settingUp?.entrance),
    clock,
    log,
  });
  const { over, changed, finished } = ending(gate, settingUp?.entrance, clock);
  const pages = readPages();
  const setup =
    settingUp === undefined
      ? undefined
      : setupServer({
          hosts: hostsOf(file.http),
          log,
          pages,
          entrance: settingUp.entrance,
          machine: newMachine({
            file: settingUp.configFile,
            clock,
            gate,
            readers: lanes.flatMap((lane) => lane.readers),
            pausable,
            isEnrolled: () => existsSync(root),
            changed: () => void (existsSync(root) || clock.after(CHANGED_AFTER_MS, changed)),
            finished: () => void clock.after(CHANGED_AFTER_MS, finished),
          }),
        });
  const http = await listen(
    pagesOf(file.http, {
      log,
      display: gate.display,
      metrics: new GateMetrics({ queueDepth: () => 0, troubles: () => [] }),
      health: () => NOT_ENROLLED,
      lanes,
      pages,
      ...(setup === undefined ? {} : { desk: (app) => app.route('/', setup) }),
    }),
    { ...file.http, ...(await certificateOf(file)) },
  );
  listening = http.url;
  await gate.start();
  const endSupervision = supervised(() => NOT_ENROLLED);
  const looking = setInterval(() => existsSync(root) && gate.foundEnrolled(), LOOK_EVERY_MS);
  log.warn(
    { address: http.url, root, lanes: lanes.length },
    'this gate is not enrolled yet: open its set-up page /setup, or show it the symbol',
  );
  return {
    over,
    stop: async () => {
      clearInterval(looking);
      // What follows is the gate itself, in this process: the watchdog is fed until it has taken over.
      endSupervision(false);
      await http.stop();
      await gate.stop();
    },
  };
}

type Lanes = ConstructorParameters<typeof UnenrolledGate>[0]['lanes'];

/** A display page is a reader that lasts; all others can be let go for a test. */
async function lanesOf(
  configured: Found['file']['lanes'],
  clock: Clock,
): Promise<{ readonly lanes: Lanes; readonly pausable: readonly PausableReader[] }> {
  const pausable: PausableReader[] = [];
  const made = async (reader: ReaderConfig) => {
    if (reader.type === 'display') return readerOf(reader, clock);
    const one = new PausableReader(reader.id, () => readerOf(reader, clock));
    pausable.push(one);
    return one;
  };
  const lanes = await Promise.all(
    configured.map(async ({ id, direction, readers }) => ({
      id,
      direction,
      readers: await Promise.all(readers.map(made)),
    })),
  );
  return { lanes, pausable };
}

async function enrolled(
  text: string,
  { file, root }: Found,
  log: Log,
): Promise<EnrolmentRefusal | undefined> {
  try {
    const { answer, fingerprint } = await takeEnrolment(text, { dataDir: file.dataDir, root, said: file });
    log.info({ gate: answer.gate, district: answer.district, fingerprint }, 'this gate is enrolled');
    return undefined;
  } catch (problem) {
    if (!(problem instanceof NotEnrolled)) throw problem;
    log.warn({ refusal: problem.refusal, detail: problem.message }, 'this gate was not enrolled');
    return problem.refusal;
  }
}

/** Over once the gate is enrolled and nobody is setting it up any more. */
function ending(gate: UnenrolledGate, entrance: SetupEntrance | undefined, clock: Clock) {
  const { promise, resolve } = Promise.withResolvers<'enrolled' | 'changed'>();
  const lookAgain = (): void => {
    if (entrance?.isInUse === true) clock.after(LOOK_EVERY_MS, lookAgain);
    else resolve('enrolled');
  };
  void gate.enrolled.then(lookAgain);
  return {
    over: promise,
    changed: () => resolve('changed'),
    finished: () => {
      entrance?.close();
      resolve('enrolled');
    },
  };
}

/** A network may come up at any time. */
function setUpFrom(
  listening: string | undefined,
  entrance: SetupEntrance | undefined,
): DisplayState['setUp'] {
  const address = listening === undefined ? undefined : reachedAt(listening);
  const figures = entrance?.figures;
  return address === undefined || figures === undefined
    ? undefined
    : { address: `${address}/setup`, figures };
}

const NOT_ENROLLED: GateHealth = {
  alive: true,
  ready: false,
  problems: [
    'not enrolled yet: show the enrolment symbol of the district’s console to the reader (or menwei enrol TEXT)',
  ],
};
