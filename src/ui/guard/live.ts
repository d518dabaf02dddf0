import { batch, computed, signal } from '@preact/signals';
import { type GuardAlarm, type GuardState, guardMessage } from '../../wire/index.ts';
import { type Connection, openLine, parseMessage, type ServerEvent } from '../kit/index.ts';
import { EVENTS_URL } from './api.ts';
import { onLeave, rememberLanes } from './session.ts';
import { lastVerdict, type Shown, waitingOf, withAlarm, withEntry } from './entries.ts';

/** What the gate tells of itself while somebody is at the desk. A message that breaks the contract is passed over. */

export const connection = signal<Connection>('connecting');
export const gate = signal<GuardState | undefined>(undefined);
export const entries = signal<readonly Shown[]>([]);
export const alarms = signal<readonly GuardAlarm[]>([]);
export const dismissed = signal<ReadonlySet<number>>(new Set());
/** Steady milliseconds, renewed often enough to see somebody off the list. */
const tick = signal(0);
const TICK_MS = 5_000;
let stateAtMs = 0;

/** The gate's own time, carried on by the page's steady clock; this machine's wall clock is not asked. */
export function gateNow(): number {
  const state = gate.peek();
  return state === undefined ? 0 : Date.parse(state.at) + Math.max(0, performance.now() - stateAtMs);
}

export const waiting = computed(() => {
  void tick.value;
  void gate.value;
  return waitingOf(entries.value, dismissed.value, gateNow());
});
export const openAlarms = computed(() =>
  alarms.value.filter(({ acknowledged }) => acknowledged === undefined),
);

export function verdictAt(lane: string): Shown | undefined {
  return lastVerdict(entries.value, lane);
}

export function dismiss(seq: number): void {
  dismissed.value = new Set([...dismissed.value, seq]);
}

export interface Listener {
  readonly signedOut: (why: 'ended' | 'idle' | 'elsewhere') => void;
  readonly lost: () => void;
}

/** @returns how to hang up */
export function listen(listener: Listener): () => void {
  const timer = setInterval(() => {
    tick.value += 1;
  }, TICK_MS);
  const hangUp = openLine({
    url: EVENTS_URL,
    received: (event) => take(event, listener),
    changed: (now) => {
      connection.value = now;
      if (now === 'lost') listener.lost();
    },
  });
  return () => {
    clearInterval(timer);
    hangUp();
  };
}

onLeave(() => {
  batch(() => {
    gate.value = undefined;
    entries.value = [];
    alarms.value = [];
    dismissed.value = new Set();
    connection.value = 'connecting';
  });
});

function take({ event, data }: ServerEvent, listener: Listener): void {
  if (!['state', 'entry', 'alarm', 'signed-out'].includes(event)) return;
  const message = parseMessage(guardMessage, data);
  switch (message?.type) {
    case 'state':
      stateAtMs = performance.now();
      gate.value = message;
      rememberLanes(message.lanes.map(({ lane }) => lane));
      return;
    case 'entry':
      entries.value = withEntry(entries.value, message);
      return;
    case 'alarm':
      alarms.value = withAlarm(alarms.value, message);
      return;
    case 'signed-out':
      listener.signedOut(message.why);
      return;
    case undefined:
      return;
  }
}
