import { err, ok, type Result } from '../../base/index.ts';
import { type SetupProblem, setupEntered, setupError } from '../../wire/index.ts';
import { type MessageSchema, parseMessage } from '../kit/index.ts';

/** One request to the gate's set-up. It never throws. The word that lets one in lives in this page's memory alone. */

export interface Failure {
  /** `no-answer`: the gate was not reached; it may be beginning anew. */
  readonly problem: SetupProblem | 'no-answer';
  /** What the gate says of it, for whoever reads English. */
  readonly detail?: string | undefined;
  readonly waitSeconds?: number | undefined;
}

export type Answer<Value> = Result<Value, Failure>;

interface Call<Value> {
  readonly body?: object;
  readonly read?: MessageSchema<Value>;
  readonly withinMs?: number;
}

const ANSWER_MAX_MS = 15_000;

let token: string | undefined;

export async function call<Value = undefined>(
  method: 'GET' | 'POST' | 'PUT' | 'DELETE',
  path: string,
  { body, read, withinMs = ANSWER_MAX_MS }: Call<Value> = {},
): Promise<Answer<Value>> {
  try {
    const answer = await fetch(`/setup/api/${path}`, {
      method,
      headers: {
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      cache: 'no-store',
      signal: AbortSignal.timeout(withinMs),
    });
    const text = await answer.text();
    if (!answer.ok) return err(failureOf(text));
    if (read === undefined) return ok(undefined as Value);
    const value = parseMessage(read, text);
    return value === undefined ? err({ problem: 'failed' }) : ok(value);
  } catch {
    return err({ problem: 'no-answer' });
  }
}

/** @returns why not; undefined when one is inside */
export async function enter(code?: string): Promise<Failure | undefined> {
  const body = code === undefined ? {} : { code };
  const entered = await call('POST', 'session', { body, read: setupEntered });
  if (!entered.ok) return entered.error;
  token = entered.value.token;
  return undefined;
}

function failureOf(text: string): Failure {
  const told = parseMessage(setupError, text);
  if (told === undefined) return { problem: 'failed' };
  return { problem: told.problem, detail: told.error, waitSeconds: told.waitSeconds };
}
