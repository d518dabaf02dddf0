import { describe, expect, it, vi } from 'vitest';
import { synchronisation } from './synchronisation.ts';
import { systemClock } from './system-clock.ts';

const ABSENT = '/nonexistent/synchronized';

function timex(options: { returned: number; status: number; errorUs: number }) {
  const bytes = Buffer.alloc(208);
  bytes.writeBigInt64LE(BigInt(options.errorUs), 24);
  bytes.writeInt32LE(options.status, 40);
  return () => ({ returned: options.returned, bytes });
}

describe('the machine’s clock', () => {
  it('gives wall time and a monotonic time in the clock of performance and of kernel events', () => {
    const clock = systemClock();
    expect(Math.abs(clock.wall() - Date.now())).toBeLessThan(1_000);
    const first = clock.monotonic();
    expect(Math.abs(first - Number(process.hrtime.bigint()) / 1e6)).toBeLessThan(1_000);
    expect(clock.monotonic()).toBeGreaterThanOrEqual(first);
  });

  it('runs timers, at once for a delay that has passed, and not after they were cancelled', async () => {
    const clock = systemClock();
    const ran: string[] = [];
    clock.after(30, () => ran.push('late'))();
    await new Promise<void>((resolve) => {
      clock.after(-5, () => ran.push('past'));
      clock.after(60, resolve);
    });
    expect(ran).toEqual(['past']);
  });

  it('runs a timer of forty days after forty days, not at once', () => {
    vi.useFakeTimers();
    try {
      const day = 86_400_000;
      let ran = false;
      systemClock().after(40 * day, () => {
        ran = true;
      });
      vi.advanceTimersByTime(40 * day - 1);
      expect(ran).toBe(false);
      vi.advanceTimersByTime(1);
      expect(ran).toBe(true);
    } finally {
      vi.useRealTimers();
    }
  });
});

describe('what the machine says of its clock', () => {
  it('believes a kernel that is disciplined, with its error bound', () => {
    const readTimex = timex({ returned: 0, status: 0x2001, errorUs: 12_500 });
    expect(synchronisation({ timesyncdFlag: ABSENT, readTimex })).toEqual({
      synchronised: true,
      source: 'kernel',
      errorMaxMs: 12.5,
    });
  });

  it.each([
    { returned: 5, status: 0, errorUs: 0 },
    { returned: 0, status: 0x40, errorUs: 0 },
    { returned: -1, status: 0, errorUs: 0 },
  ])('does not believe a kernel that returned %o', (state) => {
    const answer = synchronisation({ timesyncdFlag: ABSENT, readTimex: timex(state) });
    expect(answer).toEqual({ synchronised: false, source: 'kernel' });
  });

  it('believes timesyncd’s flag where the kernel keeps silent', () => {
    const readTimex = () => undefined;
    expect(synchronisation({ timesyncdFlag: import.meta.filename, readTimex }).source).toBe('timesyncd');
    expect(synchronisation({ timesyncdFlag: ABSENT, readTimex })).toEqual({
      synchronised: false,
      source: 'unknown',
    });
  });

  it('asks this machine without a fault', () => {
    expect(typeof synchronisation({}).synchronised).toBe('boolean');
  });
});
