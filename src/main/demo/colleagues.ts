import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { encodeBase32hex } from '../../base/index.ts';
import type { District } from '../../district/index.ts';
import { accountName, type DeskRole } from '../../wire/index.ts';
import { writeSecret } from '../gate/gate-keys.ts';

/**
 * Two colleagues at the demonstration's console: one alone could not show what takes two. Their passwords are made at the
 * first start and kept beside its data, so that they can be told again.
 */
export interface Colleague {
  readonly account: string;
  readonly password: string;
}

const COLLEAGUES: readonly { account: string; roles: readonly DeskRole[] }[] = [
  { account: 'first', roles: ['registrar', 'operator', 'auditor'] },
  { account: 'second', roles: ['administrator', 'reviewer', 'operator', 'auditor'] },
];
const PASSWORD_BYTES = 10;
/** Whoever has this machine has the demonstration. */
const FILE = 'console-accounts.json';

const kept = z.array(z.strictObject({ account: accountName, password: z.string() }));

export async function colleaguesOf(district: District, dataDir: string): Promise<readonly Colleague[]> {
  const file = join(dataDir, FILE);
  if (existsSync(file)) return kept.parse(JSON.parse(readFileSync(file, 'utf8')));
  const made: Colleague[] = [];
  for (const { account, roles } of COLLEAGUES) made.push(await open(district, { account, roles }));
  writeSecret(file, `${JSON.stringify(made, undefined, 2)}\n`);
  return made;
}

/** A start that was cut off may have opened the account already, with a password that nobody knows. */
async function open(
  { desk }: District,
  { account, roles }: { account: string; roles: readonly DeskRole[] },
): Promise<Colleague> {
  const opened = await desk.accounts.open({ account, roles }, 'machine');
  const invited = opened.ok ? opened : await desk.accounts.invite(account, 'machine');
  if (!invited.ok) throw new Error(`the account ${account} could not be opened: ${invited.error}`);
  const password =
    encodeBase32hex(new Uint8Array(randomBytes(PASSWORD_BYTES)))
      .toLowerCase()
      .match(/.{1,4}/g)
      ?.join('-') ?? '';
  const { invitation } = invited.value;
  const set = await desk.accounts.redeem({ invitation, password });
  if (!set.ok) throw new Error(`the account ${account} could not be opened: ${set.error}`);
  return { account, password };
}
