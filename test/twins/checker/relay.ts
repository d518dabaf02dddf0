import { RELAY_ON_MAX_MS } from '../../../src/ports/index.ts';
import type { ChainedRow } from '../../../src/wire/index.ts';
import type { Evidence, Proof, Say, Seen } from './evidence.ts';

/** R1 and R2: a relay is on only while somebody's order asks for it, each order has one cause, and each cause one order. */

/** Between an order's end and the relay's, timers included. */
const RELAY_LATE_MS = 250;

export function relayProof(evidence: Evidence, say: Say): Proof {
  const causes = new Causes(evidence, say);
  let lanes = new Map<string, LaneRelay>();
  const laneOf = (lane: string) => {
    const known = lanes.get(lane) ?? new LaneRelay(lane, say);
    lanes.set(lane, known);
    return known;
  };
  return {
    see(event) {
      causes.see(event);
      if (event.type === 'start') lanes = new Map();
      if (event.type === 'open') laneOf(event.lane).pulse(event.monotonic, event.pulseMs);
      if (event.type === 'hold') laneOf(event.lane).hold(event.monotonic, event.open);
      if (event.type === 'relay') laneOf(event.lane).switched(event);
      if (event.type === 'end') for (const lane of lanes.values()) lane.rests();
    },
  };
}

/** One relay in one life. */
class LaneRelay {
  readonly #lane: string;
  readonly #say: Say;
  #pulseAt = Number.NEGATIVE_INFINITY;
  #pulseUntil = Number.NEGATIVE_INFINITY;
  #held = false;
  #heldUntil = Number.NEGATIVE_INFINITY;
  #on = false;

  constructor(lane: string, say: Say) {
    this.#lane = lane;
    this.#say = say;
  }

  pulse(at: number, pulseMs: number): void {
    this.#pulseAt = at;
    this.#pulseUntil = Math.max(this.#pulseUntil, at + pulseMs);
  }

  hold(at: number, open: boolean): void {
    if (this.#held && !open) this.#heldUntil = at;
    this.#held = open;
  }

  switched({ on, when }: Seen<'relay'>): void {
    const wanted = this.#held || when < this.#pulseUntil;
    if (on && !wanted) this.#say('R1', `lane ${this.#lane}: the relay goes on and nobody asked`);
    const end = Math.max(this.#pulseUntil, this.#heldUntil, Number.NEGATIVE_INFINITY);
    if (!on && !this.#held && when > end + RELAY_LATE_MS)
      this.#say('R2', `lane ${this.#lane}: the relay stayed on ${Math.round(when - end)} ms too long`);
    if (
      !on &&
      !this.#held &&
      this.#heldUntil < this.#pulseAt &&
      when - this.#pulseAt > RELAY_ON_MAX_MS + RELAY_LATE_MS
    )
      this.#say('R2', `lane ${this.#lane}: one pulse of ${Math.round(when - this.#pulseAt)} ms`);
    this.#on = on;
  }

  rests(): void {
    if (this.#on) this.#say('R2', `lane ${this.#lane}: the relay is still on when the process is gone`);
  }
}

interface Deed {
  readonly verb: string;
  readonly actor: string;
  readonly reason: string;
  used: boolean;
}

/** What may let a relay be switched: a code just judged, a deed at the desk, a fresh order of the district. */
class Causes {
  readonly #evidence: Evidence;
  readonly #say: Say;
  readonly #orders = new Map<string, { mayAct: Seen<'command'>['mayAct']; counter: number }>();
  #counter = 0;
  readonly #obeyed = new Set<string>();
  readonly #receipts = new Set<string>();
  readonly #rows = new Map<string, ChainedRow>();
  #deeds: Deed[] = [];
  #judged: string | undefined;

  constructor(evidence: Evidence, say: Say) {
    this.#evidence = evidence;
    this.#say = say;
  }

  see(event: Parameters<Proof['see']>[0]): void {
    switch (event.type) {
      case 'start':
        this.#deeds = [];
        this.#judged = undefined;
        return;
      case 'judged':
        this.#judged = event.codeHash;
        return;
      case 'manual':
        this.#deeds.push({ verb: event.verb, actor: event.actor, reason: event.reason, used: false });
        return;
      case 'command':
        return this.#order(event);
      case 'appended':
        for (const row of event.rows) this.#row(row);
        this.#judged = undefined;
        return;
      case 'open':
      case 'hold':
        return this.#acted(event);
      default:
    }
  }

  /** The same token again changes nothing. */
  #order({ jti, mayAct, counter }: Seen<'command'>): void {
    if (mayAct !== 'as-before') this.#orders.set(jti, { mayAct, counter });
  }

  #row(row: ChainedRow): void {
    this.#rows.set(`${row.seq} ${row.hash}`, row);
    if (row.decision === 'granted') this.#granted(row);
    const obeys = row.command !== undefined && row.reason?.startsWith('command-rejected') !== true;
    if (obeys) this.#obeys(row, row.command ?? '');
    else if (row.decision === 'manual') this.#byHand(row);
  }

  #granted(row: ChainedRow): void {
    const code = this.#judged === undefined ? undefined : this.#evidence.codes.get(this.#judged);
    this.#judged = undefined;
    if (code === undefined) this.#say('R1', `row ${row.seq} grants, and no code that anybody made was shown`);
    else if (code.forged) this.#say('R1', `row ${row.seq} grants for a forged code`);
  }

  #obeys(row: ChainedRow, jti: string): void {
    const { mayAct, counter } = this.#orders.get(jti) ?? { mayAct: 'no', counter: 0 };
    if (mayAct === 'no' || (mayAct === 'unsure' && row.clock !== 'unsure'))
      this.#say('R1', `row ${row.seq} carries out order ${jti}, which is not to be believed`);
    if (this.#obeyed.has(jti)) this.#say('R1', `row ${row.seq} carries out order ${jti} a second time`);
    if (counter <= this.#counter)
      this.#say('R1', `row ${row.seq} carries out order ${jti}, whose counter is spent`);
    this.#counter = Math.max(this.#counter, counter);
    this.#obeyed.add(jti);
  }

  #byHand(row: ChainedRow): void {
    const deed = this.#deeds.find((each) => !each.used && isDeed(each, row));
    if (deed === undefined) this.#say('R1', `row ${row.seq} is a deed at the desk that nobody did`);
    else deed.used = true;
  }

  #acted({ receipt, lane }: Seen<'open'> | Seen<'hold'>): void {
    const name = `${receipt.seq} ${receipt.hash}`;
    if (this.#receipts.has(name)) this.#say('R2', `lane ${lane} acts twice for row ${receipt.seq}`);
    this.#receipts.add(name);
  }
}

function isDeed(deed: Deed, row: ChainedRow): boolean {
  const reason = deed.verb === 'open' ? deed.reason : `${deed.verb}:${deed.reason}`;
  return row.actor === deed.actor && row.reason === reason;
}
