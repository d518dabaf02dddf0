import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../../device/clock/index.ts';
import { memoryLog } from '../../../test/twins/broker.ts';
import { type Desk, openDeskAlone } from '../../district/index.ts';
import { districtCrypto } from '../district/district-service.ts';
import { run } from './district-account.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'menwei-accounts-'));
  writeFileSync(join(folder, 'district.yaml'), 'district: gaoxin\ndataDir: data\ncommunities: [{ id: 7 }]\n');
});
afterEach(() => rmSync(folder, { recursive: true }));

async function account(
  ...words: readonly string[]
): Promise<{ code: number; said: string; explained: string }> {
  const [output, error] = [new PassThrough(), new PassThrough()];
  const code = await run([...words, '--config', join(folder, 'district.yaml')], {
    input: new PassThrough(),
    output,
    error,
  });
  return { code, said: String(output.read() ?? ''), explained: String(error.read() ?? '') };
}

/** The district beside it, on the same database. */
async function besides<Value>(work: (desk: Desk) => Promise<Value>): Promise<Value> {
  const random = { bytes: (length: number) => crypto.getRandomValues(new Uint8Array(length)) };
  const common = { clock: systemClock(), random, log: memoryLog(), crypto: districtCrypto() };
  const opened = await openDeskAlone({ ...common, dataDir: join(folder, 'data') });
  try {
    return await work(opened.desk);
  } finally {
    await opened.close();
  }
}

const invitationIn = (said: string) => /^invitation +(\S+)$/m.exec(said)?.[1] ?? '';
const PASSWORD = 'vier kleine Kraniche';

describe('menwei district account', () => {
  it('opens an account before the district has ever run, by an invitation and no password', async () => {
    const { code, said } = await account('add', 'li-1', '--roles', 'registrar,operator');
    expect([code, said]).toEqual([
      0,
      expect.stringMatching(/^account +li-1\ninvitation +([0-9A-V]{4}-){7}[0-9A-V]{4}\n/),
    ]);
    expect((await account('list')).said).toMatch(/^li-1 +invited +never +registrar,operator\n$/);
  });

  it('works while another process has the database: its sessions end at once', async () => {
    const { said } = await account('add', 'li-1', '--roles', 'operator');
    await besides(async ({ accounts, sessions }) => {
      await accounts.redeem({ invitation: invitationIn(said), password: PASSWORD });
      const signed = await accounts.signIn({ account: 'li-1', password: PASSWORD });
      const token = signed.ok ? signed.value.token : '';
      expect(await sessions.find(token, { touch: true })).toBeDefined();
      expect((await account('disable', 'li-1')).code).toBe(0);
      expect(await sessions.find(token, { touch: true })).toBeUndefined();
      const again = await account('invite', 'li-1');
      const next = { invitation: invitationIn(again.said), password: 'neun rote Laternen' };
      expect(await accounts.redeem(next)).toMatchObject({ ok: true });
      expect((await account('list')).said).toMatch(/^li-1 +active /);
    });
  });

  it('is in the audit log as the machine', async () => {
    await account('add', 'li-1', '--roles', 'operator');
    await account('disable', 'nobody-1');
    const { entries } = await besides(({ audit }) => audit.page());
    expect(entries).toMatchObject([
      { account: 'machine', action: 'disable account', subject: 'nobody-1', outcome: 'no-such-account' },
      { account: 'machine', action: 'open account', subject: 'li-1', outcome: 'done' },
    ]);
  });

  it.each([
    [['add', 'li-1']],
    [['add', 'li-1', '--roles', 'chief']],
    [['add', 'li-1', '--roles', 'operator,operator']],
    [['add', 'Li Wei', '--roles', 'operator']],
    [['add', 'li-1', 'secret-password', '--roles', 'operator']],
    [['disable']],
    [['list', 'li-1']],
    [['remove', 'li-1']],
    [[]],
  ])('shows how it is used for %j, and opens nothing', async (words) => {
    const { code, said, explained } = await account(...words);
    expect([code, said]).toEqual([2, '']);
    expect(explained).toContain('menwei district account add NAME --roles A,B --config FILE');
    expect(existsSync(join(folder, 'data'))).toBe(false);
  });

  it.each([
    [['add', 'demo', '--roles', 'operator'], /reserved|meaning/],
    [['invite', 'li-9'], /no such account.*list/],
    [['disable', 'li-9'], /no such account.*list/],
  ])('says what is wrong with %j and what to do', async (words, why) => {
    const { code, explained } = await account(...words);
    expect(code).toBe(1);
    expect(explained).toMatch(why);
  });
});
