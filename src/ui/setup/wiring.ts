import type { SetupState } from '../../wire/index.ts';

/** The lines of a door as they are typed, and the body that says so. */

type Door = SetupState['lanes'][number]['door'];

export interface Wiring {
  /** BCM numbers; empty: there is none. */
  readonly relay: string;
  readonly contact: string;
  readonly exit: string;
  readonly fire: string;
  readonly seconds: string;
  readonly relayLow: boolean;
  /** Closed while the door is shut: active while open, as a contact is that closes with its door. */
  readonly contactCloses: boolean;
  /** Closed while all is well: a cut wire is an alarm. */
  readonly fireCloses: boolean;
}

const figure = (line: number | undefined): string => (line === undefined ? '' : String(line));

export function wiringOf(door: Door): Wiring {
  return {
    relay: figure(door.relayLine),
    contact: figure(door.contactLine),
    exit: figure(door.exitLine),
    fire: figure(door.fireLine),
    seconds: String(Math.round(door.pulseMs / 1_000) || 1),
    relayLow: door.relayLow === true,
    contactCloses: door.contactLow !== true,
    fireCloses: door.fireLow !== true,
  };
}

export function doorBody(wiring: Wiring) {
  const { relay, contact, exit, fire, seconds, relayLow, contactCloses, fireCloses } = wiring;
  return {
    relay: { line: Number(relay), activeLow: relayLow, pulseMs: Number(seconds) * 1_000 },
    ...(contact !== '' && { contact: { line: Number(contact), activeLow: !contactCloses } }),
    ...(exit !== '' && { exitButton: { line: Number(exit), activeLow: true } }),
    ...(fire !== '' && { fire: { line: Number(fire), activeLow: !fireCloses } }),
  };
}
