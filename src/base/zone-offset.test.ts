import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isTimeZone, offsetOfIntl, offsetOfTemporal } from './zone-offset.ts';

const ZONES = [
  'Asia/Shanghai',
  'Asia/Urumqi',
  'UTC',
  'Europe/London',
  'America/St_Johns',
  'Etc/GMT-8',
  'PRC',
];
const [YEAR_2020, YEAR_2036] = [1_577_836_800, 2_082_758_400];

describe('offset of a time zone', () => {
  it('is the same by Temporal and by Intl, summer time and half hours too', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...ZONES),
        fc.integer({ min: YEAR_2020, max: YEAR_2036 }),
        (zone, seconds) => {
          expect(offsetOfTemporal(seconds, zone)).toBe(offsetOfIntl(seconds, zone));
        },
      ),
    );
  });

  it('is eight hours in Shanghai', () => {
    expect(offsetOfTemporal(YEAR_2020, 'Asia/Shanghai')).toBe(28_800);
    expect(offsetOfIntl(YEAR_2020, 'Asia/Shanghai')).toBe(28_800);
  });
});

describe('name of a time zone', () => {
  it.each([...ZONES, 'asia/shanghai', '+08:00'])('takes %s', (name) => {
    expect(isTimeZone(name)).toBe(true);
  });

  it.each(['', 'Asia/Nowhere', 'T00Z', '2026-01-01T00:00Z', '2026-01-01[Asia/Shanghai]', '../etc/passwd'])(
    'takes no %j',
    (name) => {
      expect(isTimeZone(name)).toBe(false);
    },
  );
});
