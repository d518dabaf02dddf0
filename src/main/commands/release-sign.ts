import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { systemClock } from '../../../device/clock/index.ts';
import { unixSeconds } from '../../base/index.ts';
import { type CommandIo, EXIT, writeTo } from '../command.ts';
import { failed, given, orSaid, usage } from '../root/command-line.ts';
import { readRootKey } from '../root/root-key.ts';
import { RELEASE_FILE, releaseManifest } from '../../wire/index.ts';
import { signRelease } from '../update/release.ts';

/** `menwei release sign`: names the packages of a folder in one signed text, for `menwei update` to judge. */

const USAGE = 'menwei release sign FOLDER --key FILE --number N [--days 90]';
const DAY_SECONDS = 86_400;
const DAYS = 90;

export async function run(args: readonly string[], io: CommandIo): Promise<number> {
  const asked = given(args, ['key', 'number', 'days']);
  const [folder, ...more] = asked?.words ?? [];
  const [key, number] = [asked?.one('key'), asked?.one('number')];
  if (folder === undefined || more.length > 0 || key === undefined || number === undefined)
    return usage(io, USAGE);
  return orSaid(io, async () => {
    const signer = await readRootKey(key);
    if (!signer.ok) return failed(io, signer.error);
    const packages = packagesOf(folder);
    const versions = new Set(packages.map(({ version }) => version));
    if (versions.size !== 1)
      return failed(io, 'folder: a release is the packages of one version; put them, and them alone, there');
    const iat = unixSeconds(systemClock().wall());
    const exp = iat + Number(asked?.one('days') ?? DAYS) * DAY_SECONDS;
    const manifest = releaseManifest.safeParse({
      number: Number(number),
      version: [...versions][0],
      iat,
      exp,
      packages: packages.map(({ version: _, ...named }) => named),
    });
    if (!manifest.success)
      return failed(io, 'release: number, days or packages are no release; look at --help');
    writeFileSync(join(folder, RELEASE_FILE), `${await signRelease(signer.value, manifest.data)}\n`);
    await writeTo(
      io.output,
      `${join(folder, RELEASE_FILE)}: release ${number}, ${packages.length} packages\n`,
    );
    return EXIT.done;
  });
}

function packagesOf(folder: string) {
  return readdirSync(folder).flatMap((file) => {
    const named = /^menwei_(?<version>[^_]+)_(?<architecture>amd64|arm64)\.deb$/.exec(file)?.groups;
    if (named === undefined) return [];
    const bytes = readFileSync(join(folder, file));
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    return [
      { file, version: named['version'], architecture: named['architecture'], bytes: bytes.length, sha256 },
    ];
  });
}
