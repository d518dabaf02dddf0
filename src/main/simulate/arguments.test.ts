import { describe, expect, test } from 'vitest';
import { askedOf } from './arguments.ts';

const told = (...args: string[]): readonly string[] => {
  const asked = askedOf(args);
  if (asked.ok) throw new Error('this was to be refused');
  return asked.error;
};

describe('what a simulation is asked for', () => {
  test('gates and rate are enough; the rest has its defaults', () => {
    const asked = askedOf(['--gates', '20', '--rate', '2.5']);
    expect(asked.ok && asked.value).toMatchObject({
      gates: 20,
      rate: 2.5,
      seconds: 30,
      backlogHours: 0,
      mix: { phone: 10, nonsense: 2, plain: 88 },
      json: false,
    });
  });

  test('what is missing or out of range is told at once, each by its option and what to write', () => {
    const problems = told('--gates', '0', '--seconds', '1.5', '--codes', 'phone=80,nonsense=30');
    expect(problems.map((problem) => problem.split(':')[0])).toEqual([
      '--gates',
      '--rate',
      '--seconds',
      '--codes',
    ]);
    expect(problems.join()).toContain('write a whole number from 1 to 20000');
  });

  test('nothing of what was given is repeated', () => {
    const secret = 'not-for-a-screen';
    expect(told('--gates', secret, '--rate', secret, '--codes', secret).join()).not.toContain(secret);
    expect(told(`--${secret}`).join()).not.toContain(secret);
  });

  test('a certificate without its key is no pair', () => {
    expect(told('--gates', '1', '--rate', '1', '--certificate', 'gate.pem')).toEqual([
      '--certificate, --key: files of one pair; name both or neither',
    ]);
  });

  test('shares of codes leave the rest unjudged', () => {
    const asked = askedOf(['--gates', '1', '--rate', '1', '--codes', 'phone=30']);
    expect(asked.ok && asked.value.mix).toEqual({ phone: 30, nonsense: 0, plain: 70 });
  });

  test('a district that runs is named with its configuration and who signs in; no password crosses a network in the open', () => {
    const plain = ['--gates', '1', '--rate', '1', '--district'];
    const whom = ['--config', 'd.yaml', '--account', 'li-1', '--password-file', 'secret'];
    expect(told(...plain, 'https://desk.example').map((problem) => problem.split(':')[0])).toEqual([
      '--config',
      '--account, --password-file',
    ]);
    expect(told(...plain, 'http://desk.example:7300', ...whom).join()).toContain(
      '--district: write https://',
    );
    expect(told('--gates', '1', '--rate', '1', '--account', 'li-1').join()).toContain('name it too');
    const asked = askedOf([...plain, 'http://127.0.0.1:7300/', ...whom]);
    expect(asked.ok && asked.value.running).toEqual({
      url: 'http://127.0.0.1:7300',
      account: 'li-1',
      passwordFile: 'secret',
    });
  });
});
