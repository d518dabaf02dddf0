import { z } from 'zod';

/**
 * What a gate must remember beyond its rows: used codes, uses of passes, who is inside, command counters.
 * Written in the same transaction as the row that caused it, so a crash leaves both or neither.
 */
export const memoryChange = z.strictObject({
  /** `used/…`, `pass/…`, `inside/…`, `counter/…`, `grant/…`: the first word says which rule owns it. */
  key: z.string().min(1).max(200),
  /** Absent: forget it. */
  value: z.string().max(1_000).optional(),
  /** Unix seconds after which it may be forgotten; absent: kept. */
  until: z.int().optional(),
});

export type MemoryChange = z.infer<typeof memoryChange>;
