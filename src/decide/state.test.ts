import { describe, expect, it } from 'vitest';
import { SEEN_MAX } from './limits.ts';
import { apply, rejoin, restore } from './state.ts';
import { codeTwin, GateTwin, hashOf } from './testing.ts';

describe('what a gate remembers', () => {
  it('is forgotten by and by when its time is over, but not while the clock is unsure', () => {
    const gate = new GateTwin();
    gate.state = restore(
      Array.from({ length: 50 }, (_, at) => ({ key: `used/in/${at}`, value: '1', until: gate.seconds + 1 })),
      gate.seconds,
    );
    gate.advance(2_000);
    gate.quality = 'unsure';
    for (let time = 0; time < 50; time += 1) gate.take({ type: 'timer' });
    expect(gate.state.memory.size('used')).toBe(50);
    gate.quality = 'synced';
    for (let time = 0; time < 50; time += 1) gate.take({ type: 'timer' });
    expect(gate.state.memory.size('used')).toBe(0);
  });

  it('is not brought back at a start when its time is over', () => {
    const memory = [10, 11, 12].map((until) => ({ key: `used/in/${until}`, value: '1', until }));
    expect(restore(memory, 11).memory.size('used')).toBe(2);
  });

  it('is not forgotten when a journal that lost some of it takes the place of a damaged one', () => {
    const gate = new GateTwin();
    const code = codeTwin(2);
    gate.scan(code);
    const saved = { key: 'used/in/other', value: '1', until: gate.seconds + 60 };
    const { state, missing } = rejoin(gate.state, [saved], gate.seconds);
    gate.state = state;
    gate.advance(30_000);
    expect(gate.scan(code).sign?.refusal).toBe('already-used');
    expect(gate.state.memory.get(saved.key, gate.seconds)).toBe('1');
    expect(missing.map(({ key }) => key.split('/')[0])).toContain('used');
    expect(missing).not.toContainEqual(saved);
  });

  it('of scans that wait to be counted is carried into a new journal, without the row they repeat', () => {
    const gate = new GateTwin();
    const code = codeTwin(2);
    gate.scan(code);
    gate.advance(1_000);
    gate.scan(code);
    gate.state = rejoin(gate.state, [], gate.seconds).state;
    gate.advance(30_000);
    const [row] = gate.take({ type: 'timer' }).rows;
    expect(row).toMatchObject({ reason: 'repeated:1' });
    expect(row?.entry).toBeUndefined();
  });

  it('outlives the code itself by an hour, so that a longer window does not bring it back', () => {
    const gate = new GateTwin();
    const code = codeTwin(2);
    gate.scan(code);
    gate.advance(600_000 + 3_599_000).restart();
    expect(gate.scan(code).sign?.refusal).toBe('already-used');
  });

  it('of sister gates has a limit: the oldest goes first', () => {
    const gate = new GateTwin();
    const all = Array.from({ length: SEEN_MAX }, (_, at) => ({
      key: `seen/${at}`,
      value: '1,1,0,0',
      until: gate.seconds + 9_000,
    }));
    gate.state = restore(all.slice(1), gate.seconds);
    const used = { type: 'used', gate: 'gate-2', direction: 'in', at: gate.seconds } as const;
    expect(gate.take({ ...used, code: hashOf('a') }).memory).toHaveLength(1);
    expect(gate.take({ ...used, code: hashOf('b') }).memory[0]).toEqual({ key: 'seen/1' });
    expect(gate.state.memory.size('seen')).toBe(SEEN_MAX);
  });

  it('leaves keys of other rooms alone', () => {
    const state = restore([{ key: 'clock/floor', value: '1' }], 0);
    expect(state.memory.get('clock/floor', 0)).toBeUndefined();
  });

  it('numbers the first row only; a row that could not be written is nobody’s entry', () => {
    const gate = new GateTwin();
    const outcome = gate.scan('expired');
    const unnumbered = apply(restore([], 0), outcome, undefined);
    gate.state = unnumbered;
    gate.advance(100).scan('expired');
    gate.advance(10_000).take({ type: 'timer' });
    expect(gate.rows.at(-1)).toMatchObject({ reason: 'repeated:1' });
    expect(gate.rows.at(-1)).not.toHaveProperty('entry');
  });

  it('a decision among 100 000 used codes takes as long as among ten', () => {
    const timed = (codes: number) => {
      const gate = new GateTwin();
      const memory = Array.from({ length: codes }, (_, at) => ({
        key: `used/in/1.${at}`,
        value: '1',
        until: gate.seconds + 9_000,
      }));
      gate.state = restore(memory, gate.seconds);
      const began = performance.now();
      for (let scan = 0; scan < 2_000; scan += 1) {
        gate.advance(2_001).scan(codeTwin(1, { index: scan, at: gate.seconds }));
        gate.effects.length = 0;
      }
      return performance.now() - began;
    };
    timed(10);
    const few = Math.min(timed(10), timed(10));
    const many = Math.min(timed(100_000), timed(100_000));
    expect(many).toBeLessThan(few * 5 + 50);
  });
});
