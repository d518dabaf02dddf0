import { mkdtemp, open, readdir, rename, rm } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { DistrictConfig } from '../../../config/district.ts';
import { MACHINE } from '../../district/index.ts';
import { COPY_NAMES, copyDatabase, type DatabasePlace } from '../backup/database-copy.ts';
import { type Part, pack } from '../backup/parts.ts';
import { seal } from '../backup/sealed.ts';
import { secretOf } from '../backup/secret.ts';
import { BUILD } from '../build.ts';
import { type CommandIo, EXIT, writeTo } from '../command.ts';
import { besideDesk } from '../district/desk-beside.ts';
import { givenDistrict } from '../given-config.ts';

/**
 * `menwei district backup`: database, keys and configuration as one sealed file, while the district runs. The root's keys
 * are left out unless they are asked for: they belong elsewhere.
 */

const USAGE =
  'usage: menwei district backup --config FILE --out FILE [--key-file FILE] [--with-root-keys]\n' +
  'Asks for a passphrase, unless --key-file names what to seal it with.\n';
/** Of the keys folder; src/district/keys names it so. */
const ROOT_KEYS = 'root-keys.json';

interface Asked {
  readonly config: string;
  readonly out: string;
  readonly keyFile: string | undefined;
  readonly withRootKeys: boolean;
}

export async function run(args: readonly string[], io: CommandIo): Promise<number> {
  const asked = parse(args);
  if (asked === undefined) {
    await writeTo(io.error, USAGE);
    return EXIT.usage;
  }
  const config = await givenDistrict(asked.config, io);
  if (config === undefined) return EXIT.failed;
  const secret = await secretOf(io, { keyFile: asked.keyFile, twice: true });
  if (!secret.ok) {
    await writeTo(io.error, `menwei: ${secret.error}\n`);
    return EXIT.failed;
  }
  try {
    const bytes = await backup(config, asked, secret.value);
    await note(config, io);
    await writeTo(io.output, `${asked.out}: ${bytes} bytes, sealed\n${reminder(asked, config)}`);
    return EXIT.done;
  } catch (fault) {
    await writeTo(io.error, `menwei: ${wordsOf(fault)}\n`);
    return EXIT.failed;
  }
}

function reminder({ withRootKeys }: Asked, { persons }: DistrictConfig): string {
  const root = withRootKeys
    ? 'The root’s keys are in it: keep it where nobody else reads, apart from its passphrase.\n'
    : 'The root’s keys are not in it; they stay where you carried them.\n';
  // Whoever keeps that file apart wants it apart here too.
  const apart =
    persons.keyFile === undefined ? '' : 'Nor is persons.keyFile: without it nobody reads the persons.\n';
  return root + apart;
}

async function backup(config: DistrictConfig, asked: Asked, secret: Uint8Array): Promise<number> {
  const out = resolve(asked.out);
  // Beside the result: the copy of the database is never on another disk, and never readable by others.
  const folder = await mkdtemp(join(dirname(out), '.menwei-backup-'));
  try {
    const place = placeOf(config);
    const copy = join(folder, COPY_NAMES[place.kind]);
    await copyDatabase(place, copy);
    const keys = join(config.dataDir, 'keys');
    const manifest = {
      version: 1,
      district: config.district,
      database: place.kind,
      software: BUILD.version,
      createdAt: new Date().toISOString(),
      rootKeys: asked.withRootKeys,
    };
    const names = (await filesBelow(keys)).filter(
      (name) => !name.endsWith('.new') && (asked.withRootKeys || name !== ROOT_KEYS),
    );
    const parts: Part[] = [
      { name: 'manifest.json', from: Buffer.from(JSON.stringify(manifest)) },
      { name: COPY_NAMES[place.kind], from: copy },
      { name: 'district.yaml', from: resolve(asked.config) },
      ...names.map((name) => ({ name: `keys/${name}`, from: join(keys, name) })),
    ];
    return await writeWhole(out, join(folder, 'sealed'), seal(pack(parts), secret));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** So that the console can say when the last one was. A backup that is whole stays one when this fails. */
async function note(config: DistrictConfig, io: CommandIo): Promise<void> {
  try {
    const deed = { account: MACHINE, action: 'backup', subject: config.district, outcome: 'done' };
    await besideDesk(config, io, (desk) => desk.audit.note(deed));
  } catch (fault) {
    await writeTo(io.error, `menwei: the audit log does not say so: ${wordsOf(fault)}\n`);
  }
}

/** It has its name once it is whole on the disk; a file that is there already stays. */
async function writeWhole(out: string, part: string, content: AsyncIterable<Uint8Array>): Promise<number> {
  const reserved = await open(out, 'wx', 0o600).catch((cause: unknown) => {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown';
    const why = code === 'EEXIST' ? 'is there already; choose another name' : `cannot be made (${code})`;
    throw new Error(`--out: ${why}`, { cause });
  });
  await reserved.close();
  try {
    const file = await open(part, 'wx', 0o600);
    let bytes = 0;
    try {
      for await (const piece of content) {
        await file.writeFile(piece);
        bytes += piece.length;
      }
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(part, out);
    return bytes;
  } catch (fault) {
    await rm(out, { force: true });
    throw fault;
  }
}

export function placeOf({ dataDir, database }: DistrictConfig): DatabasePlace {
  return database.url === undefined ? { kind: 'sqlite', dataDir } : { kind: 'postgres', url: database.url };
}

async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();
}

export function wordsOf(fault: unknown): string {
  return fault instanceof Error ? fault.message : 'it failed';
}

function parse(args: readonly string[]): Asked | undefined {
  try {
    const { config, out, ...more } = parseArgs({
      args: [...args],
      options: {
        config: { type: 'string' },
        out: { type: 'string' },
        'key-file': { type: 'string' },
        'with-root-keys': { type: 'boolean' },
      },
    }).values;
    if (config === undefined || out === undefined) return undefined;
    return { config, out, keyFile: more['key-file'], withRootKeys: more['with-root-keys'] === true };
  } catch {
    return undefined;
  }
}
