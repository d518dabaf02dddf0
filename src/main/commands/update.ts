import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { systemClock } from '../../../device/clock/index.ts';
import { unixSeconds } from '../../base/index.ts';
import { type CommandIo, EXIT, writeTo } from '../command.ts';
import { failed, given, orSaid, usage } from '../root/command-line.ts';
import { bringPackage, bringText } from '../update/fetch-release.ts';
import { type Judged, judgeRelease, MISFITS } from '../update/release.ts';
import { readKeys, readState, writeState } from '../update/state.ts';

/** `menwei update`: takes a signed release in, and goes back to the one before when the new one is not healthy. */

const USAGE = 'menwei update FOLDER|URL [--check] [--again] [--keys DIR] [--state DIR]';
const KEYS = '/etc/menwei-release';
const STATE = '/var/lib/menwei-update';
/** Part of the package: a shell script, since this program is what is being replaced. */
const INSTALLER = '/usr/lib/menwei/update/install.sh';
const NEXT = 'next.deb';
/** What the installer ends with. */
const ROLLED_BACK = 10;
const INSTALLER_WITHIN_MS = 30 * 60_000;

export async function run(args: readonly string[], io: CommandIo): Promise<number> {
  const asked = given(args, ['keys', 'state', 'check?', 'again?']);
  const [from, ...more] = asked?.words ?? [];
  if (asked === undefined || from === undefined || more.length > 0) return usage(io, USAGE);
  const state = asked.one('state') ?? STATE;
  return orSaid(io, async () => {
    const judged = await judge(from, { state, keys: asked.one('keys') ?? KEYS, again: asked.has('again') });
    if (typeof judged === 'string') return failed(io, judged);
    const { version, number } = judged.manifest;
    if (asked.has('check')) {
      await writeTo(
        io.output,
        `release ${number}, version ${version}: signed, and newer than what runs here\n`,
      );
      return EXIT.done;
    }
    const brought = await bringPackage(from, judged.own, join(state, NEXT));
    if (!brought.ok) return failed(io, brought.error);
    return install(io, judged, state);
  });
}

interface Where {
  readonly state: string;
  readonly keys: string;
  readonly again: boolean;
}

async function judge(from: string, { state, keys, again }: Where): Promise<Judged | string> {
  const trusted = readKeys(keys);
  if (!trusted.ok) return trusted.error;
  const text = await bringText(from);
  if (!text.ok) return text.error;
  const { number, failed: before } = readState(state);
  const judged = judgeRelease(text.value, {
    keys: trusted.value,
    nowSeconds: unixSeconds(systemClock().wall()),
    number,
    failed: again ? [] : before,
    architecture: process.arch === 'x64' ? 'amd64' : process.arch,
  });
  return judged.ok ? judged.value : MISFITS[judged.error];
}

/** From here on this program’s own files are replaced beneath it: it loads nothing more. */
async function install(io: CommandIo, { manifest }: Judged, state: string): Promise<number> {
  const { number, version } = manifest;
  const before = readState(state);
  const { status } = spawnSync('/bin/sh', [INSTALLER, state], {
    stdio: ['ignore', 'inherit', 'inherit'],
    timeout: INSTALLER_WITHIN_MS,
  });
  if (status === 0) {
    writeState(state, { number, version, failed: before.failed });
    await writeTo(io.output, `release ${number}, version ${version}: installed, and healthy\n`);
    return EXIT.done;
  }
  writeState(state, { ...before, failed: [...before.failed, number] });
  return failed(
    io,
    status === ROLLED_BACK
      ? `release: ${number} was not healthy here; the version before runs again`
      : 'release: could not be installed, and what was before may not run; look at the log, and run `dpkg --audit`',
  );
}
