import type { SetupState } from '../../wire/index.ts';

/** The lines of a door as they are typed, and the body that says so. */

type Door = SetupState['lanes'][number]['door'];

export interface Wiring {
  /** BCM numbers; empty: there is none. */
  readonly relay: string;
  readonly contact: string;
  readonly exit: string;
  readonly fire: string;
  /** With up to three decimals, so that every length of a pulse can be said. */
  readonly seconds: string;
  readonly relayLow: boolean;
  /** Not asked: kept as it is. */
  readonly exitLow: boolean;
  /** Closed while the door is shut: active while open, as a contact is that closes with its door. */
  readonly contactCloses: boolean;
  /** Closed while all is well: a cut wire is an alarm. */
  readonly fireCloses: boolean;
}

/** As the configuration takes them: 100 ms to 30 s. */
const PULSE_MS = { min: 100, max: 30_000 };

const figure = (line: number | undefined): string => (line === undefined ? '' : String(line));

export function wiringOf(door: Door): Wiring {
  return {
    relay: figure(door.relayLine),
    contact: figure(door.contactLine),
    exit: figure(door.exitLine),
    fire: figure(door.fireLine),
    seconds: String(door.pulseMs / 1_000),
    exitLow: door.exitLow !== false,
    relayLow: door.relayLow === true,
    contactCloses: door.contactLow !== true,
    fireCloses: door.fireLow !== true,
  };
}

/** What a person types, with the separator of their keyboard. */
export function typedSeconds(typed: string): string {
  return typed.replace(/[,，。．]/g, '.').replace(/[^\d.]/g, '');
}

/** @returns whether the length can be set: 0.1 to 30 seconds, to the millisecond */
export function isPulse(seconds: string): boolean {
  const ms = pulseMsOf(seconds);
  return /^\d{1,2}(\.\d{1,3})?$/.test(seconds) && ms >= PULSE_MS.min && ms <= PULSE_MS.max;
}

/** Whether saving would change anything. */
export function isSame(one: Wiring, other: Wiring): boolean {
  const said = (wiring: Wiring) => JSON.stringify([wiring.relay, doorBody(wiring)]);
  return said(one) === said(other);
}

/** Rounded, since a decimal fraction of a second is none of the computer's. */
const pulseMsOf = (seconds: string): number => Math.round(Number(seconds) * 1_000);

export function doorBody(wiring: Wiring) {
  const { relay, contact, exit, fire, seconds, relayLow, exitLow, contactCloses, fireCloses } = wiring;
  return {
    relay: { line: Number(relay), activeLow: relayLow, pulseMs: pulseMsOf(seconds) },
    ...(contact !== '' && { contact: { line: Number(contact), activeLow: !contactCloses } }),
    ...(exit !== '' && { exitButton: { line: Number(exit), activeLow: exitLow } }),
    ...(fire !== '' && { fire: { line: Number(fire), activeLow: !fireCloses } }),
  };
}
