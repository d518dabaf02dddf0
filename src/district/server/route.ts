import { OpenAPIHono, type RouteConfig } from '@hono/zod-openapi';
import type { Context, MiddlewareHandler, TypedResponse } from 'hono';
import { z } from 'zod';
import { assert } from '../../base/index.ts';
import { type DeskRole, PORTAL, type Principal } from '../accounts/roles.ts';
import type { Refused } from './refused.ts';
import { REMEDIES } from './remedies.ts';

/**
 * How a route of the desk is declared: who may call it, what it takes and what it answers. The check of roles, the check of
 * bodies and the OpenAPI document are all read off this one declaration, so that none can be forgotten.
 */
export interface DeskEnv {
  Variables: {
    /** Absent: nobody is signed in. */
    principal?: Principal;
    /** When the session is over, whatever is done; Unix milliseconds. Absent: there is none. */
    endsAt?: number;
    /** Asked while an answer goes on for long: whether whoever asked may still hear it. */
    isStillThere?: () => Promise<boolean>;
    /** From where the request comes. */
    address?: string;
    /** It brings the portal's token. */
    isPortal?: boolean;
    /** It may read the metrics. */
    mayMeasure?: boolean;
    /** The declared path, once a route is reached that is not for anybody: its name in the audit log. */
    route?: string;
  };
}

/**
 * `anybody`: without signing in. `signed-in`: whatever the role. `measuring`: programs that read metrics. Among roles,
 * `portal` is the residents' portal with its token, which no other route lets in.
 */
export type Admission = readonly (DeskRole | 'portal')[] | 'anybody' | 'signed-in' | 'measuring';

export type DeskApp = OpenAPIHono<DeskEnv>;
export type DeskContext = Context<DeskEnv>;

const errorSchema = z.object({ error: z.string() }).meta({
  id: 'Error',
  description: 'FIELD: what is wrong; what to do. It repeats nothing of what was sent.',
});

const REFUSALS = {
  400: 'Not understood: the error names the field.',
  401: 'Nobody is signed in.',
  403: 'Not allowed.',
  404: 'There is nothing of that name or number.',
  409: 'Not possible as things stand.',
  413: 'Too large.',
  415: 'Not of a type that is taken here.',
  429: 'Too often; wait.',
  503: 'Not possible now; try again.',
} as const;
type RefusalStatus = keyof typeof REFUSALS;

interface Declared {
  readonly method: 'get' | 'post' | 'put' | 'delete';
  /** With its parameters in braces: `/api/residents/{index}` */
  readonly path: string;
  readonly may: Admission;
  /** One sentence. */
  readonly summary: string;
  readonly request?: NonNullable<RouteConfig['request']>;
  /** The good ones; refusals are added. */
  readonly responses: RouteConfig['responses'];
}

type Route<Given extends Declared> = Omit<Given, 'may' | 'responses'> & {
  readonly middleware: MiddlewareHandler<DeskEnv>[];
  readonly responses: Given['responses'] & ReturnType<typeof refusals>;
};

export function deskRoute<const Given extends Declared>({ may, ...given }: Given): Route<Given> {
  return {
    ...given,
    security: securityOf(may),
    'x-may': may,
    middleware: [admit(may, given.path)],
    responses: { ...refusals(), ...given.responses },
  } as unknown as Route<Given>;
}

function securityOf(may: Admission): Record<string, string[]>[] {
  if (may === 'anybody') return [];
  return may !== 'signed-in' && may !== 'measuring' && may.includes('portal')
    ? [{ session: [] }, { portal: [] }]
    : [{ session: [] }];
}

function refusals() {
  const content = { 'application/json': { schema: errorSchema } };
  return Object.fromEntries(
    Object.entries(REFUSALS).map(([status, description]) => [status, { description, content }]),
  ) as { [Status in RefusalStatus]: { description: string; content: typeof content } };
}

/** @returns a JSON answer for `responses` of a route */
export function json<Schema extends z.ZodType>(schema: Schema, description: string) {
  return { description, content: { 'application/json': { schema } } };
}

/** @returns a JSON body for `request.body` of a route, which must be there */
export function jsonBody<Schema extends z.ZodType>(schema: Schema) {
  return { content: { 'application/json': { schema } }, required: true } as const;
}

function admit(may: Admission, path: string): MiddlewareHandler<DeskEnv> {
  return async (context, next) => {
    if (may === 'anybody') return next();
    if (may === 'measuring') {
      return context.get('mayMeasure') === true
        ? next()
        : context.json(
            { error: 'authorization: not the token of http.metricsToken; send it as Bearer' },
            401,
          );
    }
    context.set('route', path);
    const principal = context.get('principal');
    if (
      principal === undefined &&
      context.get('isPortal') === true &&
      may !== 'signed-in' &&
      may.includes('portal')
    ) {
      // Here alone: no route that is for whoever is signed in ever sees it.
      context.set('principal', PORTAL);
      return next();
    }
    if (principal === undefined)
      return context.json({ error: 'session: nobody is signed in; sign in first' }, 401);
    if (may === 'signed-in' || may.some((role) => role !== 'portal' && principal.roles.has(role)))
      return next();
    return context.json(
      {
        error: `role: this is for ${may.filter((role) => role !== 'portal').join(' or ')}; ask somebody who is, or the administrator`,
      },
      403,
    );
  };
}

/** Who asks, on a route that is not for anybody. */
export function principalOf(context: DeskContext): Principal {
  const principal = context.get('principal');
  assert(principal !== undefined, 'a route that is not for anybody was reached by somebody');
  return principal;
}

/** From where, as far as it is known. */
export function addressOf(context: DeskContext): { address?: string } {
  const address = context.get('address');
  return address === undefined ? {} : { address };
}

/** An application whose routes answer a bad request in the house's own words, without what was sent. */
export function deskApp(): DeskApp {
  return new OpenAPIHono<DeskEnv>({
    defaultHook: (result, context) => {
      if (result.success) return undefined;
      const [issue] = result.error.issues;
      const field = issue?.path.map(String).join('.') || 'body';
      const error = `${field}: ${issue?.message ?? 'not understood'}; correct it and send again`;
      return context.json({ error }, 400);
    },
  });
}

/** The answer to a refusal of the house: its status, what is wrong and what to do. */
export function refused(
  context: Context,
  problem: string,
): Response & TypedResponse<{ error: string }, RefusalStatus, 'json'> {
  const remedy: Refused | undefined = REMEDIES[problem];
  if (remedy?.waitSeconds !== undefined) context.header('retry-after', String(remedy.waitSeconds));
  return context.json({ error: remedy?.text ?? problem }, remedy?.status ?? 400);
}
