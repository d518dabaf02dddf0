import type { Context, Hono } from 'hono';
import type { z } from 'zod';
import { assert } from '../../base/index.ts';
import type { Clock } from '../../ports/index.ts';
import { DESK_PROBLEMS, type DeskError } from '../../wire/index.ts';
import type { Guard } from '../guard.ts';
import { readBody } from './body.ts';
import { REMEDIES, type Refusal } from './remedies.ts';

/**
 * How a route of the desk is declared: who may call it and what it takes. Both are checked here, before its handler is
 * reached, so that none can be forgotten; a body is taken only as its schema says.
 */
export interface DeskEnv {
  Variables: {
    /** Absent: nobody is signed in. */
    guard?: Guard;
    /** When the session is over, whatever is done; effective time. */
    endsAt?: number;
    /** From where the request comes; absent in a test without a connection. */
    address?: string;
    clock?: Clock;
    /** What was answered, for whoever watches. */
    refusal?: Refusal;
  };
}

export type DeskApp = Hono<DeskEnv>;
export type DeskContext = Context<DeskEnv>;

interface Declared<Body> {
  readonly method: 'get' | 'post' | 'delete';
  /** Below `/guard/api`. Nothing that names a person may stand in it. */
  readonly path: `/guard/api/${string}`;
  /** Absent: there is none, or it is not looked at. */
  readonly body?: z.ZodType<Body>;
}

interface Asked<Body> {
  readonly context: DeskContext;
  readonly body: Body;
}

type Answer = Response | Promise<Response>;

/** A route for a guard who is signed in; with `head`, for a head guard. */
export function guardRoute<Body = undefined>(
  app: DeskApp,
  declared: Declared<Body> & { readonly head?: true },
  handle: (asked: Asked<Body> & { readonly guard: Guard }) => Answer,
): void {
  app.on(declared.method, declared.path, async (context) => {
    const guard = context.get('guard');
    if (guard === undefined) return refused(context, 'signed-out');
    if (declared.head === true && guard.role !== 'head') return refused(context, 'head-only');
    const taken = await bodyOf(context, declared.body);
    return taken instanceof Response ? taken : handle({ context, guard, body: taken.body });
  });
}

/** A route for whoever asks: signing in, and what comes before it. */
export function openRoute<Body = undefined>(
  app: DeskApp,
  declared: Declared<Body>,
  handle: (asked: Asked<Body>) => Answer,
): void {
  app.on(declared.method, declared.path, async (context) => {
    const taken = await bodyOf(context, declared.body);
    return taken instanceof Response ? taken : handle({ context, body: taken.body });
  });
}

/** From where a request comes, as far as it is known. */
export function addressOf(context: DeskContext): { address?: string } {
  const address = context.get('address');
  return address === undefined ? {} : { address };
}

/** The answer to a refusal of the house: its status, the page's word for it, what is wrong and what to do. */
export function refused(
  context: Context,
  refusal: Refusal,
  { waitSeconds, firstAccount }: Pick<DeskError, 'waitSeconds' | 'firstAccount'> = {},
): Response {
  const { status, text, problem } = REMEDIES[refusal];
  context.set('refusal', refusal);
  if (waitSeconds !== undefined) context.header('retry-after', String(waitSeconds));
  const word = problem ?? DESK_PROBLEMS.find((each) => each === refusal);
  const answer: DeskError = {
    error: text,
    ...(word !== undefined && { problem: word }),
    ...(waitSeconds !== undefined && { waitSeconds }),
    ...(firstAccount !== undefined && { firstAccount }),
  };
  return context.json(answer, status);
}

async function bodyOf<Body>(
  context: DeskContext,
  schema: z.ZodType<Body> | undefined,
): Promise<{ body: Body } | Response> {
  if (schema === undefined) return { body: undefined as Body };
  // A form of another page can send text/plain and urlencoded bodies without asking first, but no JSON.
  if (!/^application\/json\s*(;|$)/i.test(context.req.header('content-type') ?? ''))
    return refused(context, 'not-json');
  const clock = context.get('clock');
  assert(clock !== undefined, 'the server has said which clock');
  const read = await readBody(context.req.raw, clock);
  if (typeof read === 'string') return refused(context, read);
  const parsed = schema.safeParse(jsonOf(read.text));
  if (parsed.success) return { body: parsed.data };
  const [issue] = parsed.error.issues;
  const field = issue?.path.map(String).join('.') || 'body';
  const error = `${field}: ${wordsOf(issue)}; correct it and send again`;
  return context.json({ error, problem: 'invalid' } satisfies DeskError, 400);
}

/** Zod's own words for a key that nobody knows would repeat what was sent. */
function wordsOf(issue: z.core.$ZodIssue | undefined): string {
  return issue === undefined || issue.code === 'unrecognized_keys'
    ? 'holds more than is taken'
    : issue.message;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
