import { err, ok, type Result } from '../../base/index.ts';
import { deskErrorAnswer } from '../../wire/index.ts';
import { type MessageSchema, parseMessage } from '../kit/index.ts';
import type { PageProblem } from './words/sign-in.ts';

/** One request to the desk. It never throws: what went wrong is its answer. */

export interface Failure {
  readonly problem: PageProblem;
  readonly waitSeconds?: number | undefined;
  readonly firstAccount?: boolean | undefined;
}

export type Answer<Value> = Result<Value, Failure>;

const ANSWER_MAX_MS = 10_000;

interface Call<Value> {
  readonly body?: object;
  readonly read?: MessageSchema<Value>;
}

export async function call<Value = undefined>(
  method: 'GET' | 'POST' | 'DELETE',
  path: string,
  { body, read }: Call<Value>,
): Promise<Answer<Value>> {
  try {
    const answer = await send(method, path, body);
    const text = await answer.text();
    if (!answer.ok) return err(failure(answer.status, text));
    if (read === undefined) return ok(undefined as Value);
    const value = parseMessage(read, text);
    return value === undefined ? err({ problem: 'unknown' }) : ok(value);
  } catch {
    return err({ problem: 'no-answer' });
  }
}

/** A picture: it stays in memory for as long as its address in the page is held. */
export async function callForPicture(path: string, body: object): Promise<Answer<Blob>> {
  try {
    const answer = await send('POST', path, body);
    return answer.ok ? ok(await answer.blob()) : err(failure(answer.status, await answer.text()));
  } catch {
    return err({ problem: 'no-answer' });
  }
}

function send(method: string, path: string, body: object | undefined): Promise<Response> {
  return fetch(`/guard/api/${path}`, {
    method,
    ...(body === undefined
      ? {}
      : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    cache: 'no-store',
    signal: AbortSignal.timeout(ANSWER_MAX_MS),
  });
}

function failure(status: number, text: string): Failure {
  const told = parseMessage(deskErrorAnswer, text);
  const { problem, waitSeconds, firstAccount } = told ?? {};
  return { problem: problem ?? problemOf(status), waitSeconds, firstAccount };
}

/** For an answer that names no problem: a proxy's, or a limit before the desk. */
function problemOf(status: number): PageProblem {
  if (status === 401) return 'signed-out';
  if (status === 429) return 'too-many';
  return status === 503 ? 'busy' : 'unknown';
}
