import type { DisplayState, DisplayVerdict } from '../wire/index.ts';

/**
 * What each lane's displays are told. Only the newest state is kept for one that connects later; a verdict is for those
 * who were there. A display that does not listen is never waited for.
 */

/** Displays at one lane: a few monitors, a tablet, a guard's window. */
export const DISPLAYS_PER_LANE_MAX = 16;

export type DisplayMessage = DisplayVerdict | DisplayState;
export type DisplayListener = (message: DisplayMessage) => void;

export class DisplayHub {
  readonly #states = new Map<string, DisplayState>();
  readonly #listeners = new Map<string, Set<DisplayListener>>();

  readonly #now: () => string;

  /** @param now ISO 8601: a state that was kept is told with the present time */
  constructor(lanes: readonly string[], now: () => string) {
    this.#now = now;
    for (const lane of lanes) this.#listeners.set(lane, new Set());
  }

  has(lane: string): boolean {
    return this.#listeners.has(lane);
  }

  state(lane: string): DisplayState | undefined {
    return this.#states.get(lane);
  }

  tell(lane: string, message: DisplayMessage): void {
    if (message.type === 'state') this.#states.set(lane, message);
    for (const listener of this.#listeners.get(lane) ?? []) listener(message);
  }

  /** @returns a function that ends it; undefined when the lane is unknown or has its full number of displays */
  listen(lane: string, listener: DisplayListener): (() => void) | undefined {
    const listeners = this.#listeners.get(lane);
    if (listeners === undefined || listeners.size >= DISPLAYS_PER_LANE_MAX) return undefined;
    listeners.add(listener);
    const state = this.#states.get(lane);
    if (state !== undefined) listener({ ...state, at: this.#now() });
    return () => listeners.delete(listener);
  }
}
