import type { MemoryChange } from '../wire/index.ts';
import { SWEEP_STEP } from './limits.ts';

/**
 * What a gate must not forget, by key. The first word of a key names the rule that owns it. Reading, writing and
 * forgetting take the same time with ten keys and with a hundred thousand.
 */
export const MEMORY_RULES = [
  'used',
  'seen',
  'pass',
  'card',
  'inside',
  'lockdown',
  'counter',
  'look-ups',
] as const;
export type MemoryRule = (typeof MEMORY_RULES)[number];

/** What deciding may do with it: read. A key whose time is over reads as absent, whether or not it was forgotten yet. */
export interface MemoryView {
  get(key: string, seconds: number): string | undefined;
  size(rule: MemoryRule): number;
  /** The key that was written first. */
  oldest(rule: MemoryRule): string | undefined;
  /** Keys without their first word, and values. */
  all(rule: MemoryRule, seconds: number): Iterable<readonly [string, string]>;
}

interface Item {
  readonly value: string;
  readonly until: number | undefined;
}

export class MemoryStore implements MemoryView {
  readonly #rules = new Map<string, Map<string, Item>>(MEMORY_RULES.map((rule) => [rule, new Map()]));
  #hand = this.#walk();

  get(key: string, seconds: number): string | undefined {
    const item = this.#ruleOf(key)?.get(key);
    return item !== undefined && lives(item, seconds) ? item.value : undefined;
  }

  size(rule: MemoryRule): number {
    return this.#rules.get(rule)?.size ?? 0;
  }

  oldest(rule: MemoryRule): string | undefined {
    return this.#rules.get(rule)?.keys().next().value;
  }

  *all(rule: MemoryRule, seconds: number): Iterable<readonly [string, string]> {
    for (const [key, item] of this.#rules.get(rule) ?? []) {
      if (lives(item, seconds)) yield [key.slice(rule.length + 1), item.value];
    }
  }

  /** All of it, as it is written down. */
  *changes(): Iterable<MemoryChange> {
    for (const [, key, { value, until }] of this.#walk())
      yield { key, value, ...(until !== undefined && { until }) };
  }

  /** Keys of rules that are not decide's are left alone. */
  write(change: MemoryChange): void {
    const items = this.#ruleOf(change.key);
    if (change.value === undefined) items?.delete(change.key);
    else items?.set(change.key, { value: change.value, until: change.until });
  }

  /** Forgets a few of the keys whose time was over before `seconds`; goes round by and by. */
  sweep(seconds: number): void {
    for (let step = 0; step < SWEEP_STEP; step += 1) {
      const at = this.#hand.next();
      if (at.done === true) {
        this.#hand = this.#walk();
        return;
      }
      const [items, key, item] = at.value;
      if (!lives(item, seconds)) items.delete(key);
    }
  }

  *#walk(): Generator<readonly [Map<string, Item>, string, Item]> {
    for (const items of this.#rules.values()) {
      for (const [key, item] of items) yield [items, key, item];
    }
  }

  #ruleOf(key: string): Map<string, Item> | undefined {
    return this.#rules.get(key.slice(0, key.indexOf('/')));
  }
}

function lives(item: Item, seconds: number): boolean {
  return item.until === undefined || seconds <= item.until;
}
