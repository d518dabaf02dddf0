import type { CodeFields } from '../../../src/code/index.ts';
import type { ChainedRow } from '../../../src/wire/index.ts';
import { type Evidence, type Proof, type RowSeen, type Say, secondsOf } from './evidence.ts';

/**
 * A1: a used code lets nobody in again, over restarts, but within the grace of docs/code-format.md step 7. A2: nobody whom a
 * stored list does not hold valid is let in. C1: no code is accepted outside its own time.
 */

const GRACE_MS = 15_000;
/** Between a scan and its row. */
const SETTLING_MS = 50;
const CARD_PAUSE_SECONDS = 60;

const SKEW_SECONDS = 30;
/** docs/code-format.md step 4: the window, and the most that policy lets it widen. */
const WINDOW_SECONDS = 90 + 120;
const DAY_SECONDS = 86_400;
/** Asia/Shanghai. */
const ZONE_SECONDS = 8 * 3_600;
/** 2020-01-01 in days since 1970. */
const DAY_ZERO = 18_262;

interface Grant extends RowSeen {
  readonly fields: CodeFields;
  readonly hash: string;
  passed: boolean;
}

export function usesProof(evidence: Evidence, say: Say): Proof {
  const uses = new Uses(evidence, say);
  const lists = { residents: new Map<number, number>(), visitors: new Map<number, number>() } as Lists;
  let judged: string | undefined;
  return {
    see(event) {
      if (event.type === 'list') lists[event.subject] = event.states;
      if (event.type === 'judged') judged = event.codeHash;
      if (event.type !== 'appended') return;
      for (const row of event.rows) {
        const code = judged === undefined ? undefined : evidence.codes.get(judged);
        if (row.decision === 'door') uses.door(row);
        if (row.decision !== 'granted' || code === undefined) continue;
        const seen = { row, event, fields: code.fields, hash: code.hash, passed: false };
        proveStanding(seen, lists, say);
        proveTime(seen, say);
        uses.grant(seen);
      }
      judged = undefined;
    },
  };
}

type Lists = Record<'residents' | 'visitors', ReadonlyMap<number, number>>;

function proveStanding({ row, fields }: Grant, lists: Lists, say: Say): void {
  const people = fields.kind === 4 ? [fields.hostIndex] : [fields.index, ...(row.party ?? [])];
  for (const index of people) {
    const state = lists.residents.get(index) ?? 0;
    if (state !== 0) say('A2', `row ${row.seq} grants for index ${index}, whose state is ${state}`);
  }
  const pass = fields.kind === 4 ? (lists.visitors.get(fields.passId) ?? 0) : 0;
  if (pass !== 0) say('A2', `row ${row.seq} grants for a pass whose state is ${pass}`);
}

function proveTime({ row, fields }: Grant, say: Say): void {
  const now = secondsOf(row);
  if (row.clock === 'unsure') say('C1', `row ${row.seq} grants while the clock is unsure`);
  if (!isOfNow(fields, now)) say('C1', `row ${row.seq} grants for a code outside its time`);
}

function isOfNow(fields: CodeFields, now: number): boolean {
  switch (fields.kind) {
    case 1:
      return isWithin(now, fields.iat, fields.ttlMinutes);
    case 2:
      return Math.abs(now - fields.ts) <= WINDOW_SECONDS && dayOf(now) <= fields.lastDay;
    case 3:
      return Math.abs(now - fields.ts) <= WINDOW_SECONDS;
    case 4:
      return isWithin(now, fields.from, fields.minutes);
    case 5:
      return dayOf(now + ZONE_SECONDS) >= fields.firstDay && dayOf(now + ZONE_SECONDS) <= fields.lastDay;
  }
}

function isWithin(now: number, from: number, minutes: number): boolean {
  return now >= from - SKEW_SECONDS && now < from + minutes * 60 + SKEW_SECONDS;
}

function dayOf(seconds: number): number {
  return Math.floor(seconds / DAY_SECONDS) - DAY_ZERO;
}

type Way = 'in' | 'out';

class Uses {
  readonly #evidence: Evidence;
  readonly #say: Say;
  readonly #grants = new Map<number, Grant>();

  constructor(evidence: Evidence, say: Say) {
    this.#evidence = evidence;
    this.#say = say;
  }

  grant(grant: Grant): void {
    const { row } = grant;
    if (row.entry !== undefined) return this.#again(grant, row.entry);
    for (const way of waysOf(row)) this.#first(grant, way);
    this.#grants.set(row.seq, grant);
  }

  door({ door, entry, seq }: ChainedRow): void {
    const grant = entry === undefined ? undefined : this.#grants.get(entry);
    if (grant === undefined || entry === undefined) return;
    if (door === 'passed') grant.passed = true;
    if (door === 'annulled' && (grant.passed || this.#sensorOf(grant.row) === 'none'))
      this.#say('A1', `row ${seq} annuls entry ${entry}, which somebody passed or nobody can have watched`);
    if (door === 'annulled' || door === 'undone') this.#grants.delete(entry);
  }

  #first(grant: Grant, way: Way): void {
    const { row, fields } = grant;
    const before = [...this.#grants.values()].filter(
      (each) => useName(each.fields) === useName(fields) && waysOf(each.row).includes(way),
    );
    const last = before.at(-1)?.row;
    if (fields.kind === 4) {
      if (way === 'in' && before.length >= fields.uses)
        this.#say('A1', `row ${row.seq} is entry ${before.length + 1} of a pass for ${fields.uses}`);
    } else if (fields.kind === 5) {
      const pause = last === undefined ? CARD_PAUSE_SECONDS : secondsOf(row) - secondsOf(last);
      if (pause < CARD_PAUSE_SECONDS) this.#say('A1', `row ${row.seq} opens for a card after ${pause} s`);
    } else if (last !== undefined) {
      this.#say('A1', `row ${row.seq} grants ${way} for the code of row ${last.seq}`);
    }
  }

  #again(grant: Grant, entry: number): void {
    const first = this.#grants.get(entry);
    const why = first === undefined ? 'there is no such entry' : this.#whyNotAgain(first, grant);
    if (why !== undefined) this.#say('A1', `row ${grant.row.seq} opens again for entry ${entry}: ${why}`);
  }

  #whyNotAgain(first: Grant, again: Grant): string | undefined {
    if (first.hash !== again.hash) return 'another code';
    if (first.row.lane !== again.row.lane) return 'another lane';
    if (first.event.life !== again.event.life) return 'in another life';
    if (first.passed) return 'somebody has passed';
    if (this.#sensorOf(first.row) === 'none') return 'no sensor watches';
    const lateMs = again.event.monotonic - first.event.monotonic;
    return lateMs > GRACE_MS + SETTLING_MS ? `${lateMs} ms later` : undefined;
  }

  #sensorOf({ lane }: ChainedRow): string {
    return this.#evidence.lanes.find(({ id }) => id === lane)?.sensor ?? 'none';
  }
}

function waysOf({ direction }: ChainedRow): readonly Way[] {
  return direction === 'both' || direction === undefined ? ['in', 'out'] : [direction];
}

/** What is used up: the code of a phone by its moment, a pass by its start, a card by its holder. */
function useName(fields: CodeFields): string {
  switch (fields.kind) {
    case 1:
      return `1 ${fields.index} ${fields.iat}`;
    case 2:
      return `2 ${fields.index} ${fields.ts}`;
    case 3:
      return `3 ${fields.index} ${fields.ts} ${fields.slot}`;
    case 4:
      return `4 ${fields.passId} ${fields.from}`;
    case 5:
      return `5 ${fields.index}`;
  }
}
