import { batch, signal } from '@preact/signals';
import type { FoundMemberAnswer, LookUpAnswerRead, LookUpPurpose } from '../../wire/index.ts';
import type { Failure } from './call.ts';
import { lookUp } from './api.ts';
import { onLeave } from './session.ts';
import type { LookUp } from './typed.ts';

/** The one look-up that is on the page: asked for, answered, and gone when its time is over. Kept nowhere else. */

export interface Found {
  readonly answer: LookUpAnswerRead;
  readonly by: LookUp['by'];
  readonly purpose: LookUpPurpose;
  /** Steady milliseconds */
  readonly until: number;
  /** The waiting entry that it was asked for. */
  readonly entry: number | undefined;
  readonly lane: string | undefined;
}

export const found = signal<Found | undefined>(undefined);
export const chosen = signal(0);
export const looking = signal(false);
export const lookUpFailure = signal<Failure | undefined>(undefined);

/** A slow answer to an earlier question must not cover a later one. */
let asked = 0;

export function chosenMember(): FoundMemberAnswer | undefined {
  return found.value?.answer.found[chosen.value];
}

export function choose(step: number): void {
  const count = found.value?.answer.found.length ?? 0;
  if (count > 0) chosen.value = (chosen.value + step + count) % count;
}

export function forgetPeople(): void {
  asked += 1;
  batch(() => {
    found.value = undefined;
    chosen.value = 0;
    looking.value = false;
    lookUpFailure.value = undefined;
  });
}

onLeave(forgetPeople);

export interface Question {
  readonly body: LookUp;
  readonly purpose: LookUpPurpose;
  readonly entry?: number | undefined;
  readonly lane?: string | undefined;
}

/** @returns whether it was answered */
export async function ask({ body, purpose, entry, lane }: Question): Promise<boolean> {
  forgetPeople();
  const mine = asked;
  looking.value = true;
  mark('look-up-asked');
  const answer = await lookUp({ ...body, purpose });
  mark('look-up-answered');
  if (mine !== asked) return false;
  batch(() => {
    looking.value = false;
    if (answer.ok) {
      const until = performance.now() + answer.value.showMs;
      found.value = { answer: answer.value, by: body.by, purpose, until, entry, lane };
    } else lookUpFailure.value = answer.error;
  });
  return answer.ok;
}

function mark(name: string): void {
  performance.clearMarks(name);
  performance.mark(name);
}
