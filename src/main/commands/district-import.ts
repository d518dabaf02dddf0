import { readFile, stat } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import type { DistrictConfig } from '../../../config/district.ts';
import { IMPORT_BYTES_MAX, type ImportReport, importHeading, LIST_TOO_LARGE } from '../../district/index.ts';
import { type CommandIo, EXIT, writeTo } from '../command.ts';
import { besideDistrict, progressBar } from '../district/registry-beside.ts';

/**
 * `menwei district import`: enters a community from a CSV or XLSX list, all of it or nothing, and tells of each bad row
 * which column is wrong and what to do; never what stands there.
 */

const USAGE = `usage: menwei district import FILE --config FILE [--community N] [--dry-run] [--skip-bad]
  --dry-run   tell what would be done, and change nothing
  --skip-bad  enter the good rows although others are bad
`;

interface Asked {
  readonly file: string;
  readonly config: string;
  readonly community: string | undefined;
  readonly dryRun: boolean;
  readonly skipBad: boolean;
}

export async function run(args: readonly string[], io: CommandIo): Promise<number> {
  const asked = optionsOf(args);
  if (asked === undefined) {
    await writeTo(io.error, USAGE);
    return EXIT.usage;
  }
  return besideDistrict(asked.config, io, async (registry, config) => {
    const community = communityOf(asked.community, config);
    if (typeof community === 'string') return refuse(io, community);
    const bytes = await bytesOf(asked.file);
    if (typeof bytes === 'string') return refuse(io, bytes);
    const bar = progressBar(io);
    const { dryRun, skipBad } = asked;
    const done = await registry.importList(bytes, { community, dryRun, skipBad, progress: bar.step });
    bar.end();
    if (!done.ok) return refuse(io, `${rowOf(done.error.row)}${done.error.en}\n  ${done.error.zh}`);
    await writeTo(io.error, problemsOf(done.value));
    await writeTo(io.output, summaryOf(done.value, asked));
    return isTaken(done.value.bad, asked) ? EXIT.done : EXIT.failed;
  });
}

function optionsOf(args: readonly string[]): Asked | undefined {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      options: {
        config: { type: 'string' },
        community: { type: 'string' },
        'dry-run': { type: 'boolean', default: false },
        'skip-bad': { type: 'boolean', default: false },
      },
      allowPositionals: true,
    });
    const [file, ...more] = positionals;
    const { config, community } = values;
    if (file === undefined || more.length > 0 || config === undefined) return undefined;
    return { file, config, community, dryRun: values['dry-run'], skipBad: values['skip-bad'] };
  } catch {
    return undefined;
  }
}

/** @returns its number, or what is wrong */
function communityOf(asked: string | undefined, { communities }: DistrictConfig): number | string {
  const [only, ...more] = communities;
  if (asked === undefined)
    return only !== undefined && more.length === 0
      ? only.id
      : `--community: the district has several; name one of ${communities.map(({ id }) => id).join(', ')}`;
  const found = communities.find(({ id }) => String(id) === asked);
  return found?.id ?? '--community: not one of this district; name it in communities of the configuration';
}

async function bytesOf(file: string): Promise<Uint8Array | string> {
  try {
    const { size } = await stat(file);
    return size > IMPORT_BYTES_MAX ? LIST_TOO_LARGE.en : await readFile(file);
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown';
    return `FILE: cannot be read (${code}); look at its name and rights`;
  }
}

async function refuse(io: CommandIo, what: string): Promise<number> {
  await writeTo(io.error, `menwei: ${what}\n`);
  return EXIT.failed;
}

function rowOf(row: number | undefined): string {
  return row === undefined ? '' : `row ${row}: `;
}

function problemsOf({ problems, more }: ImportReport): string {
  const lines = problems.map(
    ({ row, field, zh, en }) =>
      `row ${row}: ${importHeading(field)}: ${en}\n  第 ${row} 行：${importHeading(field)}：${zh}\n`,
  );
  return lines.join('') + (more === 0 ? '' : `and ${more} more\n`);
}

function summaryOf({ rows, entered, known, bad, applied }: ImportReport, asked: Asked): string {
  const would = asked.dryRun ? 'would be entered' : 'entered';
  const count = applied || (asked.dryRun && isTaken(bad, asked)) ? String(entered) : 'nothing';
  const counts = `${rows} rows: ${count} ${would}, ${known} known before, ${bad} bad\n`;
  if (isTaken(bad, asked)) return counts;
  return `${counts}Correct the bad rows and import again, or take the others with --skip-bad.\n`;
}

function isTaken(bad: number, { skipBad }: Asked): boolean {
  return bad === 0 || skipBad;
}
