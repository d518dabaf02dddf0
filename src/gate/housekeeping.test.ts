import { describe, expect, it } from 'vitest';
import { simulatedClock } from '../../device/sim/index.ts';
import { type ClockQuality, wallMs } from '../base/index.ts';
import { journalFolder, TEST_START, testDraft } from '../journal/testing.ts';
import type { Policy } from '../wire/index.ts';
import { Housekeeping } from './housekeeping.ts';

const quiet = () => undefined;

describe('housekeeping', () => {
  it.each<[ClockQuality, number]>([
    ['synced', 0],
    ['holdover', 0],
    ['unsure', 1],
  ])('while the clock is %s, of used codes that have run out %i stay', async (quality, kept) => {
    const folder = journalFolder();
    const journal = folder.open();
    const runsOut = TEST_START / 1_000 + 60;
    journal.append([testDraft(1)], [{ key: 'used/a', value: 'x', until: runsOut }], 'code');
    const chores = new Housekeeping({
      journal,
      clock: simulatedClock(),
      log: { info: quiet, warn: quiet, error: quiet },
      now: () => ({ at: wallMs(TEST_START + 3_600_000), seconds: runsOut + 3_540, quality, errorSeconds: 0 }),
      policy: () => ({ retention: { entryDays: 30, unsentHours: 120 } }) as Policy,
      acknowledgedUpTo: () => 0,
    });
    await chores.tidy();
    expect(journal.loadMemory()).toHaveLength(kept);
    journal.close();
    folder.remove();
  });
});
