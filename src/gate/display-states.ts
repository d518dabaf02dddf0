import { isoTime } from '../base/index.ts';
import type { JournalHealth } from '../journal/index.ts';
import type { Clock } from '../ports/index.ts';
import type { ClockReading } from '../time/index.ts';
import type { TrustSnapshot } from '../trust/index.ts';
import type { DisplayMark, DisplayProblem, DisplayState } from '../wire/index.ts';
import type { DisplayHub } from './display-hub.ts';
import type { Lane } from './lane.ts';
import { PageReader } from './page-reader.ts';

/** What each display shows while nobody shows a code: the time, and what is out of order, worst first. */

const REFRESH_EVERY_MS = 1_000;

export interface StateSources {
  readonly lanes: readonly Lane[];
  readonly timeZone: () => string;
  readonly now: () => ClockReading;
  readonly trust: () => TrustSnapshot;
  readonly journalWorks: () => boolean;
  /** Scans that no row tells of. */
  readonly unrecorded: () => number;
  readonly journal: { health(): Pick<JournalHealth, 'reserve'> };
  readonly isLockedDown: (lane: string) => boolean;
  /** Of the device key, as long as the district has not confirmed it. */
  readonly unconfirmed?: () => string | undefined;
  /** Eight figures, while no guard has an account. */
  readonly firstAccount?: () => string | undefined;
  /** Other gates of the community cannot be told of a code used here. */
  readonly standsAlone?: () => boolean;
}

export class DisplayStates {
  readonly #hub: DisplayHub;
  readonly #sources: StateSources;
  readonly #shown = new Map<string, string>();
  #cancel: (() => void) | undefined;

  constructor(hub: DisplayHub, sources: StateSources) {
    this.#hub = hub;
    this.#sources = sources;
  }

  start(clock: Clock): void {
    this.refresh();
    this.#cancel = clock.after(REFRESH_EVERY_MS, () => this.start(clock));
  }

  stop(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }

  /** Tells only what has changed: another minute, another problem. */
  refresh(): void {
    for (const lane of this.#sources.lanes) {
      const state = this.#stateOf(lane);
      const shown = JSON.stringify({ ...state, at: state.at.slice(0, 16) });
      if (this.#shown.get(lane.id) === shown) continue;
      this.#shown.set(lane.id, shown);
      this.#hub.tell(lane.id, state);
    }
  }

  #stateOf(lane: Lane): DisplayState {
    const { now, timeZone, unconfirmed, firstAccount } = this.#sources;
    const fingerprint = unconfirmed?.();
    const figures = firstAccount?.();
    const marks = this.#marks();
    return {
      type: 'state',
      lane: lane.id,
      direction: lane.direction,
      at: isoTime(now().at),
      timeZone: timeZone(),
      problems: this.#problemsOf(lane),
      pageReads: lane.readers.some((reader) => reader instanceof PageReader),
      ...(fingerprint === undefined ? {} : { enrolment: { step: 'confirm' as const, fingerprint } }),
      ...(marks.length === 0 ? {} : { marks }),
      ...(figures === undefined ? {} : { firstAccount: figures }),
    };
  }

  #marks(): DisplayMark[] {
    const { standsAlone, journal, unrecorded } = this.#sources;
    const found: [DisplayMark, boolean][] = [
      ['alone', standsAlone?.() === true],
      ['reserve', journal.health().reserve !== 'whole'],
      ['unrecorded', unrecorded() > 0],
    ];
    return found.filter(([, is]) => is).map(([mark]) => mark);
  }

  #problemsOf(lane: Lane): DisplayProblem[] {
    const { now, trust, journalWorks, unrecorded, isLockedDown } = this.#sources;
    const { kinds } = trust().freshness(now());
    const found: [DisplayProblem, boolean][] = [
      ['fire', lane.door.isFire],
      ['journal', !journalWorks() || unrecorded() > 0],
      ['door', !lane.door.healthy],
      ['trust', Object.values(kinds).every((freshness) => freshness === 'none' || freshness === 'guard')],
      ['clock', now().quality === 'unsure'],
      ['lockdown', isLockedDown(lane.id)],
      ['readers', lane.readers.every((reader) => reader.health().state !== 'ready')],
    ];
    return found.filter(([, is]) => is).map(([problem]) => problem);
  }
}
