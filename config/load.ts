import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { err, ok, type Result } from '../src/base/index.ts';
import { enrolledFiles, type GateEnrolment, readEnrolment } from './enrolment.ts';
import {
  clientTlsPaths,
  type ConfigKind,
  type ConfigProblem,
  type CrossProblem,
  type Environment,
  type LoadedConfig,
  loadConfig,
} from './read.ts';
import { type BrokerConfig, type GateConfig, type GateFile, gateFile } from './schema.ts';

/** A gate's configuration: its file under the environment, checked whole, and completed by what its enrolment has told. */
export { enrolledFiles, enrolmentFile, type GateEnrolment, readEnrolment } from './enrolment.ts';
export { describeProblems } from './read.ts';

const GATE: ConfigKind<GateFile> = {
  schema: gateFile,
  example: 'config/gate.example.yaml',
  check: crossChecks,
  absolute: absolutePaths,
};

/** A gate whose root is not there yet: what it needs to be enrolled, and what its file says already. */
export interface UnenrolledGate {
  readonly file: GateFile;
  readonly root: string;
}

export type FoundGate =
  | { readonly enrolled: true; readonly config: GateConfig }
  | ({ readonly enrolled: false } & UnenrolledGate);

/** @returns the whole configuration; where the file leaves to the enrolment what there is none for, a problem */
export function loadGateConfig(
  file: string,
  environment: Environment,
): Result<LoadedConfig<GateConfig>, readonly ConfigProblem[]> {
  const loaded = loadConfig(GATE, file, environment);
  if (!loaded.ok) return loaded;
  const whole = completed(loaded.value.config, file);
  return whole.ok ? ok({ config: whole.value, file }) : whole;
}

/** The same for a gate that may still have to be enrolled. */
export function findGate(
  file: string,
  environment: Environment,
): Result<FoundGate, readonly ConfigProblem[]> {
  const loaded = loadConfig(GATE, file, environment);
  if (!loaded.ok) return loaded;
  const root = rootOf(loaded.value.config);
  if (!existsSync(root)) return ok({ enrolled: false, file: loaded.value.config, root });
  const whole = completed(loaded.value.config, file);
  return whole.ok ? ok({ enrolled: true, config: whole.value }) : whole;
}

const rootOf = ({ dataDir, trust }: GateFile): string => trust.root ?? join(dataDir, 'root.json');

function completed(config: GateFile, file: string): Result<GateConfig, readonly ConfigProblem[]> {
  const root = rootOf(config);
  const enrolment = existsSync(root) ? readEnrolment(config.dataDir) : undefined;
  const { gate, district, community } = { ...enrolment, ...config };
  const problems = (['gate', 'district', 'community'] as const).flatMap((key): ConfigProblem[] => {
    const [said, told] = [config[key], enrolment?.[key]];
    if (said === undefined && told === undefined)
      return [{ where: file, key, message: `is missing; enrol this gate, or see ${GATE.example}` }];
    if (said === undefined || told === undefined || said === told) return [];
    const message = `the district enrolled this gate with ${told}; remove it here, or run menwei gate reset and enrol the gate anew`;
    return [{ where: file, key, message }];
  });
  if (gate === undefined || district === undefined || community === undefined || problems.length > 0)
    return err(problems);
  const { mqtt: _mqtt, ...rest } = config;
  const mqtt = brokerOf(config, enrolment);
  return ok({
    ...rest,
    gate,
    district,
    community,
    timeZone: config.timeZone ?? enrolment?.timeZone ?? 'Asia/Shanghai',
    trust: { ...config.trust, root },
    ...(mqtt === undefined ? {} : { mqtt }),
  });
}

function brokerOf(
  { mqtt, dataDir }: GateFile,
  enrolment: GateEnrolment | undefined,
): BrokerConfig | undefined {
  const told = enrolment?.broker;
  const url = mqtt?.url ?? told?.url;
  if (url === undefined) return undefined;
  const files = enrolledFiles(dataDir);
  const username = mqtt?.username ?? told?.username;
  const { tls = {}, ...own } = mqtt ?? {};
  return {
    homeAssistant: false,
    otherUrls: [],
    ...own,
    url,
    ...(username === undefined ? {} : { username }),
    protocolVersion: mqtt?.protocolVersion ?? told?.protocolVersion ?? 5,
    tls: {
      ...(told?.authorities === true ? { authority: files.authorities } : {}),
      ...(told?.certificate === true ? { certificate: files.certificate, key: files.certificate } : {}),
      ...tls,
    },
  };
}

function crossChecks(config: GateFile): CrossProblem[] {
  const problems: CrossProblem[] = [];
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

function wiredLines(door: GateFile['lanes'][number]['door']): string[] {
  if (door.driver === 'simulated' || door.driver === 'folder') return [];
  const inputs = [door.relay, door.contact, door.passage, door.exitButton, door.fire, door.tamper];
  return inputs.flatMap((input) => (input === undefined ? [] : [`${door.chip ?? 'chip'} ${input.line}`]));
}

/** Files of the gate's own are named relative to the configuration file; devices are absolute already. */
function absolutePaths(config: GateFile, from: (path: string) => string): GateFile {
  const { tls, ...http } = config.http;
  return {
    ...config,
    dataDir: from(config.dataDir),
    trust: { ...config.trust, ...(config.trust.root === undefined ? {} : { root: from(config.trust.root) }) },
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

function brokerPaths(mqtt: FileBroker, from: (path: string) => string): FileBroker {
  const { community } = mqtt;
  return {
    ...mqtt,
    tls: clientTlsPaths(mqtt.tls, from),
    ...(community === undefined
      ? {}
      : { community: { ...community, tls: clientTlsPaths(community.tls, from) } }),
  };
}

type FileBroker = NonNullable<GateFile['mqtt']>;
