import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { beginAccount } from './guards.ts';

/** A desk that refuses as often as told, and then takes the account. @returns how often it was asked, beside what came of it */
async function begun({ refusals, problem }: { refusals: number; problem: string }) {
  const pins: string[] = [];
  const desk = createServer((request, response) => {
    let body = '';
    request.on('data', (piece) => {
      body += String(piece);
    });
    request.on('end', () => {
      pins.push((JSON.parse(body) as { secret: string }).secret);
      const isRefused = pins.length <= refusals;
      response.statusCode = isRefused ? 400 : 200;
      response.end(JSON.stringify(isRefused ? { problem } : {}));
    });
  });
  await new Promise<void>((ready) => desk.listen(0, '127.0.0.1', ready));
  const url = `http://127.0.0.1:${(desk.address() as AddressInfo).port}`;
  try {
    const guard = await beginAccount(url, { account: 'head-1', code: '12345678' });
    return { guard, pins };
  } catch (failed) {
    return { failed: String(failed), pins };
  } finally {
    desk.close();
    desk.closeAllConnections();
  }
}

test('a run of PINs that are too easy ends with one that is not', async () => {
  const { guard, pins } = await begun({ refusals: 12, problem: 'weak-secret' });
  expect(pins).toHaveLength(13);
  expect(guard).toEqual({ account: 'head-1', pin: pins.at(-1) });
  expect(guard?.pin).toMatch(/^\d{6}$/);
});

test('what another PIN does not mend is told at once', async () => {
  const { failed, pins } = await begun({ refusals: 1, problem: 'locked' });
  expect(pins).toHaveLength(1);
  expect(failed).toContain('head-1');
  expect(failed).toContain('locked');
});
