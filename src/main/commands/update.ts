import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { systemClock } from '../../../device/clock/index.ts';
import { err, ok, type Result, unixSeconds } from '../../base/index.ts';
import { type CommandIo, EXIT, writeTo } from '../command.ts';
import { askThrough } from '../proxy.ts';
import { failed, given, orSaid, usage } from '../root/command-line.ts';
import { bringPackage, bringText } from '../update/fetch-release.ts';
import { type Judged, judgeRelease, type Misfit, MISFITS } from '../update/release.ts';
import { type InstallEnd, obey, readOutcome, tellOutcome, type UpdaterDeeds } from '../update/requested.ts';
import {
  forgetNext,
  isPending,
  noteNext,
  readKeys,
  readState,
  takeSettled,
  writeState,
} from '../update/state.ts';
import { UPDATER_FOLDER } from '../update/updater-files.ts';

/**
 * `menwei update`: takes a signed release in, and goes back to the one before when the new one is not healthy. With
 * `--requested` it carries out what a gate was ordered, whose outcome the gate reads.
 */

const USAGE = 'menwei update (FOLDER|URL | --requested DIR) [--check] [--again] [--keys DIR] [--state DIR]';
const KEYS = '/etc/menwei-release';
/** Part of the package: a shell script, since this program is what is being replaced. */
const INSTALLER = '/usr/lib/menwei/update/install.sh';
const NEXT = 'next.deb';
/** What the installer ends with. */
const ROLLED_BACK = 10;
const UNCHANGED = 12;
const INSTALLER_WITHIN_MS = 30 * 60_000;

export async function run(args: readonly string[], io: CommandIo): Promise<number> {
  const asked = given(args, ['keys', 'state', 'requested', 'check?', 'again?']);
  const [from, ...more] = asked?.words ?? [];
  const requested = asked?.one('requested');
  if (asked === undefined || more.length > 0 || (from === undefined) === (requested === undefined))
    return usage(io, USAGE);
  const where = {
    state: asked.one('state') ?? UPDATER_FOLDER,
    keys: asked.one('keys') ?? KEYS,
    again: asked.has('again'),
  };
  if (requested !== undefined) return orSaid(io, () => byOrder(io, requested, where));
  return orSaid(io, () => byHand(io, from ?? '', { ...where, isCheck: asked.has('check') }));
}

interface Where {
  readonly state: string;
  readonly keys: string;
  readonly again: boolean;
}

async function byHand(io: CommandIo, from: string, where: Where & { isCheck: boolean }): Promise<number> {
  const { state } = where;
  takeSettled(state);
  if (isPending(state)) return failed(io, PENDING);
  askThrough(undefined);
  const judged = await judge(from, where);
  if (!judged.ok) return failed(io, sentence(judged.error));
  const { version, number } = judged.value.manifest;
  if (where.isCheck) {
    await writeTo(
      io.output,
      `release ${number}, version ${version}: signed, and newer than what runs here\n`,
    );
    return EXIT.done;
  }
  const brought = await bringPackage(from, judged.value.own, join(state, NEXT));
  if (!brought.ok) return failed(io, brought.error);
  const outcome = install(judged.value, state);
  tellOutcome(state, { ...readOutcome(state), number: readState(state).number });
  if (outcome !== 'done') return failed(io, ENDS[outcome](number));
  await writeTo(io.output, `release ${number}, version ${version}: installed, and healthy\n`);
  return EXIT.done;
}

const PENDING =
  'update: the one before is not ended; run `systemctl start menwei-update-settle` or restart the machine';

const ENDS: Readonly<Record<Exclude<InstallEnd, 'done'>, (number: number) => string>> = {
  unchanged: () =>
    'release: was not begun, and nothing is changed; what runs could not be kept: see what stands above, and the room on the disk (`df`)',
  back: (number) => `release: ${number} was not healthy here; the version before runs again`,
  unsure: () =>
    'release: could not be installed, and what was before may not run; look at the log, and run `dpkg --audit`',
};

/** An order of the district, which the gate has believed: by its number, from the place that the machine's configuration names. */
async function byOrder(io: CommandIo, folder: string, where: Where): Promise<number> {
  const { state } = where;
  const deeds: Omit<UpdaterDeeds, 'settled'> = {
    judge: async ({ from, release, proxy }) => {
      askThrough(proxy);
      return worded(() => judge(from, { ...where, ordered: release }));
    },
    bring: ({ own }, { from }) => worded(() => bringPackage(from, own, join(state, NEXT))),
    install: (judged) => install(judged, state),
  };
  const settled = takeSettled(state);
  const obeyed = await obey(folder, state, { ...deeds, settled });
  if (obeyed === undefined) {
    if (settled !== undefined) tellOutcome(state, { ...readOutcome(state), number: readState(state).number });
    await writeTo(io.output, 'update: nothing new is asked\n');
    return EXIT.done;
  }
  const { request, outcome, why } = obeyed;
  const { command, release } = request;
  const last = { command, release, outcome, ...(why === undefined ? {} : { why }) };
  tellOutcome(state, { number: readState(state).number, last });
  await writeTo(
    io.output,
    `release ${release}: ${[outcome, ...(why === undefined ? [] : [why])].join(', ')}\n`,
  );
  return outcome === 'unsure' ? EXIT.failed : EXIT.done;
}

/** A sentence of `bring…` begins with its field, which is the word; a network that does not answer is the address. */
async function worded<Value>(work: () => Promise<Result<Value, string>>): Promise<Result<Value, string>> {
  const done = await work().catch(() => err('address'));
  if (done.ok) return done;
  const word = done.error.split(':')[0] ?? '';
  if (Object.hasOwn(MISFITS, word)) return err(word);
  return err(Object.hasOwn(WORDS, word) ? (WORDS[word] ?? 'address') : 'address');
}

const WORDS: Readonly<Record<string, string>> = {
  keys: 'no-makers',
  release: 'no-release',
  package: 'package',
};

function sentence(problem: string): string {
  return Object.hasOwn(MISFITS, problem) ? MISFITS[problem as Misfit] : problem;
}

/** @returns why not: a misfit by its name, or a sentence */
async function judge(
  from: string,
  { state, keys, again, ordered }: Where & { readonly ordered?: number },
): Promise<Result<Judged, string>> {
  const trusted = readKeys(keys);
  if (!trusted.ok) return trusted;
  const text = await bringText(from);
  if (!text.ok) return text;
  const { number, failed: before } = readState(state);
  const judged = judgeRelease(text.value, {
    keys: trusted.value,
    nowSeconds: unixSeconds(systemClock().wall()),
    number,
    failed: again ? [] : before,
    architecture: process.arch === 'x64' ? 'amd64' : process.arch,
    ...(ordered === undefined ? {} : { ordered }),
  });
  return judged.ok ? ok(judged.value) : judged;
}

/** From here on this program’s own files are replaced beneath it: it loads nothing more. */
function install({ manifest }: Judged, state: string): InstallEnd {
  const { number, version } = manifest;
  const before = readState(state);
  noteNext(state, { number, version });
  const { status } = spawnSync('/bin/sh', [INSTALLER, state], {
    stdio: ['ignore', 'inherit', 'inherit'],
    timeout: INSTALLER_WITHIN_MS,
  });
  if (status === 0) {
    writeState(state, { number, version, failed: before.failed });
    forgetNext(state);
    return 'done';
  }
  // Ended, and put on record, when the machine starts again.
  if (status !== ROLLED_BACK && status !== UNCHANGED) return 'unsure';
  if (status === ROLLED_BACK) writeState(state, { ...before, failed: [...before.failed, number] });
  forgetNext(state);
  return status === UNCHANGED ? 'unchanged' : 'back';
}
