import { rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { firstHead, HEAD, type TestDesk, testDesk } from '../../../test/twins/guard-desk.ts';
import { run } from './gate-accounts.ts';

let at: TestDesk;
let config: string;
beforeEach(() => {
  at = testDesk();
  config = join(dirname(at.file), 'gate.yaml');
  const gate = {
    gate: 'g-1',
    district: 'd-1',
    community: 7,
    dataDir: '.',
    trust: { root: 'root.json' },
    lanes: [
      {
        id: 'main',
        direction: 'in',
        readers: [{ id: 'page', type: 'display' }],
        door: { driver: 'simulated' },
      },
    ],
  };
  writeFileSync(config, JSON.stringify(gate));
});
afterEach(() => at.end());

async function accounts(words: readonly string[], typed = '') {
  const [output, error] = [new PassThrough(), new PassThrough()];
  const code = await run([...words, '--config', config], { input: Readable.from([typed]), output, error });
  return { code, said: all(output), explained: all(error) };
}

function all(stream: PassThrough): string {
  const pieces: string[] = [];
  for (let piece = stream.read() as Buffer | null; piece !== null; piece = stream.read() as Buffer | null)
    pieces.push(piece.toString());
  return pieces.join('');
}

describe('menwei gate accounts', () => {
  it('lists the guards while the gate runs', async () => {
    expect((await accounts(['list'])).said).toBe('there are no accounts yet\n');
    const head = await firstHead(at);
    await at.request('accounts', { body: { account: 'g-07' }, cookie: head });
    expect(await accounts(['list'])).toMatchObject({
      code: 0,
      said: expect.stringMatching(/^g-07 +guard +invited\nh-01 +head +active\n$/) as string,
    });
  });

  it('takes all accounts away when somebody says yes: sessions end, a row says so, other figures are shown', async () => {
    const before = at.desk.firstCode();
    const head = await firstHead(at);
    at.clock.step(5_000);
    expect(await accounts(['reset-first'], 'no\n')).toMatchObject({
      code: 1,
      explained: expect.stringContaining('nothing was changed') as string,
    });
    expect((await at.request('session', { cookie: head })).status).toBe(200);
    expect((await accounts(['reset-first'], 'yes\n')).code).toBe(0);
    at.clock.step(5_000);
    expect((await at.request('session', { cookie: head })).status).toBe(401);
    expect((await at.request('session', { body: HEAD })).status).toBe(401);
    expect(at.manual.at(-2)).toMatchObject({ verb: 'sign-out', actor: 'h-01' });
    expect(at.manual.at(-1)).toMatchObject({ verb: 'account', actor: 'machine', reason: 'reset-first' });
    expect(at.desk.firstCode()).toMatch(/^\d{8}$/);
    expect(at.desk.firstCode()).not.toBe(before);
  });

  it('says what to do where there is no file, or one that it must not touch', async () => {
    writeFileSync(at.file, Buffer.alloc(4_096, 0xa5));
    expect(await accounts(['list'])).toMatchObject({
      code: 1,
      explained: expect.stringContaining('damaged; start the gate') as string,
    });
    rmSync(at.file);
    expect(await accounts(['reset-first', '--yes'])).toMatchObject({
      code: 1,
      explained: expect.stringContaining('no guard has an account') as string,
    });
  });

  it.each([[[]], [['other']], [['list', 'more']]])('is not understood: %j', async (words) => {
    expect((await accounts(words)).code).toBe(2);
  });
});
