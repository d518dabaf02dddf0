import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describeProblems, findGate } from '../../../config/load.ts';
import type { GateConfig } from '../../../config/schema.ts';
import type { Log } from '../../ports/index.ts';
import { gateList } from '../../wire/index.ts';
import { enrolGate, fingerprintOf } from '../gate/enrol-gate.ts';
import { gateKeys } from '../gate/gate-keys.ts';
import { startUnenrolledService } from '../gate/unenrolled-service.ts';
import { qrPicture } from './picture.ts';

/**
 * What an installer does with a new gate: opens an enrolment at the district, shows its one-time symbol to the gate's own
 * reader, compares the fingerprints that gate and district show, and says that they are the same.
 */
export interface Installation {
  readonly districtUrl: string;
  readonly gate: string;
  readonly community: number;
  /** The gate's configuration file. */
  readonly file: string;
  /** A folder that the gate's reader reads pictures from; absent: its readers are real, and the text is typed. */
  readonly pictures?: string;
  readonly log: Log;
}

export interface Installed {
  readonly config: GateConfig;
  /** Hex; absent: the gate was enrolled before. */
  readonly enrolledNow?: string;
}

const ENROLLED_WITHIN_MS = 30_000;

export async function installGate(installation: Installation): Promise<Installed> {
  const { file, gate, community } = installation;
  const found = foundGate(file);
  if (found.enrolled) return { config: found.config };
  const { text } = (await ask(installation, '/api/enrolments', { gate, community })) as { text: string };
  await (installation.pictures === undefined ? enrolGate(text, file) : showSymbol(installation, text));
  const enrolled = foundGate(file);
  if (!enrolled.enrolled) throw new Error(`${file}: the gate was not enrolled`);
  const { config } = enrolled;
  const fingerprint = fingerprintOf(gateKeys(config.dataDir));
  const { gates } = gateList.parse(await ask(installation, '/api/gates'));
  const known = gates.find((each) => each.gate === gate)?.fingerprint;
  if (known !== fingerprint) throw new Error(`${gate}: the district knows another fingerprint than the gate`);
  await ask(installation, `/api/gates/${gate}/confirm`, { fingerprint });
  return { config, enrolledNow: fingerprint };
}

async function showSymbol({ file, pictures = '', log }: Installation, text: string): Promise<void> {
  const found = foundGate(file);
  if (found.enrolled) return;
  const waiting = await startUnenrolledService({ found, log });
  try {
    showPicture(pictures, 'enrolment', text);
    const late = Promise.withResolvers<never>();
    const timer = setTimeout(
      () => late.reject(new Error('the gate did not read the enrolment symbol')),
      ENROLLED_WITHIN_MS,
    );
    await Promise.race([waiting.over, late.promise]).finally(() => clearTimeout(timer));
  } finally {
    await waiting.stop();
  }
}

/** Laid down whole, as a camera or an upload would. */
export function showPicture(folder: string, name: string, text: string): void {
  const draft = join(folder, `.${name}`);
  writeFileSync(draft, qrPicture(text));
  renameSync(draft, join(folder, `${name}.pgm`));
}

function foundGate(file: string) {
  const found = findGate(file, {});
  if (!found.ok) throw new Error(describeProblems(found.error));
  return found.value;
}

async function ask({ districtUrl }: Installation, path: string, body?: object): Promise<unknown> {
  const post = {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  };
  const answer = await fetch(districtUrl + path, body === undefined ? {} : post);
  const said: unknown = await answer.json();
  if (!answer.ok)
    throw new Error(`the district answered ${answer.status}: ${(said as { error?: string }).error ?? ''}`);
  return said;
}
