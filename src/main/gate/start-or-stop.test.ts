import { describe, expect, it } from 'vitest';
import { startOrStop } from './start-or-stop.ts';

describe('what is started step by step', () => {
  const fails = (said: string) => () => {
    throw new Error(said);
  };

  it('is left running when every step went well', async () => {
    const calls: string[] = [];
    const stop = async () => void calls.push('stop');
    await startOrStop([async () => void calls.push('gate'), () => void calls.push('report')], stop);
    expect(calls).toEqual(['gate', 'report']);
  });

  it('is stopped when a later step fails, and the fault is told', async () => {
    const calls: string[] = [];
    const stop = async () => void calls.push('stop');
    const steps = [async () => void calls.push('gate'), fails('no broker'), () => void calls.push('chores')];
    await expect(startOrStop(steps, stop)).rejects.toThrow('no broker');
    expect(calls).toEqual(['gate', 'stop']);
  });

  it('tells the first fault also when stopping fails too', async () => {
    await expect(startOrStop([fails('first')], async () => fails('second')())).rejects.toThrow('first');
  });
});
