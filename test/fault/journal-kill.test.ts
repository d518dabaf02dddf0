import { afterAll, expect, test } from 'vitest';
import { journalFolder } from '../../src/journal/testing.ts';
import { later, proveNothingLost, Writer } from './journal-support.ts';
import { byTier, seeded, TEST_MS_MAX } from './tier.ts';

const kills = byTier({ push: 25, long: 200, release: 500 });
const place = journalFolder();
afterAll(() => place.remove());

test(
  `kill -9, ${kills} times: every acknowledged row is there, gapless and chained`,
  async () => {
    const random = seeded(9);
    const acknowledged = new Map<number, string>();
    let ready = new Writer(place.file);
    for (let kill = 0; kill < kills; kill += 1) {
      const writer = ready;
      writer.begin();
      ready = new Writer(place.file);
      await writer.acknowledges(1);
      await later(random(120));
      await writer.kill();
      for (const [seq, hash] of writer.acknowledged) acknowledged.set(seq, hash);
      proveNothingLost(place.file, acknowledged);
    }
    await ready.kill();
    expect(acknowledged.size).toBeGreaterThan(kills);
  },
  TEST_MS_MAX,
);
