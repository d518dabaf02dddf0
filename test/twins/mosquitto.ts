import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { until } from './broker.ts';
import { freePort } from './ports.ts';

/** A real mosquitto on a free port, if the machine has one; it can be killed and started again on the same port. */
export const mosquittoPath = [
  '/usr/sbin/mosquitto',
  '/usr/bin/mosquitto',
  '/opt/homebrew/sbin/mosquitto',
].find((path) => spawnSync(path, ['-h']).error === undefined);

export interface Mosquitto {
  readonly port: number;
  start(): Promise<void>;
  kill(signal?: 'SIGKILL' | 'SIGTERM'): Promise<void>;
  /** Stands still with its connections open, as behind a network that swallows everything. */
  pause(): void;
  resume(): void;
}

/** @param lines of its configuration besides the listener's address */
export async function mosquitto(folder: string, lines: readonly string[]): Promise<Mosquitto> {
  if (mosquittoPath === undefined) throw new Error('mosquitto is not installed');
  const path = mosquittoPath;
  const port = await freePort();
  const file = join(folder, `mosquitto-${port}.conf`);
  // Started as root it becomes its own user, who may read nothing of the test's folder.
  writeFileSync(file, [`listener ${port} 127.0.0.1`, 'user root', ...lines, ''].join('\n'));
  let process: ChildProcess | undefined;
  const broker: Mosquitto = {
    port,
    start: async () => {
      const started = spawn(path, ['-c', file], { stdio: 'ignore' });
      process = started;
      await until(() => {
        if (started.exitCode !== null) throw new Error(`mosquitto ended with ${started.exitCode}`);
        return listens(port);
      }, 'mosquitto listens');
    },
    pause: () => void process?.kill('SIGSTOP'),
    resume: () => void process?.kill('SIGCONT'),
    kill: async (signal = 'SIGTERM') => {
      const running = process;
      process = undefined;
      if (running === undefined || running.exitCode !== null) return;
      const ended = new Promise((resolve) => running.once('exit', resolve));
      running.kill(signal);
      await ended;
    },
  };
  await broker.start();
  return broker;
}

function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
