import type { Journal } from '../../src/journal/index.ts';
import type { Door, Log, Receipt, Scan } from '../../src/ports/index.ts';
import type { TrustSnapshot } from '../../src/trust/index.ts';
import type { BatchDraft } from '../../src/wire/index.ts';
import type { Invariant } from '../twins/checker.ts';
import type { Sabotage } from '../twins/gate-simulator.ts';

/** One broken part each, and the invariant that a checker must name for it. */
export interface Saboteur {
  readonly what: string;
  readonly breaks: Invariant;
  readonly sabotage: () => Sabotage;
}

const ROWS_LOST = 3;

export const SABOTEURS: readonly Saboteur[] = [
  {
    what: 'a journal that acknowledges rows and loses them with the power',
    breaks: 'J1',
    sabotage: () => ({
      medium: (medium) => ({
        ...medium,
        cut: () => {
          medium.cut();
          (medium.rows() as unknown[]).splice(-ROWS_LOST);
        },
      }),
    }),
  },
  {
    what: 'a door that opens for a receipt of nowhere',
    breaks: 'J1',
    sabotage: () => doorWith({ receipt: (receipt) => ({ ...receipt, hash: '0'.repeat(64) }) }),
  },
  {
    what: 'a reader whose scans are lost behind it',
    breaks: 'J2',
    sabotage: () => sinkWith((scan, offer, place) => place % 5 === 0 || offer(scan)),
  },
  {
    what: 'a reader whose scans arrive twice',
    breaks: 'J2',
    sabotage: () => sinkWith((scan, offer) => offer(scan) && offer({ ...scan, text: `${scan.text} ` })),
  },
  {
    what: 'a journal with a row left out',
    breaks: 'J3',
    sabotage: () => ({
      medium: (medium) => ({ ...medium, rows: () => medium.rows().filter(({ seq }) => seq !== 4) }),
    }),
  },
  {
    what: 'a journal whose rows are changed afterwards',
    breaks: 'J3',
    sabotage: () => ({
      medium: (medium) => ({
        ...medium,
        rows: () => medium.rows().map((row) => (row.seq === 3 ? { ...row, reason: 'nothing' } : row)),
      }),
    }),
  },
  {
    what: 'a relay that fires at the start',
    breaks: 'R1',
    sabotage: () => ({
      door: (door, hardware) => ({
        ...doorOf(door),
        start: async () => {
          await door.start();
          hardware.spark(true);
          hardware.spark(false);
        },
      }),
    }),
  },
  {
    what: 'an uplink that believes retained orders',
    breaks: 'R1',
    sabotage: () => ({ uplink: 'believes-retained' }),
  },
  {
    what: 'a door that acts twice for one row',
    breaks: 'R2',
    sabotage: () => ({
      door: (door) => ({
        ...doorOf(door),
        open: (receipt, pulseMs) => {
          void door.open(receipt, pulseMs).catch(() => undefined);
          return door.open(receipt, pulseMs);
        },
      }),
    }),
  },
  {
    what: 'a relay that never lets go',
    breaks: 'R2',
    sabotage: () => ({
      door: (door, hardware) => {
        hardware.weld();
        return door;
      },
    }),
  },
  {
    what: 'a gate that forgets at its start what was used',
    breaks: 'A1',
    sabotage: () => ({ journal: (journal) => journalWith(journal, { loadMemory: () => [] }) }),
  },
  {
    what: 'trust that shows what it held at first',
    breaks: 'A2',
    sabotage: () => {
      let first: TrustSnapshot | undefined;
      const isWhole = ({ versions }: TrustSnapshot) => versions.has('keyset') && versions.has('roster');
      return {
        trust: (present) => () => {
          const now = present();
          if (first === undefined && isWhole(now)) first = now;
          return first ?? now;
        },
      };
    },
  },
  {
    what: 'a trust cache that comes back from an old copy',
    breaks: 'A3',
    sabotage: () => ({ trustDisk: (disk, before) => before[0]?.afterCut(0) ?? disk }),
  },
  {
    what: 'openings by hand without a name',
    breaks: 'A4',
    sabotage: () => ({ journal: (journal) => draftsWith(journal, ({ actor: _actor, ...draft }) => draft) }),
  },
  {
    what: 'a clock without a floor',
    breaks: 'C1',
    sabotage: () => ({ floor: ({ buildMs }) => ({ buildMs: (buildMs - buildMs) as typeof buildMs }) }),
  },
  {
    what: 'a clock that always says it is sure',
    breaks: 'C1',
    sabotage: () => ({
      journal: (journal) => draftsWith(journal, (draft) => ({ ...draft, clock: 'synced' })),
    }),
  },
  {
    what: 'rows that do not say how sure they are',
    breaks: 'C3',
    sabotage: () => ({
      journal: (journal) => draftsWith(journal, (draft) => ({ ...draft, clock: 'good' as 'synced' })),
    }),
  },
  {
    what: 'a cursor that follows the broker',
    breaks: 'N1',
    sabotage: () => ({ uplink: 'moves-cursor-blindly' }),
  },
  { what: 'a log that keeps what was scanned', breaks: 'P1', sabotage: talkative },
];

function talkative(): Sabotage {
  let log: Log | undefined;
  return {
    log: (quiet) => {
      log = quiet;
      return quiet;
    },
    ...sinkWith((scan, offer) => {
      log?.info({ text: scan.text }, 'scanned');
      return offer(scan);
    }),
  };
}

function sinkWith(offered: (scan: Scan, offer: (scan: Scan) => boolean, place: number) => boolean): Sabotage {
  let place = 0;
  return {
    sink: (sink) => ({
      offer: (scan) => {
        place += 1;
        return offered(scan, (one) => sink.offer(one), place);
      },
      room: () => sink.room(),
      dropped: (reason) => sink.dropped(reason),
      changed: (health) => sink.changed(health),
    }),
  };
}

function doorWith({ receipt }: { receipt: (receipt: Receipt) => Receipt }): Sabotage {
  return {
    door: (door) => ({ ...doorOf(door), open: (given, pulseMs) => door.open(receipt(given), pulseMs) }),
  };
}

function doorOf(door: Door): Door {
  return {
    id: door.id,
    open: (receipt, pulseMs) => door.open(receipt, pulseMs),
    hold: (receipt, open) => door.hold(receipt, open),
    inputs: () => door.inputs(),
    onInput: (listener) => door.onInput(listener),
    health: () => door.health(),
    start: () => door.start(),
    stop: () => door.stop(),
  };
}

function draftsWith(journal: Journal, change: (draft: BatchDraft) => BatchDraft): Journal {
  return journalWith(journal, {
    append: (drafts, memory, priority) => journal.append(drafts.map(change), memory, priority),
  });
}

/** A journal is a class with private fields, so that it cannot be spread. */
function journalWith(journal: Journal, change: Partial<Journal>): Journal {
  return new Proxy(journal, {
    get(of, name) {
      const changed = (change as Record<string | symbol, unknown>)[name];
      if (changed !== undefined) return changed;
      const found: unknown = Reflect.get(of, name, of);
      return typeof found === 'function' ? found.bind(of) : found;
    },
  });
}
