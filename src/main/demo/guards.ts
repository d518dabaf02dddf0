import { randomInt } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { guardName } from '../../wire/index.ts';
import { writeSecret } from '../gate/gate-keys.ts';
import type { GateService } from '../gate/gate-service.ts';
import type { DemoGuard } from './demo-guard.ts';
import { GuardVisit } from './guard-visit.ts';

/**
 * Two guards of the demonstration's gate: one alone could not hold the door open. The first account is made as at any new
 * gate, with the eight figures that it shows. Their PINs are made at the first start and kept beside the data, to be told again.
 */

const ACCOUNTS = ['head-1', 'guard-2'] as const;
/** Whoever has this machine has the demonstration. */
const FILE = 'guard-accounts.json';
/** One PIN in six is too easy, and refused: all of these in one start of 10 to the 32. */
const PINS_TRIED_MAX = 40;
const TOO_EASY = 'weak-secret';

const kept = z.array(z.strictObject({ account: guardName, pin: z.string() }));

/** @returns nobody when the gate's desk was opened by somebody else */
export async function guardsOf(gate: GateService, dataDir: string): Promise<readonly DemoGuard[]> {
  const file = join(dataDir, FILE);
  if (gate.desk.firstCode() === undefined)
    return existsSync(file) ? kept.parse(JSON.parse(readFileSync(file, 'utf8'))) : [];
  const head = await beginAccount(gate.http.url, { account: ACCOUNTS[0], code: gate.desk.firstCode() ?? '' });
  const visit = await GuardVisit.signedIn(gate.http.url, head);
  const code = await visit.invite(ACCOUNTS[1]);
  const second = await beginAccount(gate.http.url, { account: ACCOUNTS[1], code });
  await visit.signOut();
  writeSecret(file, `${JSON.stringify([head, second], undefined, 2)}\n`);
  return [head, second];
}

/** @throws when the gate refuses the account for anything but its PIN */
export async function beginAccount(
  url: string,
  { account, code }: { account: string; code: string },
): Promise<DemoGuard> {
  for (let tried = 1; ; tried += 1) {
    const pin = String(randomInt(1_000_000)).padStart(6, '0');
    const problem = await GuardVisit.begin(url, { account, code, secret: pin });
    if (problem === undefined) return { account, pin };
    if (tried === PINS_TRIED_MAX || !problem.includes(TOO_EASY))
      throw new Error(`the account ${account} could not be opened: ${problem}`);
  }
}
