import { execFile } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { arch, platform, release, tmpdir, uptime } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { describeProblems, findGate } from '../../../config/load.ts';
import { openJournalReader, READ_ROWS_MAX, type StoredRow } from '../../journal/reading.ts';
import { type Finding, inWords } from '../../setup/index.ts';
import { BUILD } from '../build.ts';
import { askState } from '../control/client.ts';
import { clean } from '../log.ts';
import { isCommand } from './look-at-devices.ts';
import { journalFileIn } from './look-at-gate.ts';
import { codeOf } from './machine-view.ts';
import { isClean, withoutSecrets } from './secrets.ts';

/**
 * The support bundle: what somebody far away needs to help, and nothing else. Rows by an allow-list of fields, the configuration
 * without its secrets, no key, no document, nobody's number. A file that would hold a secret of this gate is left out, aloud.
 */

const ROWS_MAX = 500;
const LOG_LINES_MAX = 2_000;
const LOG_BYTES_MAX = 4 * 1024 * 1024;
const LOG_WITHIN_MS = 15_000;
const UNIT = 'menwei-gate';

const run = promisify(execFile);

/** @returns the names of what is in it @throws when it cannot be written */
export async function writeBundle(
  file: string,
  { config, findings }: { readonly config: string; readonly findings: readonly Finding[] },
): Promise<readonly string[]> {
  const found = findGate(config, process.env);
  const known = found.ok ? (found.value.enrolled ? found.value.config : found.value.file) : undefined;
  const parts: Record<string, string> = {
    'versions.json': json(versions()),
    'findings.json': json(
      findings.map((finding) => ({ ...inWords(finding, 'en'), zh: inWords(finding, 'zh').what })),
    ),
    'configuration.json': found.ok
      ? json(withoutSecrets(known))
      : json({ problems: describeProblems(found.error).split('\n') }),
    'log.txt': await logTail(),
  };
  if (known !== undefined) {
    parts['health.json'] = json(
      await askState(known.dataDir).catch((cause: unknown) => ({ unseen: codeOf(cause) })),
    );
    parts['rows.jsonl'] = rowsOf(known.dataDir);
  }
  const sound = Object.entries(parts).filter(([, text]) => isClean(text, known));
  const left = Object.keys(parts).filter((name) => !sound.some(([kept]) => kept === name));
  if (left.length > 0) sound.push(['left-out.txt', `${left.join('\n')}\n`]);
  await pack(resolve(file), sound);
  return sound.map(([name]) => name);
}

async function pack(file: string, parts: readonly (readonly [string, string])[]): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'menwei-bundle-'));
  try {
    for (const [name, text] of parts) writeFileSync(join(folder, name), text, { mode: 0o600 });
    const names = parts.map(([name]) => name);
    await run('tar', ['--owner=0', '--group=0', '-czf', file, '-C', folder, ...names]);
    chmodSync(file, 0o600);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function versions(): object {
  const model = '/proc/device-tree/model';
  return {
    menwei: BUILD.version,
    node: process.version,
    system: `${platform()} ${release()} ${arch()}`,
    uptimeSeconds: Math.round(uptime()),
    ...(existsSync(model) ? { model: readFileSync(model, 'utf8').replaceAll('\0', '') } : {}),
  };
}

function rowsOf(dataDir: string): string {
  const file = journalFileIn(dataDir);
  if (!existsSync(file)) return '';
  try {
    const reader = openJournalReader(file);
    try {
      const { seq } = reader.head();
      const rows: string[] = [];
      for (let from = Math.max(1, seq - ROWS_MAX + 1); from <= seq; from += READ_ROWS_MAX)
        rows.push(
          ...reader
            .rows(from, Math.min(READ_ROWS_MAX, seq - from + 1))
            .map((row) => JSON.stringify(impersonal(row))),
        );
      return `${rows.join('\n')}\n`;
    } finally {
      reader.close();
    }
  } catch (cause) {
    return `${JSON.stringify({ unseen: codeOf(cause) })}\n`;
  }
}

/** What a row says of the gate. Whom it concerns, who acted and by which command stays here. */
export function impersonal(row: StoredRow): object {
  if (!('at' in row)) return { seq: row.seq, purged: true };
  const { seq, at, clock, lane, direction, reader, decision, refusal, kind, entry, door, reason } = row;
  const own = reason === undefined ? undefined : ownReason(decision, reason);
  return { seq, at, clock, lane, direction, reader, decision, refusal, kind, entry, door, reason: own };
}

/** What happened to the gate itself is told whole; of all else the word before the first colon. */
function ownReason(decision: string, reason: string): string {
  const isOwn =
    /^(started|stopping|clock|storage|expiry|drill|reader-(ready|lost)|unrecorded|trust-changed)\b/;
  return decision === 'door' || isOwn.test(reason) ? clean(reason) : clean(reason.split(':')[0] ?? '');
}

/** One-time codes of eight digits are told on the console, and on the console alone. */
const ONCE_CODE = /\b\d{4} ?\d{4}\b/g;

async function logTail(): Promise<string> {
  if (!isCommand('journalctl')) return 'no journald on this machine\n';
  const args = ['-u', UNIT, '-n', String(LOG_LINES_MAX), '-o', 'cat', '--no-pager', '-q'];
  try {
    const { stdout } = await run('journalctl', args, { maxBuffer: LOG_BYTES_MAX, timeout: LOG_WITHIN_MS });
    return logWithout(stdout);
  } catch (cause) {
    return `the log could not be read (${codeOf(cause)})\n`;
  }
}

export function logWithout(text: string): string {
  return clean(text).replaceAll(ONCE_CODE, '[removed]');
}

const json = (value: unknown): string => `${JSON.stringify(value, undefined, 2)}\n`;
