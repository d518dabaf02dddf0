import { signal } from '@preact/signals';
import type { GuardSessionAnswer } from '../../wire/index.ts';
import type { Answer } from './call.ts';
import { fetchSession, signOut as sendSignOut } from './entrance-api.ts';

/** Who is at the desk. When somebody leaves, nothing of what they saw stays on the page. */

export type Entrance =
  | { readonly type: 'opening' }
  | {
      readonly type: 'out';
      readonly why?: 'ended' | 'idle' | 'elsewhere' | undefined;
      readonly firstAccount: boolean;
    }
  | { readonly type: 'in'; readonly session: GuardSessionAnswer };

export const entrance = signal<Entrance>({ type: 'opening' });
/** Whoever was here last, for asking the PIN alone after a pause. In memory only. */
export const lastAccount = signal('');

/** Lanes of the gate, for a desk that is locked after a pause. */
export let lastLanes: readonly string[] = [];

export function rememberLanes(lanes: readonly string[]): void {
  lastLanes = lanes;
}

const forgetters = new Set<() => void>();

/** What holds anything of the gate or of people says how to let go of it. */
export function onLeave(forget: () => void): void {
  forgetters.add(forget);
}

const AGAIN_MS = 2_000;

/** Asks until the gate has said who is signed in. */
export async function openDesk(): Promise<void> {
  for (;;) {
    const answer = await fetchSession();
    if (answer.ok || answer.error.problem === 'signed-out') return enter(answer);
    await new Promise((go) => setTimeout(go, AGAIN_MS));
  }
}

export function enter(answer: Answer<GuardSessionAnswer>): void {
  if (answer.ok) {
    lastAccount.value = answer.value.account;
    entrance.value = { type: 'in', session: answer.value };
  } else if (answer.error.problem === 'signed-out') leave(undefined, answer.error.firstAccount === true);
}

export function leave(why?: 'ended' | 'idle' | 'elsewhere', firstAccount = false): void {
  if (why !== 'idle') {
    lastAccount.value = '';
    lastLanes = [];
  }
  for (const forget of forgetters) forget();
  entrance.value = { type: 'out', why, firstAccount };
}

/** Signs out even when the gate does not answer: the page forgets at once. */
export async function signOut(): Promise<void> {
  leave();
  await sendSignOut();
}

/** After a line broke, the session may be over as well. */
export async function lookAgain(): Promise<void> {
  const answer = await fetchSession();
  if (entrance.value.type !== 'in') return;
  if (!answer.ok && answer.error.problem === 'signed-out') leave('ended');
}
