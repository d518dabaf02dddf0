import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { GateHealth } from '../../gate/index.ts';
import type { Supervisor } from '../../ports/index.ts';
import { supervised } from './supervision.ts';

/** As WatchdogSec= of the gate's unit, which is fed at half of it. */
const LIMIT_MS = 20_000;
const TOO_LONG_MS = 10 * 60_000;

/** A supervisor that ends whoever was not heard for LIMIT_MS, as systemd does. */
function systemd(watchdogMs: number | undefined = LIMIT_MS / 2) {
  const said: string[] = [];
  const began = Date.now();
  let fedAt = began;
  let endedAfterMs: number | undefined;
  const look = (): void => {
    if (endedAfterMs === undefined && Date.now() - fedAt > LIMIT_MS) endedAfterMs = Date.now() - began;
  };
  const supervisor: Supervisor = {
    watchdogMs,
    ready: () => said.push('ready'),
    alive: () => {
      look();
      fedAt = Date.now();
    },
    stopping: () => said.push('stopping'),
    status: () => undefined,
  };
  const endedAfter = (): number | undefined => {
    look();
    return endedAfterMs;
  };
  return { supervisor, said, endedAfter };
}

const health = (alive: boolean) => (): GateHealth => ({ alive, ready: alive, problems: [] });

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('a process that is watched', () => {
  it('is left alone while its service lives, and ended when it does not', () => {
    const lives = systemd();
    const end = supervised(health(true), lives.supervisor);
    vi.advanceTimersByTime(TOO_LONG_MS);
    expect(lives.endedAfter()).toBeUndefined();
    end(true);
    expect(lives.said).toEqual(['ready', 'stopping']);

    const hangs = systemd();
    supervised(health(false), hangs.supervisor);
    vi.advanceTimersByTime(TOO_LONG_MS);
    expect(hangs.endedAfter()).toBeDefined();
  });

  it('is left alone while one service hands over to the next, from the last moment to the first', () => {
    const { supervisor, said, endedAfter } = systemd();
    const endSetUp = supervised(health(true), supervisor);
    vi.advanceTimersByTime(LIMIT_MS - 1);
    endSetUp(false);
    vi.advanceTimersByTime(60_500);
    const endGate = supervised(health(true), supervisor);
    vi.advanceTimersByTime(TOO_LONG_MS);
    expect(endedAfter()).toBeUndefined();
    endGate(true);
    expect(said).toEqual(['ready', 'ready', 'stopping']);
  });

  it('may be busy for most of the limit at any time of a hand-over', () => {
    const { supervisor, endedAfter } = systemd();
    const endSetUp = supervised(health(true), supervisor);
    vi.advanceTimersByTime(LIMIT_MS / 2 - 1);
    endSetUp(false);
    // No timer runs while code is loaded or a journal opened.
    vi.setSystemTime(Date.now() + LIMIT_MS - 2_000);
    vi.advanceTimersByTime(5_500);
    vi.setSystemTime(Date.now() + LIMIT_MS - 2_000);
    supervised(health(true), supervisor);
    vi.advanceTimersByTime(TOO_LONG_MS);
    expect(endedAfter()).toBeUndefined();
  });

  it('is ended in a hand-over that hangs', () => {
    const { supervisor, endedAfter } = systemd();
    supervised(health(true), supervisor)(false);
    vi.advanceTimersByTime(90_000);
    expect(endedAfter()).toBeUndefined();
    vi.advanceTimersByTime(LIMIT_MS + 1_000);
    expect(endedAfter()).toBeDefined();
  });

  it('is fed by its service alone once that has taken over', () => {
    const { supervisor, endedAfter } = systemd();
    supervised(health(true), supervisor)(false);
    vi.advanceTimersByTime(5_000);
    supervised(health(false), supervisor);
    vi.advanceTimersByTime(LIMIT_MS + 1_000);
    expect(endedAfter()).toBeDefined();
  });

  it('sets no timers where nobody watches', () => {
    const { supervisor } = systemd();
    supervised(health(true), { ...supervisor, watchdogMs: undefined })(false);
    expect(vi.getTimerCount()).toBe(0);
  });
});
