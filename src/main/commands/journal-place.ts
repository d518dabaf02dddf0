import { join } from 'node:path';
import { type ParseArgsOptionsConfig, parseArgs } from 'node:util';
import { describeProblems, loadGateConfig } from '../../../config/load.ts';
import { Damage, type JournalReader, listSetAside, openJournalReader } from '../../journal/reading.ts';
import { type CommandIo, EXIT, writeTo } from '../command.ts';

/** What the journal commands share: which journal is meant, and opening it for reading beside a running gate. */

const JOURNAL_FILE = 'journal.sqlite';

const PLACE_OPTIONS = {
  config: { type: 'string' },
  data: { type: 'string' },
  file: { type: 'string' },
} as const satisfies ParseArgsOptionsConfig;

export const PLACE_USAGE = '(--config FILE | --data DIR | --file JOURNAL)';

export type Values = Readonly<Record<string, string | boolean | undefined>>;

/** Understands the options, opens the journal, lets `work` read it, and tells what went wrong on standard error. */
export async function withJournal(
  command: {
    readonly args: readonly string[];
    readonly options: ParseArgsOptionsConfig;
    readonly usage: string;
  },
  io: CommandIo,
  work: (reader: JournalReader, values: Values) => Promise<number>,
): Promise<number> {
  const values = valuesOf(command.args, command.options);
  const file = values === undefined ? undefined : fileOf(values);
  if (values === undefined || file === undefined) {
    await writeTo(io.error, `usage: menwei ${command.usage}\n`);
    return EXIT.usage;
  }
  if (!file.ok) {
    await writeTo(io.error, `${file.problem}\n`);
    return EXIT.failed;
  }
  try {
    const reader = openJournalReader(file.path);
    try {
      return await work(reader, values);
    } finally {
      reader.close();
    }
  } catch (cause) {
    return explain(cause, file.path, io);
  }
}

function valuesOf(args: readonly string[], options: ParseArgsOptionsConfig): Values | undefined {
  try {
    return parseArgs({ args: [...args], options: { ...PLACE_OPTIONS, ...options } }).values;
  } catch {
    return undefined;
  }
}

type Place = { readonly ok: true; readonly path: string } | { readonly ok: false; readonly problem: string };

/** Undefined unless exactly one way to name the journal was used. */
function fileOf({ config, data, file }: Values): Place | undefined {
  const given = [config, data, file].filter((value) => value !== undefined);
  if (given.length !== 1) return undefined;
  if (typeof file === 'string') return { ok: true, path: file };
  if (typeof data === 'string') return { ok: true, path: join(data, JOURNAL_FILE) };
  const loaded = loadGateConfig(String(config), process.env);
  if (!loaded.ok) return { ok: false, problem: describeProblems(loaded.error) };
  return { ok: true, path: join(loaded.value.config.dataDir, JOURNAL_FILE) };
}

async function explain(cause: unknown, file: string, io: CommandIo): Promise<number> {
  if (cause instanceof Damage) {
    await writeTo(io.error, `the journal is damaged: ${cause.message}\n`);
    return EXIT.failed;
  }
  if ((cause as { code?: unknown }).code !== 'ERR_SQLITE_ERROR') throw cause;
  await writeTo(io.error, `${file} cannot be read as a journal: ${(cause as Error).message}\n`);
  return EXIT.failed;
}

/** One sentence for each journal that lies beside this one because its bytes did not hold. */
export function setAsideNotes(file: string): string {
  return listSetAside(file)
    .map((aside) => `${aside.file} was set aside as damaged on ${new Date(aside.at).toISOString()}\n`)
    .join('');
}

/** A sequence number as an option; undefined when it is none. */
export function sequenceOf(value: string | boolean | undefined): number | undefined {
  if (value === undefined) return 1;
  const seq = typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : 0;
  return seq >= 1 ? seq : undefined;
}
