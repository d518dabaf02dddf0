import { toHex } from '../../../base/index.ts';
import type { Clock, Log, Random } from '../../../ports/index.ts';
import { type ChainedRow, livePayload } from '../../../wire/index.ts';
import type { FeedEvent } from '../../server/feed.ts';
import { type GateFacts, type GateInputs, type GateView, judge } from '../gate-views.ts';
import { WALL_JUDGED_EVERY_MS, WALL_RESUMED_WITHIN_MS, WALL_TOLD_EVERY_MS } from '../limits.ts';

/**
 * All gates as they are now, for walls that are open: only gates of which something came are looked up again, and only
 * those whose picture changed are told. While nobody looks, it notes which gates were heard, and asks the database nothing.
 */
export interface GateWatchOptions {
  /** @param only of these gates; of all, when left out */
  readonly facts: (only?: readonly string[]) => Promise<GateFacts>;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
}

/** From where on a wall wants to hear: what it showed when. */
export interface Since {
  readonly boot: string;
  readonly revision: number;
  /** Unix milliseconds */
  readonly at: number;
}

/** All gates, those that changed, and the point from which to ask the next time. */
export interface News {
  readonly all: readonly GateView[];
  readonly changed: readonly GateView[];
  readonly since: Since;
}

interface Known {
  readonly inputs: GateInputs;
  readonly view: GateView;
  /** Of the picture without times, to tell whether it changed. */
  readonly picture: string;
  readonly revision: number;
}

export class GateWatch {
  readonly #options: GateWatchOptions;
  readonly #boot: string;
  #revision = 0;
  /** The revision at which each gate was last heard. */
  readonly #heard = new Map<string, number>();
  /** Decisions that are under way to the database. */
  readonly #verdicts = new Map<string, ChainedRow>();
  readonly #lines = new Set<() => void>();
  /** Absent until all were looked up once, and while nobody looks. */
  #known: Map<string, Known> | undefined;
  #dirty = new Set<string>();
  #cancel: (() => void)[] = [];
  #isWaiting = false;
  #work: Promise<void> = Promise.resolve();

  constructor(options: GateWatchOptions) {
    this.#options = options;
    this.#boot = toHex(options.random.bytes(4));
  }

  /** Before the database is asked for a page: what comes after this is told on the page's line. */
  since(): Since {
    return { boot: this.#boot, revision: this.#revision, at: this.#options.clock.wall() };
  }

  /** Of this process, and lately: nothing can have been missed since. */
  canResume({ boot, at }: Since): boolean {
    return boot === this.#boot && this.#options.clock.wall() - at <= WALL_RESUMED_WITHIN_MS;
  }

  heard({ gate, type, data }: FeedEvent): void {
    if (gate === '') return;
    this.#revision += 1;
    this.#heard.set(gate, this.#revision);
    if (type === 'live') this.#noteVerdict(gate, livePayload.parse(data).row);
    if (this.#known === undefined) return;
    this.#dirty.add(gate);
    this.#lookSoon();
  }

  /** @param changed called when there is news. @returns how to end it */
  open(changed: () => void): () => void {
    const isFirst = this.#lines.size === 0;
    this.#lines.add(changed);
    if (isFirst) this.#begin();
    return () => {
      this.#lines.delete(changed);
      if (this.#lines.size === 0) this.#end();
    };
  }

  /** @returns undefined while the gates could not be looked up */
  async news(since: Since): Promise<News | undefined> {
    await this.#work;
    if (this.#known === undefined) return undefined;
    const known = [...this.#known.values()];
    const changed = known.filter(({ revision }) => revision > since.revision);
    return {
      all: known.map(({ view }) => view),
      changed: changed.map(({ view }) => view),
      since: this.since(),
    };
  }

  #noteVerdict(gate: string, row: ChainedRow): void {
    if (row.decision === 'granted' || row.decision === 'refused' || row.decision === 'guard')
      this.#verdicts.set(gate, row);
  }

  #begin(): void {
    this.#do(() => this.#lookAtAll());
    this.#judgeLater();
  }

  async #lookAtAll(): Promise<void> {
    // One that was heard between a wall's page and this look may look different there.
    const heard = new Map(this.#heard);
    const facts = await this.#options.facts();
    if (this.#lines.size === 0) return;
    this.#known = new Map();
    this.#take(facts, (gate) => heard.get(gate) ?? 0);
  }

  #end(): void {
    for (const cancel of this.#cancel.splice(0)) cancel();
    this.#known = undefined;
    this.#isWaiting = false;
    this.#dirty = new Set();
    this.#verdicts.clear();
  }

  #lookSoon(): void {
    if (this.#isWaiting) return;
    this.#isWaiting = true;
    this.#after(WALL_TOLD_EVERY_MS, () => {
      this.#isWaiting = false;
      const gates = [...this.#dirty];
      this.#dirty = new Set();
      this.#do(async () => {
        const facts = await this.#options.facts(gates);
        this.#take(facts, this.#next());
      });
    });
  }

  /** Silence changes a gate too, and so does a document that none of them took. */
  #judgeLater(): void {
    this.#after(WALL_JUDGED_EVERY_MS, () => {
      this.#judgeLater();
      this.#do(async () => {
        if (this.#known === undefined) return this.#lookAtAll();
        const { documents, now } = await this.#options.facts([]);
        const inputs = [...this.#known.values()].map((known) => known.inputs);
        return this.#take({ inputs, documents, now }, this.#next());
      });
    });
  }

  /** A revision for what is found now. */
  #next(): () => number {
    this.#revision += 1;
    const revision = this.#revision;
    return () => revision;
  }

  #take(facts: GateFacts, revisionOf: (gate: string) => number): void {
    const known = this.#known;
    if (known === undefined) return;
    let isNew = false;
    for (const stored of facts.inputs) {
      const id = stored.gate.id;
      const inputs = { ...stored, verdict: newerOf(stored.verdict, this.#verdicts.get(id)) };
      const view = judge(inputs, facts);
      const picture = pictureOf(view);
      const before = known.get(id);
      const isSame = before?.picture === picture;
      isNew ||= !isSame;
      known.set(id, { inputs, view, picture, revision: isSame ? before.revision : revisionOf(id) });
    }
    if (isNew) for (const changed of this.#lines) changed();
  }

  #after(milliseconds: number, work: () => void): void {
    const cancel = this.#options.clock.after(milliseconds, () => {
      this.#cancel = this.#cancel.filter((each) => each !== cancel);
      work();
    });
    this.#cancel.push(cancel);
  }

  /** One after the other: an older look never covers a newer one. */
  #do(work: () => Promise<void>): void {
    this.#work = this.#work.then(work).catch(() => {
      this.#options.log.warn({}, 'the wall could not look at its gates');
    });
  }
}

function newerOf(one: ChainedRow | undefined, other: ChainedRow | undefined): ChainedRow | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  return one.at < other.at ? other : one;
}

/** The time of the last word changes all the time; browsers count it themselves. */
function pictureOf({ heardAt: _, status, ...view }: GateView): string {
  const shown = status && { lanes: status.lanes, clock: status.clock.quality, state: status.state };
  return JSON.stringify({ ...view, status: shown });
}
