import type { Colleague } from './colleagues.ts';

/** A colleague at the district's console, by its pages as a browser gets them: signs in, and looks at one gate and one row. */
export interface Sought {
  readonly colleague: Colleague;
  readonly gate: string;
  /** Hex */
  readonly journal: string;
  readonly seq: number;
}

const STORED_WITHIN_MS = 10_000;
const LOOK_EVERY_MS = 100;

/** @returns what is not shown; undefined when all is */
export async function missingAtConsole(url: string, sought: Sought): Promise<string | undefined> {
  const { colleague, gate, journal, seq } = sought;
  const signedIn = await fetch(`${url}/api/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(colleague),
  });
  const cookie = signedIn.headers.getSetCookie()[0]?.split(';')[0];
  if (!signedIn.ok || cookie === undefined) return `signing in was answered ${signedIn.status}`;
  const look = (path: string) => fetch(url + path, { headers: { cookie }, redirect: 'manual' });
  const wall = await look('/console/gates');
  if (!wall.ok || !(await wall.text()).includes(gate)) return `the wall does not show ${gate}`;
  const path = `/console/entries/${gate}/${journal}/${seq}`;
  const end = performance.now() + STORED_WITHIN_MS;
  while (!(await look(path)).ok) {
    if (performance.now() > end) return `row ${seq} has no page`;
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
  return undefined;
}
