import { equalBytes, utf8 } from '../base/index.ts';
import type { MemoryChange } from '../wire/index.ts';
import { sha256 } from './chain.ts';
import { Damage } from './faults.ts';

/** Seals of single lines: eight bytes that notice a flipped bit. They prove nothing against somebody who can write. */

const SEAL_BYTES = 8;

export function memorySeal(key: string, value: string, until: number | null): Uint8Array {
  return seal(JSON.stringify([key, value, until]));
}

export function headSeal(journal: string, seq: number, hashHex: string): Uint8Array {
  return seal(JSON.stringify([journal, seq, hashHex]));
}

/** @throws Damage when the line is not what was written */
export function readMemoryLine(line: Record<string, unknown>): MemoryChange {
  const { key, value, until, seal: sealed } = line;
  if (
    typeof key !== 'string' ||
    typeof value !== 'string' ||
    !(until === null || typeof until === 'number') ||
    !(sealed instanceof Uint8Array) ||
    !equalBytes(sealed, memorySeal(key, value, until))
  )
    throw new Damage('a line of what is remembered is not what was written');
  return until === null ? { key, value } : { key, value, until };
}

function seal(text: string): Uint8Array {
  return sha256(utf8(text)).subarray(0, SEAL_BYTES);
}
