import { wallMs } from '../../base/index.ts';
import type { GateHealth } from '../../gate/index.ts';
import type { RunningGate } from '../gate/start-gate.ts';
import type { ControlDone, ControlState } from './protocol.ts';
import type { Controlled } from './server.ts';

/** A running gate as its owner's commands see it. What can be asked takes openings away for a while, or tells; it gives none. */

const DOOR_EVENTS_KEPT = 32;
const MS_PER_SECOND = 1_000;

export function controlledOf(running: RunningGate, health: () => GateHealth): Controlled & { stop(): void } {
  const { gate, journal, clock } = running;
  const doorEvents: { seq: number; lane: string; event: string }[] = [];
  const endListening = journal.onAppend((rows) => {
    for (const { seq, lane, door } of rows)
      if (lane !== undefined && door !== undefined) doorEvents.push({ seq, lane, event: door });
    doorEvents.splice(0, doorEvents.length - DOOR_EVENTS_KEPT);
  });
  const record = (detail: string): ControlDone => {
    gate.take({ type: 'system', event: 'drill', detail });
    const row = journal.head?.seq;
    return gate.journalWorks
      ? { done: true, ...(row === undefined ? {} : { row }) }
      : { done: false, why: 'journal' };
  };
  return {
    state: () => stateOf(running, health(), doorEvents),
    record: ({ mode, outcome }) => record(`${mode}:${outcome}`),
    rehearse: ({ mode, seconds }) => {
      const end = gate.rehearsal.begin(mode);
      if (end === undefined) return undefined;
      record(`${mode}:begun`);
      const cancel = clock.after(seconds * MS_PER_SECOND, end);
      return () => {
        cancel();
        end();
      };
    },
    stop: endListening,
  };
}

function stateOf(
  running: RunningGate,
  { ready, problems }: GateHealth,
  doorEvents: ControlState['doorEvents'],
): ControlState {
  const { gate, journal, report, trust } = running;
  const now = gate.clock.now();
  const told = report?.state();
  const heardAt = trust.snapshot().versions.get('time')?.issuedAt;
  const heard = heardAt === undefined ? undefined : wallMs(heardAt * MS_PER_SECOND);
  const uplink = told === undefined ? undefined : { connected: told.connected, unsent: told.unsent };
  const head = journal.head?.seq;
  return {
    ready,
    problems: [...problems],
    clock: { quality: now.quality, errorSeconds: now.errorSeconds },
    lanes: [...gate.lanes.values()].map((lane) => ({
      lane: lane.id,
      shown: [...(gate.display.state(lane.id)?.problems ?? [])],
      door: lane.door.report(),
      fire: lane.door.isFire,
      readers: lane.readers.map((reader) => reader.health()),
    })),
    guard: gate
      .guardState({
        ...(uplink === undefined ? {} : { uplink }),
        ...(heard === undefined ? {} : { heardAt: heard }),
        sistersOutOfReach: running.sistersOutOfReach(),
      })
      .problems.map(({ problem }) => problem),
    doorEvents,
    ...(uplink === undefined
      ? {}
      : {
          uplink: { ...uplink, ...(heard === undefined ? {} : { heardMsAgo: Math.max(0, now.at - heard) }) },
        }),
    ...(head === undefined ? {} : { head }),
  };
}
