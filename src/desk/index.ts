/** The guard's desk of a gate: who may sign in there, what they may do, and what is written down of it. */
export { countAccounts } from './count-accounts.ts';
export { type KeptGuard, keptAccounts, type KeptAccounts } from './accounts/kept-accounts.ts';
export { type Desk, type DeskOptions, noDesk, openDesk } from './desk.ts';
export type { DeskGate } from './gate-port.ts';
export type { Guard } from './guard.ts';
export { ShortCodes } from './short-code/short-codes.ts';
export type { DeskWork } from './work.ts';
