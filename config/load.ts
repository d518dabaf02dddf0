import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { isNode, LineCounter, parse as parseYaml, parseDocument } from 'yaml';
import type { z } from 'zod';
import { err, ok, type Result } from '../src/base/index.ts';
import { type BrokerConfig, type GateConfig, gateConfig } from './schema.ts';

/**
 * The sole reader of configuration files and of the environment. Lists every problem at once, each with its place and remedy;
 * a value is never guessed.
 */

const CONFIG_BYTES_MAX = 256 * 1024;
const ENVIRONMENT_PREFIX = 'MENWEI_';
/** Ours, but no part of a gate's configuration. */
const NOT_CONFIGURATION = new Set(['MENWEI_TIER']);

export interface ConfigProblem {
  /** `gate.yaml:12` or the name of the variable. */
  readonly where: string;
  /** `lanes[0].door.relay.line` */
  readonly key: string;
  readonly message: string;
}

export interface LoadedConfig {
  readonly config: GateConfig;
  readonly file: string;
}

export type Environment = Readonly<Record<string, string | undefined>>;

/** Reads a gate's YAML, puts the environment over it, and checks the whole. Paths count from the file's folder. */
export function loadGateConfig(
  file: string,
  environment: Environment,
): Result<LoadedConfig, readonly ConfigProblem[]> {
  const text = readText(file);
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
  const checked = gateConfig.safeParse(merged, { reportInput: true });
  if (checked.success) {
    const problems = crossChecks(checked.data).map((problem) => ({ ...problem, where: file }));
    return problems.length > 0
      ? err(problems)
      : ok({ config: freeze(absolutePaths(checked.data, file)), file });
  }
  const placeOf = (path: readonly PropertyKey[]): string => {
    const variable = overlay.find((entry) => path.join('.').startsWith(entry.path.join('.')));
    return variable?.name ?? `${file}:${lineOf(document, lines, path)}`;
  };
  return err(checked.error.issues.flatMap((issue) => problemsOf(issue, placeOf)));
}

/** One problem a line, ready for a terminal. */
export function describeProblems(problems: readonly ConfigProblem[]): string {
  return problems.map((problem) => `${problem.where}: ${problem.key}: ${problem.message}`).join('\n');
}

function readText(file: string): Result<string, ConfigProblem> {
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
      code === 'ENOENT'
        ? 'no such file; copy config/gate.example.yaml and edit it'
        : `cannot be read (${code})`;
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
): ConfigProblem[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      where: placeOf([...issue.path, key]),
      key: keyName([...issue.path, key]),
      message: 'unknown key; look for a typing error, or remove it',
    }));
  }
  return [{ where: placeOf(issue.path), key: keyName(issue.path), message: remedyOf(issue) }];
}

function remedyOf(issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_type' && issue.input === undefined)
    return 'is missing; see config/gate.example.yaml';
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

/** Rules that need more than one key. */
function crossChecks(config: GateConfig): Omit<ConfigProblem, 'where'>[] {
  const problems: Omit<ConfigProblem, 'where'>[] = [];
  const readers = config.lanes.flatMap((lane) => lane.readers.map((reader) => reader.id));
  for (const [key, ids] of [
    ['lanes[].id', config.lanes.map((lane) => lane.id)],
    ['lanes[].readers[].id', readers],
  ] as const) {
    for (const twice of new Set(ids.filter((id, at) => ids.indexOf(id) !== at))) {
      problems.push({ key, message: `"${twice}" is there twice; give each its own id` });
    }
  }
  const lines = config.lanes.flatMap((lane) => wiredLines(lane.door));
  for (const line of new Set(lines.filter((one, at) => lines.indexOf(one) !== at))) {
    problems.push({
      key: 'lanes[].door',
      message: `line ${line} is wired twice; each relay and input needs its own`,
    });
  }
  return problems;
}

function wiredLines(door: GateConfig['lanes'][number]['door']): string[] {
  if (door.driver === 'simulated' || door.driver === 'folder') return [];
  const inputs = [door.relay, door.contact, door.passage, door.exitButton, door.fire, door.tamper];
  return inputs.flatMap((input) => (input === undefined ? [] : [`${door.chip ?? 'chip'} ${input.line}`]));
}

/** Files of the gate's own are named relative to the configuration file; devices are absolute already. */
function absolutePaths(config: GateConfig, file: string): GateConfig {
  const from = (path: string): string => resolve(dirname(resolve(file)), path);
  const { tls, ...http } = config.http;
  return {
    ...config,
    dataDir: from(config.dataDir),
    trust: { ...config.trust, root: from(config.trust.root) },
    http:
      tls === undefined ? http : { ...http, tls: { certificate: from(tls.certificate), key: from(tls.key) } },
    ...(config.mqtt === undefined ? {} : { mqtt: brokerPaths(config.mqtt, from) }),
    lanes: config.lanes.map((lane) => ({
      ...lane,
      readers: lane.readers.map((reader) =>
        reader.type === 'directory' ? { ...reader, path: from(reader.path) } : reader,
      ),
      door: lane.door.driver === 'folder' ? { ...lane.door, chip: from(lane.door.chip) } : lane.door,
    })),
  };
}

function brokerPaths(mqtt: BrokerConfig, from: (path: string) => string): BrokerConfig {
  const files = ({ authority, certificate, key }: BrokerConfig['tls']): BrokerConfig['tls'] => ({
    ...(authority === undefined ? {} : { authority: from(authority) }),
    ...(certificate === undefined ? {} : { certificate: from(certificate) }),
    ...(key === undefined ? {} : { key: from(key) }),
  });
  const { community } = mqtt;
  return {
    ...mqtt,
    tls: files(mqtt.tls),
    ...(community === undefined ? {} : { community: { ...community, tls: files(community.tls) } }),
  };
}

function freeze<Value>(value: Value): Value {
  if (typeof value === 'object' && value !== null) {
    for (const part of Object.values(value)) freeze(part);
    Object.freeze(value);
  }
  return value;
}
