import { isoTime, type WallMs } from '../../base/index.ts';
import { type ChainedRow, type Direction, type InsideAnswer, peopleOfReason } from '../../wire/index.ts';
import { eachRow, spanOf } from '../rows/read-rows.ts';
import type { DeskWork } from '../work.ts';
import { INSIDE_MS, PASSAGES_PER_SLICE } from './limits.ts';

/**
 * Who came in and did not go out, for a fire, by this gate's own rows of a day. It errs on the side of naming one too many:
 * on a lane for both ways nobody can tell, so whoever passed it is named, and marked. Doors that were held open or released
 * tell of nobody.
 */
export async function insideNow(
  work: Pick<DeskWork, 'journal' | 'pause' | 'lanes' | 'trust'>,
  now: WallMs,
): Promise<InsideAnswer> {
  const since = (now - INSIDE_MS) as WallMs;
  const directions = new Map(work.lanes.map(({ lane, direction }) => [lane, direction]));
  const passages = new Passages(directions);
  await eachRow(work, spanOf(work, { since }), (row) => passages.see(row));
  const { people, unnamed } = await passages.inside(work.pause);
  const { roster } = work.trust();
  return {
    at: isoTime(now),
    since: isoTime(since),
    people: people.map(({ index, at, unsure }) => ({
      index,
      display: roster.get(index)?.display,
      at,
      ...(unsure ? { unsure } : {}),
    })),
    unnamed,
  };
}

interface Passage {
  readonly at: string;
  readonly direction: Direction;
  readonly indices: readonly number[];
  readonly pass?: number;
  /** How many more passed whom the row does not name. */
  readonly unnamed: number;
}

interface Present {
  readonly at: string;
  readonly unsure: boolean;
}

class Inside {
  readonly #people = new Map<number, Present>();
  readonly #passes = new Set<number>();
  #unnamed = 0;

  pass({ direction, indices, pass, at, unnamed }: Passage): void {
    const isOut = direction === 'out';
    for (const index of indices) {
      this.#people.delete(index);
      if (!isOut) this.#people.set(index, { at, unsure: direction === 'both' });
    }
    if (pass !== undefined && isOut) this.#passes.delete(pass);
    if (pass !== undefined && !isOut) this.#passes.add(pass);
    if (!isOut) this.#unnamed += unnamed;
  }

  told() {
    const people = [...this.#people].map(([index, present]) => ({ index, ...present }));
    return { people, unnamed: this.#unnamed + this.#passes.size };
  }
}

class Passages {
  readonly #directions: ReadonlyMap<string, Direction>;
  /** By the entry's sequence number, in its order. */
  readonly #all = new Map<number, Passage>();
  /** Nobody passed, or the guard says so. */
  readonly #takenBack = new Set<number>();

  constructor(directions: ReadonlyMap<string, Direction>) {
    this.#directions = directions;
  }

  see(row: ChainedRow): void {
    const passage = this.#passageOf(row);
    if (passage !== undefined) this.#all.set(row.seq, passage);
    if (row.decision !== 'door' || row.entry === undefined) return;
    if (row.door === 'annulled' || row.door === 'undone') this.#takenBack.add(row.entry);
    if (row.door === 'passed') this.#takenBack.delete(row.entry);
  }

  /** In slices, like the reading before. */
  async inside(pause: () => Promise<void>) {
    const found = new Inside();
    let done = 0;
    for (const [entry, passage] of this.#all) {
      if (!this.#takenBack.has(entry)) found.pass(passage);
      done += 1;
      if (done % PASSAGES_PER_SLICE === 0) await pause();
    }
    return found.told();
  }

  #passageOf(row: ChainedRow): Passage | undefined {
    const { decision, at, lane, entry, passId, index, party = [] } = row;
    const direction = row.direction ?? this.#directions.get(lane ?? '');
    if (direction === undefined) return undefined;
    // A code that was shown again opens again for the same entry.
    if (decision === 'granted' && entry === undefined) {
      const named = index === undefined || passId !== undefined ? [] : [index];
      return {
        at,
        direction,
        indices: [...named, ...party],
        unnamed: 0,
        ...(passId === undefined ? {} : { pass: passId }),
      };
    }
    if (decision !== 'manual' || !isOpening(row)) return undefined;
    // Of a visitor and of a delivery, the index is whom they came to.
    const isOwn = row.reason?.startsWith('let-in:') === true && index !== undefined;
    return {
      at,
      direction,
      indices: isOwn ? [index, ...party] : [],
      unnamed: isOwn ? 0 : peopleOfReason(row.reason ?? ''),
    };
  }
}

/** Deeds by hand that let nobody pass. */
const NO_OPENING = /^(hold|end-hold|lock-down|release):/;

function isOpening({ reason = '' }: ChainedRow): boolean {
  return !NO_OPENING.test(reason);
}
