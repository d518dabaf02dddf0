import type { Result } from '../src/base/index.ts';
import {
  clientTlsPaths,
  type ConfigKind,
  type ConfigProblem,
  type CrossProblem,
  type Environment,
  type LoadedConfig,
  loadConfig,
} from './read.ts';
import { type BrokerConfig, type GateConfig, gateConfig } from './schema.ts';

/** A gate's configuration: its file under the environment, checked whole. */
export { describeProblems } from './read.ts';

const GATE: ConfigKind<GateConfig> = {
  schema: gateConfig,
  example: 'config/gate.example.yaml',
  check: crossChecks,
  absolute: absolutePaths,
};

export function loadGateConfig(
  file: string,
  environment: Environment,
): Result<LoadedConfig<GateConfig>, readonly ConfigProblem[]> {
  return loadConfig(GATE, file, environment);
}

function crossChecks(config: GateConfig): CrossProblem[] {
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

function wiredLines(door: GateConfig['lanes'][number]['door']): string[] {
  if (door.driver === 'simulated' || door.driver === 'folder') return [];
  const inputs = [door.relay, door.contact, door.passage, door.exitButton, door.fire, door.tamper];
  return inputs.flatMap((input) => (input === undefined ? [] : [`${door.chip ?? 'chip'} ${input.line}`]));
}

/** Files of the gate's own are named relative to the configuration file; devices are absolute already. */
function absolutePaths(config: GateConfig, from: (path: string) => string): GateConfig {
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
  const { community } = mqtt;
  return {
    ...mqtt,
    tls: clientTlsPaths(mqtt.tls, from),
    ...(community === undefined
      ? {}
      : { community: { ...community, tls: clientTlsPaths(community.tls, from) } }),
  };
}
