import {
  DELIVERY_REASONS,
  type DeedBody,
  deedBody,
  EMERGENCY_REASONS,
  type GuardLane,
  HOLD_REASONS,
  LET_IN_REASONS,
  LOCK_REASONS,
  RELEASE_REASONS,
  VISITOR_REASONS,
} from '../../wire/index.ts';
import type { DeedStart } from './deed.ts';

/** What a deed's dialog asks for, and the body that its answers make. Pure. */

export const REASONS = {
  'let-in': LET_IN_REASONS,
  visitor: VISITOR_REASONS,
  delivery: DELIVERY_REASONS,
  emergency: EMERGENCY_REASONS,
  hold: HOLD_REASONS,
  'end-hold': RELEASE_REASONS,
  'lock-down': LOCK_REASONS,
  release: RELEASE_REASONS,
} as const;

export interface DeedForm {
  /** `undefined`: all lanes, where the deed knows that. */
  readonly lane: string | undefined;
  readonly reason: string | undefined;
  readonly party: readonly number[];
  readonly people: number;
  readonly long: boolean;
  readonly hold: boolean;
  readonly account: string;
  readonly secret: string;
}

/** One of these closes or opens for everybody. */
export function knowsAllLanes({ deed }: DeedStart): boolean {
  return deed === 'lock-down' || deed === 'release';
}

export function firstForm(start: DeedStart, lanes: readonly GuardLane[]): DeedForm {
  const entrance = lanes.find(({ direction }) => direction !== 'out') ?? lanes[0];
  return {
    lane: start.lane ?? (knowsAllLanes(start) ? undefined : entrance?.lane),
    reason: start.reason ?? defaultReason(start),
    party: [],
    people: 1,
    long: start.who?.needsMoreTime === true,
    hold: true,
    account: '',
    secret: '',
  };
}

/** Nothing that keeps a door open or shut for everybody has a reason before somebody chose it. */
function defaultReason({ deed }: DeedStart): string | undefined {
  if (deed === 'delivery') return 'parcel';
  if (deed === 'visitor') return 'host-asked';
  return deed === 'end-hold' || deed === 'release' ? 'over' : undefined;
}

/** @returns the body, or the first thing that is missing */
export function bodyOf(
  start: DeedStart,
  form: DeedForm,
  once: string,
): { readonly body: DeedBody } | { readonly missing: 'reason' | 'lane' | 'second' } {
  if (form.reason === undefined) return { missing: 'reason' };
  if (form.lane === undefined && !knowsAllLanes(start)) return { missing: 'lane' };
  if (start.deed === 'hold' && (form.account === '' || form.secret === '')) return { missing: 'second' };
  const { deed } = start;
  const common = { deed, once, reason: form.reason, ...(form.lane === undefined ? {} : { lane: form.lane }) };
  const who = start.who === undefined ? {} : { index: start.who.index };
  const checked = deedBody.safeParse({ ...common, ...ownFields(start, form, who) });
  // A name that the contract does not take can only be the second guard's.
  return checked.success ? { body: checked.data } : { missing: 'second' };
}

function ownFields(start: DeedStart, form: DeedForm, who: { readonly index?: number }): object {
  const { long, people, party } = form;
  switch (start.deed) {
    case 'let-in':
      return { ...who, long, party, ...(start.entry === undefined ? {} : { entry: start.entry }) };
    case 'visitor':
      return { ...who, long, people };
    case 'delivery':
      return { ...who, long, people };
    case 'emergency':
      return { hold: form.hold };
    case 'hold':
      return { second: { account: form.account, secret: form.secret } };
    case 'end-hold':
    case 'lock-down':
    case 'release':
      return {};
  }
}
