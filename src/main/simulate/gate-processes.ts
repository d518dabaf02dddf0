import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Crew, FromCrew, ToCrew } from './messages.ts';

/** The processes that hold the simulated gates, each with its share, so that one core's simulator is not what is measured. */
export class GateProcesses {
  readonly #children: readonly ChildProcess[];
  readonly #gone: Promise<unknown>;

  /** @param hear with the place of the process that says it */
  constructor(crews: readonly Crew[], hear: (place: number, message: FromCrew) => void) {
    this.#children = crews.map((crew, place) => {
      const child = fork(ENTRY, { serialization: 'json', stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
      child.on('message', (message: FromCrew) => hear(place, message));
      child.on('exit', (code, signal) => {
        if (code !== 0) hear(place, { type: 'failed', why: `a process of gates ended (${signal ?? code})` });
      });
      send(child, { type: 'start', crew });
      return child;
    });
    this.#gone = Promise.all(this.#children.map((child) => once(child, 'exit')));
  }

  tell(message: ToCrew): void {
    for (const child of this.#children) send(child, message);
  }

  async end(): Promise<void> {
    for (const child of this.#children) if (child.connected) child.disconnect();
    await this.#gone;
  }
}

const ENTRY = join(import.meta.dirname, 'simulate-gates.ts');

function send(child: ChildProcess, message: ToCrew): void {
  if (child.connected) child.send(message);
}
