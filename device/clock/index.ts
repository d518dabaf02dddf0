/** The machine's clocks, and whether the machine believes its wall clock. */
export { type Synchronisation, synchronisation } from './synchronisation.ts';
export { systemClock } from './system-clock.ts';
