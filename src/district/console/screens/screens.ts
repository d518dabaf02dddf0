import type { Screen } from '../kit/screen.ts';
import { entries, entry } from './entries.ts';
import { gate } from './gate.ts';
import { wall } from './wall.ts';

/** Every page of the console. */
export const SCREENS: readonly Screen[] = [wall, gate, entries, entry];
