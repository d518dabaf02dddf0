import { assert, type MonotonicMs, monotonicMs, never } from '../base/index.ts';
import type { DoorEvent, DoorItem } from '../wire/index.ts';
import { excused, judged, moved, ordered } from './door-following.ts';
import {
  AWAITED_MAX,
  DONE_MAX,
  DRIVER_GONE_MS,
  RELAY_ON_MS_MAX,
  type Awaited,
  type DoorEvidence,
  type DoorInputName,
  type DoorState,
} from './door-state.ts';

/**
 * Supervises one door: from the edges of relay and inputs it concludes what became of each entry. It tells and never
 * opens: nothing it answers with can move a relay, at a start or later.
 */
export function superviseDoor(state: DoorState, evidence: DoorEvidence, at: MonotonicMs): DoorOutcome {
  const watch = new Watch(state, at);
  // What time alone has decided comes first: it was so before this was heard.
  watch.settle();
  watch.hear(evidence);
  watch.settle();
  return watch.finish();
}

export interface DoorOutcome {
  readonly state: DoorState;
  /** In the order in which they happened. */
  readonly items: readonly DoorItem[];
  /** When a `tick` is wanted; absent: nothing waits. */
  readonly wakeAt?: MonotonicMs;
}

/** Detail of a fault: told to open again and again, and the contact never moved. */
export const CONTACT_STILL = 'contact-still';
/** Detail of a fault: a guard holds the door open, and its relay does not. Nobody holds it again but a guard. */
const NOT_HELD = 'not-held';

/** One step in the making; it never leaves the call that began it. */
class Watch {
  #state: DoorState;
  readonly #at: MonotonicMs;
  readonly #items: DoorItem[] = [];

  constructor(state: DoorState, at: MonotonicMs) {
    this.#state = state;
    this.#at = at;
  }

  hear(evidence: DoorEvidence): void {
    switch (evidence.type) {
      case 'pulse':
        return this.#pulse(evidence);
      case 'pulse-failed':
        this.#drop((each) => each.entry === evidence.entry && each.passed === 0);
        this.#set({ doubtUntil: this.#state.pulseUntil });
        this.#excuse();
        return this.#tell('fault', { entry: evidence.entry, detail: evidence.fault });
      case 'hold':
        return this.#hold(evidence.open);
      case 'hold-failed':
        return this.#dropHold();
      case 'input':
        return this.#input(evidence.input, evidence.active);
      case 'relay':
        if (evidence.on !== this.#state.relayOn) this.#set({ relayOn: evidence.on, relaySince: this.#at });
        return;
      case 'driver':
        return evidence.ok ? this.#driverBack() : this.#driverGone(evidence.detail);
      case 'sensor':
        // Without a sensor a grant is a use: nothing is annulled, nothing is awaited.
        if (!evidence.healthy) {
          this.#drop(() => true);
          this.#excuse();
        }
        return this.#set({ sensorHealthy: evidence.healthy });
      case 'tick':
        return;
      default:
        return never(evidence);
    }
  }

  /** What the passing of time decides. */
  settle(): void {
    this.#annul();
    this.#watchHeld();
    this.#watchRelay();
    this.#watchDriver();
    this.#watchFollowing();
  }

  finish(): DoorOutcome {
    const wake = wakeAt(this.#state);
    return { state: this.#state, items: this.#items, ...(wake !== undefined && { wakeAt: wake }) };
  }

  #pulse({ entry, people, pulseMs }: Extract<DoorEvidence, { type: 'pulse' }>): void {
    assert(people >= 1, 'a grant lets in somebody');
    const { settings } = this.#state;
    const pulseSince = this.#at < this.#state.pulseUntil ? this.#state.pulseSince : this.#at;
    const longest = monotonicMs(pulseSince + RELAY_ON_MS_MAX);
    const pulseUntil = earlier(later(this.#state.pulseUntil, this.#in(pulseMs)), longest);
    const lingering = monotonicMs(pulseUntil + settings.lingerMs);
    this.#set({ pulseSince, pulseUntil, allowedUntil: later(this.#state.allowedUntil, lingering) });
    if (this.#isToMove()) this.#set({ following: ordered(this.#state.following, lingering) });
    if (!this.#hasSensor() || this.#state.done.includes(entry)) return;
    const known = this.#state.awaited.find((each) => each.entry === entry);
    const grant = known ?? {
      entry,
      people,
      passed: 0,
      opened: this.#state.open,
      at: this.#at,
      until: this.#at,
    };
    const until = later(monotonicMs(grant.at + settings.annulMs), lingering);
    const awaited = known === undefined ? [...this.#state.awaited, grant] : this.#state.awaited;
    this.#await(awaited.map((each) => (each.entry === entry ? { ...each, until } : each)));
  }

  #hold(open: boolean): void {
    this.#set({ holding: open });
    this.#excuse();
    if (!open) this.#rest();
    // A relay that is off gets its time to come on, whatever it did not do before.
    else if (this.#state.relayOn === false) this.#forgetMismatch();
    this.#restartHeld();
  }

  /** The relay has let go of what is held: so the hold is over, and told. */
  #dropHold(): void {
    if (!this.#state.holding) return;
    this.#hold(false);
    this.#forgetMismatch();
    this.#tell('fault', { detail: NOT_HELD });
  }

  #input(input: DoorInputName, active: boolean): void {
    switch (input) {
      case 'contact':
        if (active !== this.#state.open) this.#contact(active);
        return;
      case 'passage':
        if (active) this.#passage();
        return;
      case 'exitButton':
        if (active) {
          this.#allowFor(this.#state.settings.exitMs);
          this.#tell('exit-button');
        }
        return;
      case 'fire':
        if (active !== this.#state.fire) this.#fire(active);
        return;
      case 'tamper':
        return this.#tell(active ? 'tamper' : 'tamper-cleared');
      default:
        return never(input);
    }
  }

  #contact(open: boolean): void {
    this.#set({ open });
    this.#moved();
    if (open) {
      if (this.#isAllowed()) this.#opened();
      else this.#forced();
      return this.#restartHeld();
    }
    this.#tell('closed');
    if (this.#state.settings.sensor === 'contact') this.#passAll();
    this.#restartHeld();
  }

  #opened(): void {
    this.#tell('opened', { entry: this.#state.awaited.find((each) => each.passed === 0)?.entry });
    this.#await(this.#state.awaited.map((each) => ({ ...each, opened: true })));
  }

  /** Nobody can say who went through a forced door: what was granted counts as used. */
  #forced(): void {
    this.#tell('forced');
    if (this.#state.settings.sensor === 'contact') this.#drop(() => true);
  }

  /** Opened and closed again: with a contact alone nobody can tell them apart, so all who might have passed have. */
  #passAll(): void {
    for (const each of this.#state.awaited) {
      if (each.opened) this.#tell('passed', { entry: each.entry });
    }
    this.#drop((each) => each.opened);
  }

  /** A turn of the turnstile is the oldest awaited person's. */
  #passage(): void {
    if (this.#state.settings.sensor !== 'passage') return;
    if (this.#state.following.wired) this.#moved();
    const [first, ...rest] = this.#state.awaited;
    this.#tell('passed', { entry: first?.entry });
    if (first === undefined) return;
    const passed = first.passed + 1;
    this.#await(passed < first.people ? [{ ...first, passed }, ...rest] : rest);
  }

  #fire(active: boolean): void {
    this.#set({ fire: active });
    this.#excuse();
    // Everybody may pass now: who it was can not be told any more, so what was granted counts as used.
    if (active) this.#drop(() => true);
    else this.#rest();
    this.#tell(active ? 'fire' : 'fire-cleared');
    this.#restartHeld();
  }

  #annul(): void {
    const isOver = (each: Awaited) => each.until <= this.#at && !this.#mayStillPass(each);
    for (const each of this.#state.awaited) {
      if (isOver(each) && each.passed === 0) this.#tell('annulled', { entry: each.entry });
    }
    this.#drop(isOver);
  }

  /** With a contact, who has opened the door is in the doorway until it closes. */
  #mayStillPass(each: Awaited): boolean {
    return this.#state.settings.sensor === 'contact' && each.opened && this.#state.open;
  }

  #watchHeld(): void {
    const { heldSince, heldTold, settings } = this.#state;
    if (heldSince === undefined || heldTold || this.#at - heldSince < settings.heldMs) return;
    this.#tell('held');
    this.#set({ heldTold: true });
  }

  #restartHeld(): void {
    const { heldSince: _, ...rest } = this.#state;
    const stands = this.#state.open && !this.#state.holding && !this.#state.fire;
    this.#state = { ...rest, heldTold: false, ...(stands && { heldSince: this.#at }) };
  }

  /** On without a cause: welded or stuck. Off though it should be on: a fault. */
  #watchRelay(): void {
    const { relayOn, mismatchSince, mismatchTold, settings } = this.#state;
    const wanted = this.#relayWanted();
    // What was told stands until somebody can tell otherwise.
    if (wanted === undefined && mismatchTold) return;
    if (relayOn === undefined || wanted === undefined || relayOn === wanted) {
      if (mismatchTold && !this.#state.goneTold && !this.#state.following.told) this.#tell('recovered');
      return this.#forgetMismatch();
    }
    const since =
      mismatchSince ?? (relayOn ? later(this.#state.pulseUntil, this.#state.relaySince) : this.#at);
    this.#set({ mismatchSince: since });
    if (mismatchTold || this.#at - since < settings.mismatchMs) return;
    if (this.#state.holding) return this.#dropHold();
    this.#tell(relayOn ? 'stuck' : 'fault', { detail: relayOn ? 'relay-on' : 'relay-off' });
    this.#set({ mismatchTold: true });
  }

  #forgetMismatch(): void {
    const { mismatchSince: _, ...rest } = this.#state;
    this.#state = { ...rest, mismatchTold: false };
  }

  /** Its relay rests by itself. */
  #driverGone(detail = 'no answer'): void {
    this.#dropHold();
    if (this.#state.gone === undefined) this.#set({ gone: { since: this.#at, detail } });
    this.#excuse();
  }

  #driverBack(): void {
    const { gone: _, ...rest } = this.#state;
    if (rest.goneTold && !rest.mismatchTold && !rest.following.told) this.#tell('recovered');
    this.#state = { ...rest, goneTold: false };
  }

  #watchDriver(): void {
    const { gone, goneTold } = this.#state;
    if (gone === undefined || goneTold || this.#at - gone.since < DRIVER_GONE_MS) return;
    this.#tell('fault', { detail: gone.detail });
    this.#set({ goneTold: true });
  }

  /** Lock and contact work: what was told of them is over, unless the relay itself has a fault. */
  #moved(): void {
    const { following, mismatchTold, goneTold } = this.#state;
    if (following.told && !mismatchTold && !goneTold) this.#tell('recovered');
    this.#set({ following: moved() });
  }

  #excuse(): void {
    this.#set({ following: excused(this.#state.following) });
  }

  #watchFollowing(): void {
    const { following } = this.#state;
    const now = judged(following, this.#at);
    if (now.told && !following.told) this.#tell('fault', { detail: CONTACT_STILL });
    this.#set({ following: now });
  }

  /** A door that stands open already, or is held so, follows nothing. */
  #isToMove(): boolean {
    const { open, holding, fire, gone } = this.#state;
    return !open && !holding && !fire && gone === undefined;
  }

  /** Undefined: neither state is wrong. Fire works on the wiring behind the relay; without a driver nobody knows. */
  #relayWanted(): boolean | undefined {
    const { fire, gone, doubtUntil } = this.#state;
    if (fire || gone !== undefined || this.#at < doubtUntil) return undefined;
    return this.#state.holding || this.#at < this.#state.pulseUntil;
  }

  #isAllowed(): boolean {
    return this.#state.holding || this.#state.fire || this.#at < this.#state.allowedUntil;
  }

  #hasSensor(): boolean {
    return this.#state.settings.sensor !== 'none' && this.#state.sensorHealthy;
  }

  #allowFor(milliseconds: number): void {
    this.#set({ allowedUntil: later(this.#state.allowedUntil, this.#in(milliseconds)) });
  }

  /** The relay is let go now; a door on its way may still open. */
  #rest(): void {
    this.#set({ pulseUntil: later(this.#state.pulseUntil, this.#at) });
    this.#allowFor(this.#state.settings.lingerMs);
  }

  #await(awaited: readonly Awaited[]): void {
    const kept = awaited.slice(-AWAITED_MAX);
    const gone = this.#state.awaited.filter((each) => !kept.some((other) => other.entry === each.entry));
    const done = [...this.#state.done, ...gone.map((each) => each.entry)].slice(-DONE_MAX);
    this.#set({ awaited: kept, done });
  }

  #drop(isOver: (each: Awaited) => boolean): void {
    this.#await(this.#state.awaited.filter((each) => !isOver(each)));
  }

  #tell(
    event: DoorEvent,
    more: { readonly entry?: number | undefined; readonly detail?: string } = {},
  ): void {
    const { entry, detail } = more;
    const { lane } = this.#state.settings;
    const said = { ...(entry !== undefined && { entry }), ...(detail !== undefined && { detail }) };
    this.#items.push({ type: 'door', lane, event, ...said });
  }

  #set(change: Partial<DoorState>): void {
    this.#state = { ...this.#state, ...change };
  }

  #in(milliseconds: number): MonotonicMs {
    return monotonicMs(this.#at + milliseconds);
  }
}

function wakeAt(state: DoorState): MonotonicMs | undefined {
  const { settings, heldSince, heldTold, relayOn, mismatchSince, mismatchTold, pulseUntil } = state;
  const times: number[] = state.awaited
    .filter((each) => !(settings.sensor === 'contact' && each.opened && state.open))
    .map((each) => each.until);
  if (state.following.until !== undefined) times.push(state.following.until);
  if (state.gone !== undefined && !state.goneTold) times.push(state.gone.since + DRIVER_GONE_MS);
  if (heldSince !== undefined && !heldTold) times.push(heldSince + settings.heldMs);
  if (mismatchSince !== undefined && !mismatchTold) times.push(mismatchSince + settings.mismatchMs);
  // A relay that is on when its pulse ends is looked at again then.
  const isJudged = !state.holding && !state.fire && state.gone === undefined;
  if (relayOn === true && mismatchSince === undefined && isJudged)
    times.push(pulseUntil + settings.mismatchMs);
  return times.length === 0 ? undefined : monotonicMs(Math.min(...times));
}

function earlier(one: MonotonicMs, other: MonotonicMs): MonotonicMs {
  return one < other ? one : other;
}

function later(one: MonotonicMs, other: MonotonicMs): MonotonicMs {
  return one > other ? one : other;
}
