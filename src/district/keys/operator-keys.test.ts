import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { QuietDistrict } from '../../../test/twins/quiet-district.ts';
import { documentSigner, signOperators } from '../../issue/index.ts';
import { COMMAND_VERBS, operatorsPayload } from '../../wire/index.ts';
import { OPERATORS_MAX } from '../limits.ts';

/** Each operator has a command key of their own for as long as they are one. */

const TEXT_BYTES_MAX = 524_288;
let district: QuietDistrict | undefined;
afterEach(async () => {
  await district?.stop();
  district = undefined;
});

async function account(at: QuietDistrict, name: string, roles = 'operator'): Promise<void> {
  const blank = { password: null, disabled: 0, signed_in_at: null, opened_at: 0, invited_by: 'machine' };
  await at.database
    .insertInto('account')
    .values({ name, roles, ...blank })
    .execute();
}

const file = (at: QuietDistrict, kid: string | undefined) => join(at.folder, 'keys', `operator-${kid}.json`);

describe('command keys of accounts', () => {
  test('an operator has one, others have none; it is gone with the account or the role, its file too', async () => {
    district = await QuietDistrict.start();
    const { operators } = district.keys;
    await account(district, 'ming', 'registrar,operator');
    await account(district, 'hong');
    await account(district, 'lan', 'registrar');
    expect(await operators.tick()).toBe(true);
    expect(await operators.tick()).toBe(false);
    expect(new Set(operators.listed().map(({ actor }) => actor))).toEqual(
      new Set(['centre', 'hong', 'ming']),
    );
    expect(operators.listed().find(({ actor }) => actor === 'centre')?.verbs).toEqual(['resend-from']);
    const [ming, hong] = [operators.signerOf('ming'), operators.signerOf('hong')].map(
      (key) => key?.signer.kid,
    );
    expect(ming).not.toBe(hong);
    expect([ming, hong].map((kid) => existsSync(file(district as QuietDistrict, kid)))).toEqual([true, true]);
    const accounts = district.database.updateTable('account');
    await accounts.set({ disabled: 1 }).where('name', '=', 'ming').execute();
    await accounts.set({ roles: 'auditor' }).where('name', '=', 'hong').execute();
    expect(await operators.tick()).toBe(true);
    expect(operators.listed().map(({ actor }) => actor)).toEqual(['centre']);
    expect([ming, hong].map((kid) => existsSync(file(district as QuietDistrict, kid)))).toEqual([
      false,
      false,
    ]);
    expect(operators.signerOf('ming')).toBeUndefined();
    // Who comes back has another key: the old one stays withdrawn.
    await accounts.set({ disabled: 0 }).where('name', '=', 'ming').execute();
    await operators.tick();
    expect(operators.signerOf('ming')?.signer.kid).not.toBe(ming);
  }, 60_000);

  test(`${OPERATORS_MAX} operators, each with the next key waiting, fit the list that gates take`, async () => {
    const keys = await Promise.all(
      Array.from({ length: 2 * OPERATORS_MAX + 2 }, async (_, at) => {
        const { kid, publicJwk } = await documentSigner(new Uint8Array(randomBytes(32)));
        const actor = `operator-with-a-long-name-${String(at).padStart(6, '0')}`;
        return { actor, kid, key: publicJwk, verbs: [...COMMAND_VERBS], from: 1, until: 2_000_000_000 };
      }),
    );
    const claims = { iss: 'd-1', version: 1, iat: 1, exp: 2_000_000_000, operators: keys };
    expect(operatorsPayload.safeParse(claims).error).toBeUndefined();
    const text = await signOperators(await documentSigner(new Uint8Array(randomBytes(32))), claims);
    expect(Buffer.byteLength(text)).toBeLessThan(TEXT_BYTES_MAX);
  });
});
