import { randomBytes } from 'node:crypto';
import { expect, it } from 'vitest';
import { monotonicMs } from '../base/index.ts';
import { SetupEntrance } from './entrance.ts';
import { SESSION_IDLE_MS, WRONG_CODES_MAX } from './limits.ts';

function entrance({ isNew = true } = {}) {
  let now = 1_000;
  const codes: string[] = [];
  const made = new SetupEntrance({
    clock: { monotonic: () => monotonicMs(now) },
    random: { bytes: (length) => new Uint8Array(randomBytes(length)) },
    ...(isNew ? { tellCode: (code: string) => codes.push(code) } : {}),
  });
  const pass = (ms: number): void => {
    now += ms;
  };
  const from = (caller: string, code?: string) =>
    made.enter({ isHere: false, headGuard: undefined, code, caller });
  return { made, codes, from, pass };
}

const tokenOf = (entered: unknown): string => (entered as { token: string }).token;
const other = (code: string): string => (code === '00000000' ? '11111111' : '00000000');

it('lets in whoever sits at the gate, without figures', () => {
  const { made } = entrance();
  const entered = made.enter({ isHere: true, headGuard: undefined, code: undefined, caller: '127.0.0.1' });
  expect(made.visitor(tokenOf(entered), true)).toEqual({ actor: 'installer' });
  expect(made.visitor('another', true)).toBeUndefined();
});

it('lets in the figures of the console, and no others', () => {
  const { made, codes, from } = entrance();
  const [code = ''] = codes;
  expect(code).toMatch(/^\d{8}$/);
  expect([from('a'), from('a', other(code)), from('a', code.slice(1))]).toEqual([
    'code-wanted',
    'wrong-code',
    'wrong-code',
  ]);
  expect(made.visitor(tokenOf(from('a', code)), true)).toBeDefined();
});

it('lets one caller try five times a minute, also with the right figures', () => {
  const { codes, from, pass } = entrance();
  const [code = ''] = codes;
  for (let tried = 0; tried < 5; tried += 1) from('a', other(code));
  expect(from('a', code)).toEqual({ waitSeconds: 12 });
  expect(from('b', code)).toHaveProperty('token');
  pass(12_000);
  expect(from('a', code)).toHaveProperty('token');
});

it('has other figures after many wrong tries of whomever', () => {
  const { codes, from } = entrance();
  const [first = ''] = codes;
  for (let caller = 0; caller < WRONG_CODES_MAX; caller += 1) from(`caller ${caller}`, other(first));
  expect(codes).toHaveLength(2);
  expect(from('late', codes[1])).toHaveProperty('token');
});

it('at a gate at work no figures let anybody in, and a head guard acts under their own account', () => {
  const { made, codes, from } = entrance({ isNew: false });
  expect([codes, from('a', '12345678')]).toEqual([[], 'closed']);
  const guard = { actor: 'g-01', duress: true } as const;
  const entered = made.enter({ isHere: false, headGuard: guard, code: undefined, caller: 'a' });
  expect(made.visitor(tokenOf(entered), true)).toEqual(guard);
});

it('forgets whoever does nothing: a page that only looks on keeps no gate waiting', () => {
  const { made, codes, from, pass } = entrance();
  const token = tokenOf(from('a', codes[0]));
  pass(SESSION_IDLE_MS);
  expect([made.visitor(token, false), made.isInUse]).toEqual([{ actor: 'installer' }, true]);
  pass(1);
  expect([made.visitor(token, false), made.isInUse]).toEqual([undefined, false]);
  const busy = tokenOf(from('b', codes[0]));
  pass(SESSION_IDLE_MS);
  made.visitor(busy, true);
  pass(SESSION_IDLE_MS);
  expect(made.isInUse).toBe(true);
  made.close();
  expect(made.visitor(busy, true)).toBeUndefined();
});
