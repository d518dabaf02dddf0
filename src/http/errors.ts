import type { ErrorHandler, NotFoundHandler } from 'hono';
import { HTTPException } from 'hono/http-exception';
import type { Log } from '../ports/index.ts';

/** Answers for what nobody planned: they name no file, no stack and nothing that was sent. */

const WORDS: Readonly<Record<number, string>> = {
  400: 'body: not JSON; correct it and send again',
  413: 'body: too large; send less',
  415: 'content-type: not one that is taken here; send application/json',
};

export function errorAnswer(log: Log): ErrorHandler {
  return (problem, context) => {
    if (problem instanceof HTTPException && problem.status < 500) {
      return context.json({ error: WORDS[problem.status] ?? 'request: not understood' }, problem.status);
    }
    log.error({ method: context.req.method, detail: problem.message.slice(0, 200) }, 'a request failed');
    return context.json({ error: 'something went wrong here; the log has the cause' }, 500);
  };
}

export const nothingHere: NotFoundHandler = (context) =>
  context.json({ error: 'there is nothing at this address' }, 404);
