/** The shell of a gate: pipeline, lanes, door keeping, displays, health. It moves data between rooms and decides nothing. */
export { DISPLAYS_PER_LANE_MAX, DisplayHub, type DisplayMessage } from './display-hub.ts';
export { ClockKeeper, type WallWitness } from './clock-keeper.ts';
export { DoorKeeper } from './door-keeper.ts';
export { LANE_SCANS_MAX } from './front.ts';
export { Gate } from './gate.ts';
export type { GateParts } from './gate-parts.ts';
export type { OutsideState } from './guard-state.ts';
export { type Chores, Housekeeping } from './housekeeping.ts';
export type { Lane } from './lane.ts';
export { PageReader } from './page-reader.ts';
export { REHEARSALS, type RehearsedTrouble } from './rehearsal.ts';
export { GateMetrics } from './metrics.ts';
export type { MachineParts, UpdateOrder } from './vitals.ts';
export { type GateHealth, type GateServerParts, gateServer } from './server.ts';
export { UnenrolledGate, type UnenrolledParts } from './unenrolled.ts';
