import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ResidentView } from '../../wire/index.ts';
import type { Colleague } from './colleagues.ts';

/**
 * Photos of one household, which guards of the demonstration are shown: drawings. They go the way of any other: sent in with
 * the residents' consent, and accepted by a colleague who did not send them in.
 */
export async function givePhotos(
  url: string,
  household: readonly ResidentView[],
  reviewer: Colleague,
): Promise<void> {
  const signedIn = await send(`${url}/api/session`, reviewer);
  const cookie = signedIn.headers.getSetCookie()[0]?.split(';')[0] ?? '';
  for (const resident of household) {
    const { photo, copy } = portraitOf(resident);
    const body = { resident: resident.index, picture: photo, forGuards: true };
    const sent = await send(`${url}/api/applications/photos`, body);
    const { receipt } = (await sent.json()) as { receipt: string };
    await send(`${url}/api/applications/${receipt}/accept`, { guardPhoto: copy }, cookie);
  }
  await fetch(`${url}/api/session`, { method: 'DELETE', headers: { cookie } });
}

/** As they are registered: the grown-up first, then the old person, then the child. */
const FAMILY = ['grown', 'old', 'child'] as const;

function portraitOf({ order }: ResidentView) {
  const name = FAMILY[order % FAMILY.length];
  const read = (kind: string) =>
    readFileSync(join(import.meta.dirname, 'portraits', `${name}-${kind}.jpg`), 'base64');
  return { photo: read('photo'), copy: read('copy') };
}

async function send(address: string, body: object, cookie?: string): Promise<Response> {
  const answer = await fetch(address, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(cookie === undefined ? {} : { cookie }) },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`${new URL(address).pathname} was answered ${answer.status}`);
  return answer;
}
