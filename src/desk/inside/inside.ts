import { isoTime, type WallMs } from '../../base/index.ts';
import type { ChainedRow, Direction, InsideAnswer } from '../../wire/index.ts';
import { eachRow, spanOf } from '../rows/read-rows.ts';
import type { DeskWork } from '../work.ts';
import { INSIDE_MS } from './limits.ts';

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
  const { people, unnamed } = passages.inside();
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

class Passages {
  readonly #directions: ReadonlyMap<string, Direction>;
  /** By the entry's sequence number, in its order. */
  readonly #stands = new Map<number, Passage>();
  /** Taken back, for one that somebody passes after all. */
  readonly #takenBack = new Map<number, Passage>();

  constructor(directions: ReadonlyMap<string, Direction>) {
    this.#directions = directions;
  }

  see(row: ChainedRow): void {
    const passage = this.#passageOf(row);
    if (passage !== undefined) this.#stands.set(row.seq, passage);
    else if (row.decision === 'door' && row.entry !== undefined) this.#tellMore(row.entry, row.door);
  }

  inside() {
    const people = new Map<number, Present>();
    const passes = new Set<number>();
    let unnamed = 0;
    const inOrder = [...this.#stands].sort(([left], [right]) => left - right);
    for (const [, { direction, indices, pass, at, unnamed: more }] of inOrder) {
      const isOut = direction === 'out';
      for (const index of indices) {
        people.delete(index);
        if (!isOut) people.set(index, { at, unsure: direction === 'both' });
      }
      if (pass !== undefined && isOut) passes.delete(pass);
      if (pass !== undefined && !isOut) passes.add(pass);
      if (!isOut) unnamed += more;
    }
    return {
      people: [...people].map(([index, present]) => ({ index, ...present })),
      unnamed: unnamed + passes.size,
    };
  }

  #tellMore(entry: number, event: ChainedRow['door']): void {
    const [from, to] = event === 'passed' ? [this.#takenBack, this.#stands] : [this.#stands, this.#takenBack];
    if (event !== 'passed' && event !== 'annulled' && event !== 'undone') return;
    const passage = from.get(entry);
    if (passage === undefined) return;
    from.delete(entry);
    to.set(entry, passage);
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
    return { at, direction, indices: isOwn ? [index, ...party] : [], unnamed: isOwn ? 0 : 1 };
  }
}

/** Deeds by hand that let nobody pass. */
const NO_OPENING = /^(hold|end-hold|lock-down|release):/;

function isOpening({ reason = '' }: ChainedRow): boolean {
  return !NO_OPENING.test(reason);
}
