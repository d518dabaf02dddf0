import {
  type DemoEntry,
  type DemoOverview,
  demoEntries,
  demoEntry,
  demoOverview,
  type IssuedCode,
  issuedCode,
  issuedShortCodeSecret,
  type ResidentState,
  type ResidentView,
  residentList,
  residentView,
} from '../../wire/index.ts';
import { type MessageSchema, parseMessage, type ServerEvent } from '../kit/index.ts';

/**
 * The district's routes as this page calls them (src/wire/district-http.ts, src/wire/demo-api.ts).
 * A call that fails is `undefined`: the page says so and goes on.
 */

const ANSWER_MAX_MS = 8_000;

export const LIVE_URL = '/api/live';

export interface District extends DemoOverview {
  readonly residents: readonly ResidentView[];
}

export async function fetchDistrict(): Promise<District | undefined> {
  const [overview, residents] = await Promise.all([
    call('/api/demo', demoOverview),
    call('/api/residents', residentList),
  ]);
  return overview && residents && { ...overview, residents: residents.residents };
}

export type IssuedKind = 'token' | 'pass' | 'card';

export function fetchCode(
  kind: IssuedKind,
  { index, community }: ResidentView,
): Promise<IssuedCode | undefined> {
  const route = { token: 'token', pass: 'passes', card: 'card' }[kind];
  return call(`/api/residents/${index}/${route}`, issuedCode, kind === 'pass' ? { community } : {});
}

/** @returns what this phone's short codes are made of, hex */
export async function fetchShortCodeSecret(index: number): Promise<string | undefined> {
  return (await call(`/api/residents/${index}/short-code`, issuedShortCodeSecret, {}))?.secret;
}

/** The resident as the district knows them now. */
export function fetchResident(index: number): Promise<ResidentView | undefined> {
  return call(`/api/residents/${index}`, residentView);
}

/** @returns whether the phone's key is on the roster */
export async function registerKey(
  index: number,
  key: { publicKey: string; proof: string },
): Promise<boolean> {
  return (await send(`/api/residents/${index}/keys`, key)) !== undefined;
}

/** @returns whether the district took it */
export async function setResidentState(index: number, state: ResidentState): Promise<boolean> {
  return (await send(`/api/residents/${index}/state`, { state })) !== undefined;
}

export async function fetchEntries(): Promise<readonly DemoEntry[] | undefined> {
  return (await call('/api/entries', demoEntries))?.entries;
}

export function entryOf({ event, data }: ServerEvent): DemoEntry | undefined {
  return event === 'entry' ? parseMessage(demoEntry, data) : undefined;
}

async function call<Answer>(
  path: string,
  schema: MessageSchema<Answer>,
  body?: object,
): Promise<Answer | undefined> {
  const answer = await send(path, body);
  return answer === undefined ? undefined : parseMessage(schema, answer);
}

async function send(path: string, body?: object): Promise<string | undefined> {
  const post = {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  };
  try {
    const answer = await fetch(path, {
      ...(body === undefined ? {} : post),
      cache: 'no-store',
      signal: AbortSignal.timeout(ANSWER_MAX_MS),
    });
    return answer.ok ? await answer.text() : undefined;
  } catch {
    return undefined;
  }
}
