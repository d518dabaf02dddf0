/** The wired door: its relay and inputs live in a process of their own, which rests the relay whatever happens. */
export { createDoor, type DoorSettings, type InputSettings } from './door.ts';
export { lookAtLines, type SeenChip, type SeenLine } from './look-at-lines.ts';
