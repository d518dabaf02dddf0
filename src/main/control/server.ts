import { chmodSync, rmSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import type { Log } from '../../ports/index.ts';
import {
  CONNECTIONS_MAX,
  CONTROL_FILE,
  type ControlDone,
  type ControlRequest,
  type ControlState,
  controlRequest,
  REQUEST_BYTES_MAX,
  SOCKET_PATH_BYTES_MAX,
} from './protocol.ts';

/**
 * The running gate's end of the control socket. Only the user that runs the gate can open it (mode 0600). What a connection
 * began ends with it.
 */
export interface Controlled {
  state(): ControlState;
  /** @returns a function that ends it; undefined: another rehearsal is on */
  rehearse(mode: Extract<ControlRequest, { ask: 'rehearse' }>): (() => void) | undefined;
  record(drill: Extract<ControlRequest, { ask: 'record' }>): ControlDone;
}

const ONLY_OWNER_MASK = 0o177;
const REQUEST_WITHIN_MS = 5_000;

/** Never keeps a gate from its work: where no socket can be made, that is said and the gate goes on. */
export async function serveControl(
  dataDir: string,
  controlled: Controlled,
  log: Log,
): Promise<{ stop(): Promise<void> }> {
  const path = join(dataDir, CONTROL_FILE);
  if (Buffer.byteLength(path) > SOCKET_PATH_BYTES_MAX) {
    log.warn(
      { path },
      'no control socket: its path is too long, so drills and parts of the doctor are not there',
    );
    return { stop: () => Promise.resolve() };
  }
  const open = new Set<Socket>();
  const server = createServer((socket) => {
    open.add(socket);
    socket.once('close', () => open.delete(socket));
    attend(socket, controlled, log);
  });
  server.maxConnections = CONNECTIONS_MAX;
  try {
    await listenAlone(server, path);
  } catch (cause) {
    log.warn({ path, detail: (cause as NodeJS.ErrnoException).code }, 'no control socket could be made');
    return { stop: () => Promise.resolve() };
  }
  return {
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of open) socket.destroy();
      }),
  };
}

/** Whoever runs this gate holds its journal: a socket that lies there is one of a gate that is dead. */
async function listenAlone(server: Server, path: string): Promise<void> {
  rmSync(path, { force: true });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    // A socket is bound within the call, so no other file is made under this mask.
    const before = process.umask(ONLY_OWNER_MASK);
    server.listen(path, resolve);
    process.umask(before);
  });
  chmodSync(path, 0o600);
}

function attend(socket: Socket, controlled: Controlled, log: Log): void {
  let text = '';
  let end: (() => void) | undefined;
  let asked = false;
  const late = setTimeout(() => socket.destroy(), REQUEST_WITHIN_MS);
  socket.setEncoding('utf8');
  socket.on('data', (part: string) => {
    if (asked) return;
    text += part;
    if (text.length > REQUEST_BYTES_MAX) socket.destroy();
    const at = text.indexOf('\n');
    if (at < 0) return;
    asked = true;
    clearTimeout(late);
    end = answer(socket, controlled, text.slice(0, at));
  });
  socket.on('close', () => {
    clearTimeout(late);
    end?.();
  });
  socket.on('error', (problem) => log.warn({ detail: problem.message }, 'control socket'));
}

/** @returns what ends what was begun */
function answer(socket: Socket, controlled: Controlled, line: string): (() => void) | undefined {
  const say = (said: ControlState | ControlDone) => void socket.write(`${JSON.stringify(said)}\n`);
  const request = parsed(line);
  if (request === undefined) {
    say({ done: false, why: 'not understood' });
    return undefined;
  }
  switch (request.ask) {
    case 'state':
      say(controlled.state());
      return undefined;
    case 'record':
      say(controlled.record(request));
      return undefined;
    case 'rehearse': {
      const end = controlled.rehearse(request);
      say(end === undefined ? { done: false, why: 'another rehearsal is on' } : { done: true });
      return end;
    }
  }
}

function parsed(line: string): ControlRequest | undefined {
  try {
    return controlRequest.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined;
  }
}
