import { createReadStream, existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import type { DistrictConfig } from '../../../config/district.ts';
import { markRestored } from '../../district/index.ts';
import { COPY_NAMES, type DatabasePlace, requireEmpty, restorePostgres } from '../backup/database-copy.ts';
import { unpack } from '../backup/parts.ts';
import { unseal } from '../backup/sealed.ts';
import { secretOf } from '../backup/secret.ts';
import { type CommandIo, EXIT, writeTo } from '../command.ts';
import { givenDistrict } from '../given-config.ts';
import { placeOf, wordsOf } from './district-backup.ts';

/**
 * `menwei district restore`: a backup into an empty place. The whole file is read and proved before the first thing is put
 * anywhere, and nothing that is there is overwritten.
 */

const USAGE = 'usage: menwei district restore BACKUP --config FILE [--key-file FILE]\n';

const manifest = z.object({
  version: z.literal(1),
  district: z.string(),
  database: z.enum(['sqlite', 'postgres']),
  createdAt: z.string(),
});

export async function run(args: readonly string[], io: CommandIo): Promise<number> {
  const asked = parse(args);
  if (asked === undefined) {
    await writeTo(io.error, USAGE);
    return EXIT.usage;
  }
  const config = await givenDistrict(asked.config, io);
  if (config === undefined) return EXIT.failed;
  try {
    const place = placeOf(config);
    await requireNothing(config, place);
    const secret = await secretOf(io, { keyFile: asked.keyFile, twice: false });
    if (!secret.ok) throw new Error(secret.error);
    await writeTo(io.output, await restore(config, place, { backup: asked.backup, secret: secret.value }));
    return EXIT.done;
  } catch (fault) {
    await writeTo(io.error, `menwei: ${wordsOf(fault)}\n`);
    return EXIT.failed;
  }
}

async function requireNothing({ dataDir }: DistrictConfig, place: DatabasePlace): Promise<void> {
  if (existsSync(join(dataDir, 'keys')) && (await readdir(join(dataDir, 'keys'))).length > 0)
    throw new Error('dataDir: keys are there already, and nothing is overwritten; name an empty folder');
  await requireEmpty(place);
}

async function restore(
  config: DistrictConfig,
  place: DatabasePlace,
  { backup, secret }: { backup: string; secret: Uint8Array },
): Promise<string> {
  await mkdir(config.dataDir, { recursive: true, mode: 0o700 });
  const folder = await mkdtemp(join(config.dataDir, '.restore-'));
  try {
    await unpack(unseal(createReadStream(backup), secret), folder);
    const about = manifest.parse(JSON.parse(await readFile(join(folder, 'manifest.json'), 'utf8')));
    if (about.district !== config.district)
      throw new Error(`district: the backup is of ${about.district}; name that district`);
    if (about.database !== place.kind)
      throw new Error(`database: the backup is of ${about.database}; restore it into the same kind`);
    const heard = await putBack(folder, config, place);
    return told(about.createdAt, heard);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The database is made ready before it gets its place: a district that starts in between finds none, or a safe one. */
async function putBack(
  folder: string,
  { dataDir }: DistrictConfig,
  place: DatabasePlace,
): Promise<number | undefined> {
  const copy = join(folder, COPY_NAMES[place.kind]);
  if (place.kind === 'postgres') await restorePostgres(place.url, copy);
  const heard = await markRestored({ place: place.kind === 'postgres' ? place.url : copy, now: Date.now() });
  await rm(join(dataDir, 'keys'), { recursive: true, force: true });
  await rename(join(folder, 'keys'), join(dataDir, 'keys'));
  if (place.kind === 'sqlite') await rename(copy, join(dataDir, COPY_NAMES.sqlite));
  await rename(join(folder, 'district.yaml'), join(dataDir, 'restored-district.yaml'));
  return heard;
}

function told(createdAt: string, heard: number | undefined): string {
  const until =
    heard === undefined ? 'no rows of gates' : `rows of gates until ${new Date(heard).toISOString()}`;
  return `restored the backup of ${createdAt}, with ${until}
Start the district: the gates send what they still have since then by themselves, and versions go above those they hold.
Not in a gate's journal, so to be done again by hand: residents, phones, passes, revocations and gates since ${createdAt}.
The configuration of that time lies in dataDir as restored-district.yaml.
`;
}

function parse(
  args: readonly string[],
): { backup: string; config: string; keyFile: string | undefined } | undefined {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      options: { config: { type: 'string' }, 'key-file': { type: 'string' } },
      allowPositionals: true,
    });
    const [backup, ...more] = positionals;
    const { config, 'key-file': keyFile } = values;
    if (backup === undefined || config === undefined || more.length > 0) return undefined;
    return { backup, config, keyFile };
  } catch {
    return undefined;
  }
}
