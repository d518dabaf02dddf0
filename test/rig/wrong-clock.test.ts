import { afterAll, describe, expect, test } from 'vitest';
import { pulsesOf } from '../../device/rig/index.ts';
import { byTier } from '../fault/tier.ts';
import { LANE } from '../scenario/trial.ts';
import { DisplayFeed } from './display-feed.ts';
import { PiTrial } from './pi-trial.ts';
import { LINE } from './place.ts';
import { count, tellPromises } from './promises.ts';
import { readyImages, whyNoRig } from './ready.ts';

/** A machine without a battery for its clock boots in another year: codes need the guard, and no row is older than the newest sure one. */
const whyNot = whyNoRig();
if (whyNot !== undefined) process.stderr.write(`wrong clocks of a virtual Pi are not tried: ${whyNot}\n`);
const DATES = ['1970-01-02T00:00:00', '2020-01-01T00:00:00', '2037-12-31T00:00:00'];
const TRIED = byTier({ push: DATES.slice(0, 1), long: DATES, release: DATES });
const BOOT_MS_MAX = 600_000;

describe.skipIf(whyNot !== undefined)('a gate without a battery clock', () => {
  afterAll(() => tellPromises('virtual Pi, wrong clock at boot'));

  test.each(TRIED)(
    'that boots in %s opens for no code, and writes no row below the floor',
    async (bootsAt) => {
      const pi = await PiTrial.begin(await readyImages(), { more: { clock: { battery: false } } });
      try {
        const known = pi.rows().length;
        await pi.boot({ bootsAt });
        await pi.start();
        const feed = await DisplayFeed.open(pi.address, LANE, () => 0);
        pi.machine.scan(pi.code());
        await pi.until(() => feed.verdicts.length > 0, 'the display says what became of the code');
        feed.close();
        expect(feed.verdicts[0]).toMatchObject({ tone: 'guard', refusal: 'clock-unsure' });
        expect(pulsesOf(pi.machine.lines, { line: LINE.relay })).toEqual([]);
        await pi.machine.run('sync');
        await pi.switchOff();
        const rows = pi.rows();
        const floor = rows[known - 1]?.at ?? '';
        const below = rows.slice(known).filter(({ at }) => at < floor);
        const sure = rows.slice(known).filter(({ clock }) => clock !== 'unsure');
        count(
          'rows of a wrong clock: none below the floor, all of them say unsure (C1, C3)',
          rows.length - known,
          below.length + sure.length,
        );
        expect(rows.length).toBeGreaterThan(known);
        expect([below, sure]).toEqual([[], []]);
      } finally {
        await pi.end();
      }
    },
    BOOT_MS_MAX,
  );
});
