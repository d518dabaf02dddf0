import { closeSync, fchmodSync, fsyncSync, openSync, renameSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { Result } from '../../base/index.ts';
import type { UpdateOutcome, UpdateWhy } from '../../wire/index.ts';
import type { Judged } from './release.ts';
import {
  OUTCOME_FILE,
  readSmall,
  REQUEST_FILE,
  updateRequest,
  type UpdateRequest,
  updaterOutcome,
  type UpdaterOutcome,
} from './updater-files.ts';

/** How an installation ended; `unchanged`: it was not begun, since there would have been no way back. */
export type InstallEnd = Exclude<UpdateOutcome, 'refused'> | 'unchanged';

const NOT_BEGUN: UpdateWhy = 'not-begun';

/**
 * The updater's side of an ordered update. It runs as root and its request is written by a service that may have been taken
 * over: of that only a number, an order's id, an https address and a proxy are taken, what is installed is judged by root's own keys,
 * and an order is carried out once.
 */
export interface UpdaterDeeds {
  /** Fetches the signed text and judges it. @returns why not, as a word */
  judge(request: UpdateRequest): Promise<Result<Judged, string>>;
  /** Fetches the package. @returns why not, as a word */
  bring(judged: Judged, request: UpdateRequest): Promise<Result<true, string>>;
  /** Replaces the program, and goes back where it is not healthy. */
  install(judged: Judged): InstallEnd;
  /** What a power cut had interrupted, and the installer has ended at the start. */
  readonly settled?: { readonly number: number; readonly outcome: UpdateOutcome } | undefined;
}

export interface Obeyed {
  readonly request: UpdateRequest;
  readonly outcome: UpdateOutcome;
  readonly why?: string;
}

/** @returns undefined where nothing new is asked; @throws where what is asked is no request */
export async function obey(folder: string, state: string, deeds: UpdaterDeeds): Promise<Obeyed | undefined> {
  const request = readSmall(join(folder, REQUEST_FILE), updateRequest);
  if (request === undefined || readOutcome(state)?.last?.command === request.command) return undefined;
  if (deeds.settled?.number === request.release) return { request, outcome: deeds.settled.outcome };
  const judged = await deeds.judge(request);
  if (!judged.ok) return { request, outcome: 'refused', why: judged.error };
  const brought = await deeds.bring(judged.value, request);
  if (!brought.ok) return { request, outcome: 'refused', why: brought.error };
  const outcome = deeds.install(judged.value);
  return outcome === 'unchanged' ? { request, outcome: 'refused', why: NOT_BEGUN } : { request, outcome };
}

/** For the gate to read: in root's folder, readable by everybody, with nothing secret in it. */
export function tellOutcome(state: string, outcome: UpdaterOutcome): void {
  const file = join(state, OUTCOME_FILE);
  const descriptor = openSync(`${file}.new`, 'w', 0o644);
  try {
    fchmodSync(descriptor, 0o644);
    writeSync(descriptor, `${JSON.stringify(updaterOutcome.parse(outcome))}\n`);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
  renameSync(`${file}.new`, file);
}

/** One that is damaged counts for none: it only says what was done, and is written anew. */
export function readOutcome(state: string): UpdaterOutcome | undefined {
  try {
    return readSmall(join(state, OUTCOME_FILE), updaterOutcome);
  } catch {
    return undefined;
  }
}
