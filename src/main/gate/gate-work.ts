import { createHmac } from 'node:crypto';
import { setImmediate as afterOthers } from 'node:timers/promises';
import { type WallMs, wallMs } from '../../base/index.ts';
import { UNDO_MS } from '../../decide/index.ts';
import type { DeskWork } from '../../desk/index.ts';
import { LOOKUP_HASH_BYTES } from '../../wire/index.ts';
import { gateShortCodes } from './gate-short-codes.ts';
import type { RunningGate } from './start-gate.ts';

/** What guards at the desk ask of a running gate, besides settling their deeds. */
export function gateWork(running: RunningGate): DeskWork {
  const { gate, trust, journalReading, report } = running;
  const lanes = [...gate.lanes.values()].map(({ id, direction }) => ({ lane: id, direction }));
  const heardAt = contact(running);
  return {
    community: trust.snapshot().community,
    lanes,
    undoMs: UNDO_MS,
    trust: () => trust.snapshot(),
    standing: (person) => gate.standing(person),
    lookUpsLeft: (guard) => gate.lookUpsLeft(guard),
    doorAfter: (lane) => doorAfter(running, lane),
    state: () => {
      const uplink = running.report?.state();
      const at = heardAt();
      return gate.guardState({
        ...(uplink === undefined ? {} : { uplink }),
        ...(at === undefined ? {} : { heardAt: at }),
        sistersOutOfReach: running.sistersOutOfReach(),
      });
    },
    onChange: (listener) => {
      const ends = [gate.vitals.onChange(listener), trust.onChange(listener)];
      return () => {
        for (const end of ends) end();
      };
    },
    journal: journalReading,
    lookupHash: (key, text) =>
      createHmac('sha256', key)
        .update(text)
        .digest('hex')
        .slice(0, 2 * LOOKUP_HASH_BYTES),
    shortCodes: gateShortCodes(running),
    ...(report === undefined ? {} : { photo: (asked) => report.photo(asked) }),
    pause: () => afterOthers(undefined),
  };
}

/** A relay answers within milliseconds; a driver that hangs is not waited for. */
const DOOR_WITHIN_MS = 1_000;

async function doorAfter({ gate, clock }: RunningGate, lane: string): ReturnType<DeskWork['doorAfter']> {
  const door = gate.lanes.get(lane)?.door;
  if (door === undefined) return 'faulty';
  if (door.isFire) return 'released';
  let cancel: (() => void) | undefined;
  const late = new Promise<'late'>((resolve) => {
    cancel = clock.after(DOOR_WITHIN_MS, () => resolve('late'));
  });
  const obeyed = await Promise.race([door.obeyed(), late]);
  cancel?.();
  return obeyed === true ? 'works' : 'faulty';
}

/** Who was asked longer ago did not watch the district meanwhile. */
const UNWATCHED_MS = 10_000;

/**
 * When the district was last heard: now, while it takes what is sent; before the first time, when it signed the time that is
 * held. A broker that stands without anybody behind it is not the district.
 */
function contact({ gate, trust, report, clock }: RunningGate): () => WallMs | undefined {
  let [last, acked, lookedAt]: [WallMs | undefined, number, number] = [
    undefined,
    -1,
    Number.NEGATIVE_INFINITY,
  ];
  return () => {
    const state = report?.state();
    const now = clock.monotonic();
    const isWatched = now - lookedAt < UNWATCHED_MS;
    lookedAt = now;
    if (state?.connected === true && (state.unsent === 0 || state.acked !== acked || !isWatched))
      last = gate.clock.now().at;
    acked = state?.acked ?? acked;
    const signed = trust.snapshot().versions.get('time')?.issuedAt;
    return last ?? (signed === undefined ? undefined : wallMs(signed * 1_000));
  };
}
