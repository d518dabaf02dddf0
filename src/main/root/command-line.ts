import { randomBytes } from 'node:crypto';
import { type ParseArgsConfig, parseArgs } from 'node:util';
import type { DistrictConfig } from '../../../config/district.ts';
import { systemClock } from '../../../device/clock/index.ts';
import type { OfflineDistrict } from '../../district/index.ts';
import { type CommandIo, EXIT, writeTo } from '../command.ts';
import { givenDistrict } from '../given-config.ts';

/** What the commands of a ceremony share: arguments, complaints, and a district's data beside the district. */
export interface Given {
  /** @returns undefined for one that was not given */
  one(name: string): string | undefined;
  all(name: string): readonly string[];
  has(name: string): boolean;
  readonly words: readonly string[];
}

/** @param names options with a value, `name*` those that may come several times, `name?` flags. Undefined: not understood */
export function given(args: readonly string[], names: readonly string[]): Given | undefined {
  const options: NonNullable<ParseArgsConfig['options']> = {};
  for (const name of names) {
    const plain = name.replace(/[*?]$/, '');
    options[plain] = name.endsWith('?') ? { type: 'boolean' } : { type: 'string', multiple: true };
  }
  try {
    const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true });
    const all = (name: string) => [values[name] ?? []].flat().map(String);
    const single = names.filter((name) => !/[*?]$/.test(name));
    if (single.some((name) => all(name).length > 1)) return undefined;
    return { one: (name) => all(name)[0], all, has: (name) => values[name] === true, words: positionals };
  } catch {
    return undefined;
  }
}

export async function usage(io: CommandIo, text: string): Promise<number> {
  await writeTo(io.error, `usage: ${text}\n`);
  return EXIT.usage;
}

export async function failed(io: CommandIo, ...problems: readonly string[]): Promise<number> {
  await writeTo(io.error, problems.map((problem) => `menwei: ${problem}\n`).join(''));
  return EXIT.failed;
}

/** Runs the work and turns a fault of the disk or the database into a sentence. */
export async function orSaid(io: CommandIo, work: () => Promise<number>): Promise<number> {
  try {
    return await work();
  } catch (cause) {
    return failed(io, cause instanceof Error ? cause.message : String(cause));
  }
}

/** The district of a configuration file, whether it runs or not. */
export async function withDistrict(
  io: CommandIo,
  file: string,
  work: (district: OfflineDistrict, config: DistrictConfig) => Promise<number>,
): Promise<number> {
  const config = await givenDistrict(file, io);
  if (config === undefined) return EXIT.failed;
  const { dataDir, district: name, database } = config;
  // Only here: an updater that knows no district is not kept from its work by one that cannot be loaded.
  const { openOffline } = await import('../../district/index.ts');
  const district = await openOffline({
    dataDir,
    district: name,
    ...(database.url === undefined ? {} : { database: database.url }),
    clock: systemClock(),
    random: { bytes: fresh },
  });
  try {
    return await work(district, config);
  } finally {
    await district.close();
  }
}

export function fresh(length: number): Uint8Array {
  return new Uint8Array(randomBytes(length));
}
