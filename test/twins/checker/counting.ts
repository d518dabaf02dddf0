import type { ChainedRow } from '../../../src/wire/index.ts';
import type { Proof, Say, Seen } from './evidence.ts';

/**
 * J2: every scan is counted exactly once. It has a row of its own, or it is in the number of a later row. What a life may lose is
 * only what it could not write: scans that met a failing journal, and those of the last seconds before it was killed.
 */

/** Counted scans are written down after so long at the latest; timers may be a little late. */
const COUNTED_LATE_MS = 10_500;

const COUNT = /^(?:repeated|flooded|dropped):(\d+)$/;

export function countingProof(say: Say): Proof {
  let life = new Life();
  return {
    see(event) {
      switch (event.type) {
        case 'start':
          life = new Life();
          return;
        case 'scan':
          life.came.push(event.monotonic);
          return;
        case 'dropped':
          life.came.push(event.monotonic);
          return;
        case 'drop-unwritten':
          return life.lose();
        case 'append-failed':
          return life.fail(event);
        case 'appended':
          for (const row of event.rows) life.counted += countOf(row);
          return;
        case 'end':
          return life.prove(event, say);
        default:
      }
    },
  };
}

class Life {
  readonly came: number[] = [];
  counted = 0;
  #unwritten = 0;
  #failedAt = Number.NEGATIVE_INFINITY;

  fail({ priority, monotonic }: Seen<'append-failed'>): void {
    this.#failedAt = monotonic;
    if (priority === 'code') this.#unwritten += 1;
  }

  lose(): void {
    this.#unwritten += 1;
  }

  prove({ how, monotonic }: Seen<'end'>, say: Say): void {
    const settled = this.counted + this.#unwritten;
    const came = this.came.length;
    if (settled > came)
      say('J2', `${came} scans came, ${this.counted} are in rows, ${this.#unwritten} could not be written`);
    const since = how === 'stop' && this.#failedAt < monotonic ? monotonic + 1 : this.#lossSince(monotonic);
    const mayBeLost = this.came.filter((at) => at >= since).length;
    if (settled + mayBeLost < came)
      say(
        'J2',
        `${came} scans came, only ${settled} are accounted for, and ${mayBeLost} may have been lost (${how})`,
      );
  }

  #lossSince(end: number): number {
    const failing = end - this.#failedAt < COUNTED_LATE_MS ? COUNTED_LATE_MS : 0;
    return end - COUNTED_LATE_MS - failing;
  }
}

function countOf(row: ChainedRow): number {
  if (row.decision === 'granted' || row.decision === 'refused' || row.decision === 'guard') return 1;
  // Rejected commands have their own flood, which names no reader.
  return row.reader === undefined ? 0 : Number(COUNT.exec(row.reason ?? '')?.[1] ?? 0);
}
