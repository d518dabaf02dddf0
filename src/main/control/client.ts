import { connect } from 'node:net';
import { join } from 'node:path';
import {
  ANSWER_BYTES_MAX,
  CONTROL_FILE,
  type ControlDone,
  type ControlRequest,
  type ControlState,
  controlDone,
  controlState,
} from './protocol.ts';

/** Asks a running gate over its control socket. Every call throws when there is none, or it is not ours to ask. */

const ANSWER_WITHIN_MS = 5_000;

export async function askState(dataDir: string): Promise<ControlState> {
  const line = await openControl(dataDir, { ask: 'state' });
  try {
    return controlState.parse(await line.first);
  } finally {
    line.end();
  }
}

export async function askDone(dataDir: string, request: ControlRequest): Promise<ControlDone> {
  const line = await openControl(dataDir, request);
  try {
    return controlDone.parse(await line.first);
  } finally {
    line.end();
  }
}

export interface ControlLine {
  /** The first answer, as JSON. */
  readonly first: Promise<unknown>;
  /** Whatever the request began ends with it. */
  end(): void;
}

/** Stays open until it is ended. */
export async function openControl(dataDir: string, request: ControlRequest): Promise<ControlLine> {
  const socket = connect(join(dataDir, CONTROL_FILE));
  const { promise, resolve, reject } = Promise.withResolvers<unknown>();
  const late = setTimeout(() => socket.destroy(new Error('the gate did not answer')), ANSWER_WITHIN_MS);
  let text = '';
  socket.setEncoding('utf8').on('data', (part: string) => {
    text += part;
    if (text.length > ANSWER_BYTES_MAX) socket.destroy(new Error('the answer is too long'));
    const end = text.indexOf('\n');
    if (end < 0) return;
    clearTimeout(late);
    try {
      resolve(JSON.parse(text.slice(0, end)));
    } catch (cause) {
      reject(cause);
    }
  });
  socket.on('error', reject);
  socket.on('close', () => {
    clearTimeout(late);
    reject(new Error('the gate hung up'));
  });
  socket.write(`${JSON.stringify(request)}\n`);
  // A line that is ended before its answer was read disturbs nobody.
  promise.catch(() => undefined);
  return { first: promise, end: () => socket.destroy() };
}
