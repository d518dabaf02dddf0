import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { isNode, LineCounter, parse as parseYaml, parseDocument } from 'yaml';
import type { z } from 'zod';
import { err, ok, type Result } from '../src/base/index.ts';
import type { ClientTls } from './parts.ts';

/**
 * The sole reader of configuration files and of the environment. Lists every problem at once, each with its place and remedy;
 * a value is never guessed.
 */

const CONFIG_BYTES_MAX = 256 * 1024;
const ENVIRONMENT_PREFIX = 'MENWEI_';
/** Ours, but no part of a configuration. */
const NOT_CONFIGURATION = new Set(['MENWEI_TIER']);

export interface ConfigProblem {
  /** `gate.yaml:12` or the name of the variable. */
  readonly where: string;
  /** `lanes[0].door.relay.line` */
  readonly key: string;
  readonly message: string;
}

export interface LoadedConfig<Config> {
  readonly config: Config;
  readonly file: string;
}

export type Environment = Readonly<Record<string, string | undefined>>;

/** What differs between the files that there are. */
export interface ConfigKind<Config> {
  readonly schema: z.ZodType<Config>;
  /** Shown to whoever has to write one. */
  readonly example: string;
  /** Rules that need more than one key. */
  readonly check: (config: Config) => readonly CrossProblem[];
  /** Paths count from the file's folder: `from` makes one absolute. */
  readonly absolute: (config: Config, from: (path: string) => string) => Config;
}

export interface CrossProblem extends Omit<ConfigProblem, 'where'> {
  /** Of the key whose line is named; the whole file when left out. */
  readonly path?: readonly PropertyKey[];
}

/** Reads a YAML file, puts the environment over it, and checks the whole. */
export function loadConfig<Config>(
  kind: ConfigKind<Config>,
  file: string,
  environment: Environment,
): Result<LoadedConfig<Config>, readonly ConfigProblem[]> {
  const text = readText(file, kind.example);
  if (!text.ok) return err([text.error]);
  const lines = new LineCounter();
  const document = parseDocument(text.value, { lineCounter: lines, uniqueKeys: true });
  if (document.errors.length > 0) {
    return err(
      document.errors.map((error) => ({
        where: `${file}:${error.linePos?.[0].line ?? 1}`,
        key: '(YAML)',
        message: error.message.split('\n')[0] ?? error.code,
      })),
    );
  }
  const overlay = environmentEntries(environment);
  const merged = overlay.reduce<unknown>(
    (value, entry) => withEntry(value, entry.path, entry.value),
    document.toJS() ?? {},
  );
  const placeOf = (path: readonly PropertyKey[]): string => {
    const variable = overlay.find((entry) => path.join('.').startsWith(entry.path.join('.')));
    return variable?.name ?? `${file}:${lineOf(document, lines, path)}`;
  };
  const checked = kind.schema.safeParse(merged, { reportInput: true });
  if (!checked.success)
    return err(checked.error.issues.flatMap((issue) => problemsOf(issue, placeOf, kind.example)));
  const problems = kind
    .check(checked.data)
    .map(({ path, ...problem }) => ({ ...problem, where: path === undefined ? file : placeOf(path) }));
  if (problems.length > 0) return err(problems);
  const from = (path: string): string => resolve(dirname(resolve(file)), path);
  return ok({ config: freeze(kind.absolute(checked.data, from)), file });
}

/** One problem a line, ready for a terminal. */
export function describeProblems(problems: readonly ConfigProblem[]): string {
  return problems.map((problem) => `${problem.where}: ${problem.key}: ${problem.message}`).join('\n');
}

function readText(file: string, example: string): Result<string, ConfigProblem> {
  try {
    const text = readFileSync(file, 'utf8');
    if (text.length <= CONFIG_BYTES_MAX) return ok(text);
    return err({
      where: file,
      key: '(file)',
      message: `larger than ${CONFIG_BYTES_MAX / 1024} KiB: is this the right file?`,
    });
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    const remedy =
      code === 'ENOENT' ? `no such file; copy ${example} and edit it` : `cannot be read (${code})`;
    return err({ where: file, key: '(file)', message: remedy });
  }
}

interface EnvironmentEntry {
  readonly name: string;
  readonly path: readonly string[];
  readonly value: unknown;
}

/** `MENWEI_MQTT__URL` is `mqtt.url`, `MENWEI_LANES__0__ID` is `lanes[0].id`; a value is read as a YAML scalar, ids and secrets as text. */
function environmentEntries(environment: Environment): readonly EnvironmentEntry[] {
  return Object.entries(environment)
    .filter(
      ([name, value]) =>
        name.startsWith(ENVIRONMENT_PREFIX) && !NOT_CONFIGURATION.has(name) && value !== undefined,
    )
    .map(([name, value]) => {
      const path = name.slice(ENVIRONMENT_PREFIX.length).split('__').map(camelCase);
      return { name, path, value: environmentValue(path, value ?? '') };
    });
}

function environmentValue(path: readonly string[], text: string): unknown {
  const key = path.at(-1) ?? '';
  const isText = ['password', 'username', 'id', 'gate', 'district', 'url', 'path'].includes(key);
  if (isText) return text;
  try {
    return parseYaml(text);
  } catch {
    return text;
  }
}

function camelCase(word: string): string {
  return word.toLowerCase().replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

function withEntry(value: unknown, path: readonly string[], entry: unknown): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return entry;
  if (Array.isArray(value)) {
    const copy: unknown[] = [...(value as unknown[])];
    copy[Number(key)] = withEntry(copy[Number(key)], rest, entry);
    return copy;
  }
  const object = typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  return { ...object, [key]: withEntry(object[key], rest, entry) };
}

function problemsOf(
  issue: z.core.$ZodIssue,
  placeOf: (path: readonly PropertyKey[]) => string,
  example: string,
): ConfigProblem[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      where: placeOf([...issue.path, key]),
      key: keyName([...issue.path, key]),
      message: 'unknown key; look for a typing error, or remove it',
    }));
  }
  return [{ where: placeOf(issue.path), key: keyName(issue.path), message: remedyOf(issue, example) }];
}

function remedyOf(issue: z.core.$ZodIssue, example: string): string {
  if (issue.code === 'invalid_type' && issue.input === undefined) return `is missing; see ${example}`;
  return issue.message;
}

function keyName(path: readonly PropertyKey[]): string {
  const name = path.map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`)).join('');
  return name.replace(/^\./, '') || '(whole file)';
}

/** The line of the key, or of the nearest parent that is there. */
function lineOf(
  document: ReturnType<typeof parseDocument>,
  lines: LineCounter,
  path: readonly PropertyKey[],
): number {
  for (let length = path.length; length > 0; length -= 1) {
    const node: unknown = document.getIn(path.slice(0, length), true);
    const range = isNode(node) ? node.range : undefined;
    if (range !== undefined && range !== null) return lines.linePos(range[0]).line;
  }
  return 1;
}

function freeze<Value>(value: Value): Value {
  if (typeof value === 'object' && value !== null) {
    for (const part of Object.values(value)) freeze(part);
    Object.freeze(value);
  }
  return value;
}

/** The files of a client's TLS, each made absolute. */
export function clientTlsPaths(
  { authority, certificate, key }: ClientTls,
  from: (path: string) => string,
): ClientTls {
  return {
    ...(authority === undefined ? {} : { authority: from(authority) }),
    ...(certificate === undefined ? {} : { certificate: from(certificate) }),
    ...(key === undefined ? {} : { key: from(key) }),
  };
}
