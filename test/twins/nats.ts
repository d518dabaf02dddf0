import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { connect as dial } from 'node:net';
import { join } from 'node:path';
import { connect } from 'mqtt';
import { until } from './broker.ts';
import { freePort } from './ports.ts';

/** A real cluster of nats-server nodes with JetStream and MQTT, if the machine has the program; each node can be killed. */
export const natsPath = [
  '/usr/sbin/nats-server',
  '/usr/bin/nats-server',
  '/opt/homebrew/bin/nats-server',
].find((path) => spawnSync(path, ['--version']).error === undefined);

export interface NatsCluster {
  /** MQTT addresses of the nodes, in their order. */
  readonly urls: readonly string[];
  kill(node: number): Promise<void>;
  /** Starts a node again that was killed, with what it had on its disk. */
  restart(node: number): Promise<void>;
  stop(): Promise<void>;
}

interface Ports {
  readonly client: number;
  readonly mqtt: number;
  readonly route: number;
}

export async function natsCluster(folder: string, nodes = 3): Promise<NatsCluster> {
  if (natsPath === undefined) throw new Error('nats-server is not installed');
  const path = natsPath;
  const ports = await portsOf(nodes);
  const running = new Map<number, ChildProcess>();
  const start = (node: number) => {
    const file = writeConfig(folder, node, ports);
    running.set(node, spawn(path, ['-c', file], { stdio: 'ignore' }));
  };
  const listening = (node: number) =>
    until(
      () => {
        const code = running.get(node)?.exitCode ?? null;
        if (code !== null) throw new Error(`node ${node} ended with ${code}`);
        return listens(ports[node]?.mqtt ?? 0);
      },
      `node ${node} listens`,
      60_000,
    );
  const kill = async (node: number) => {
    const child = running.get(node);
    running.delete(node);
    if (child === undefined || child.exitCode !== null) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await ended;
  };
  for (let node = 0; node < nodes; node += 1) start(node);
  for (let node = 0; node < nodes; node += 1) await listening(node);
  const urls = ports.map(({ mqtt }) => `mqtt://127.0.0.1:${mqtt}`);
  for (const url of urls) await until(() => serves(url), `${url} serves`, SERVES_WITHIN_MS);
  return {
    urls,
    kill,
    restart: async (node) => {
      start(node);
      await listening(node);
    },
    stop: async () => {
      for (const node of running.keys()) await kill(node);
    },
  };
}

/** A new cluster elects its leaders before it takes a subscription; whoever is turned away until then comes back much later. */
const SERVES_WITHIN_MS = 180_000;

/** Until then another try is no use. */
const ANSWERS_WITHIN_MS = 10_000;

async function serves(url: string): Promise<boolean> {
  const client = connect(url, { protocolVersion: 4, reconnectPeriod: 0, connectTimeout: ANSWERS_WITHIN_MS });
  let late: NodeJS.Timeout | undefined;
  const isTaken = await new Promise<boolean>((resolve) => {
    late = setTimeout(() => resolve(false), ANSWERS_WITHIN_MS);
    client.on('error', () => resolve(false)).on('close', () => resolve(false));
    client.on('connect', () =>
      client.subscribe('is-it-there', { qos: 1 }, (fault, granted = []) =>
        resolve(fault === null && granted.every(({ qos }) => qos < 128)),
      ),
    );
  });
  clearTimeout(late);
  client.end(true);
  return isTaken;
}

/** MQTT needs JetStream and a server_name; in a cluster JetStream keeps each message at three nodes. */
function writeConfig(folder: string, node: number, ports: readonly Ports[]): string {
  const own = ports[node];
  if (own === undefined) throw new Error('there is no such node');
  const store = join(folder, `nats-${node}`);
  mkdirSync(store, { recursive: true });
  const file = join(folder, `nats-${node}.conf`);
  const routes = ports.map(({ route }) => `"nats://127.0.0.1:${route}"`).join(', ');
  writeFileSync(
    file,
    [
      `server_name: node-${node}`,
      'host: "127.0.0.1"',
      `port: ${own.client}`,
      `jetstream { store_dir: "${store}", max_memory_store: 64MB, max_file_store: 1GB }`,
      `mqtt { host: "127.0.0.1", port: ${own.mqtt}, max_ack_pending: 1000 }`,
      `cluster { name: trial, host: "127.0.0.1", port: ${own.route}, routes: [${routes}] }`,
      '',
    ].join('\n'),
  );
  return file;
}

async function portsOf(nodes: number): Promise<Ports[]> {
  const ports: Ports[] = [];
  for (let node = 0; node < nodes; node += 1)
    ports.push({ client: await freePort(), mqtt: await freePort(), route: await freePort() });
  return ports;
}

function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = dial(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
