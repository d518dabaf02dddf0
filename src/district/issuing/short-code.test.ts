import { createHmac } from 'node:crypto';
import { expect, test } from 'vitest';
import { QUIET_COMMUNITY, QuietDistrict } from '../../../test/twins/quiet-district.ts';
import { fromHex, toHex } from '../../base/index.ts';
import { shortCodeSecretMessage } from '../../code/index.ts';

/** What the roster's key makes for an index, as a gate makes it. */
function ofGate(key: string, index: number): string {
  const message = shortCodeSecretMessage('d-1', index);
  return createHmac('sha256', fromHex(key) ?? '')
    .update(message)
    .digest('hex');
}

async function secretOf(quiet: QuietDistrict, index: number): Promise<string> {
  const secret = await quiet.issuing.shortCodeSecret(index);
  if (!secret.ok) throw new Error(secret.error);
  return secret.value;
}

test('a phone is given what the gates of its community make of the roster’s key', async () => {
  const quiet = await QuietDistrict.start();
  try {
    const [one, other] = [await quiet.resident(), await quiet.resident()];
    const key = toHex(await quiet.keys.keys.shortCodes.of(QUIET_COMMUNITY));
    expect(await secretOf(quiet, one)).toBe(ofGate(key, one));
    expect(await secretOf(quiet, other)).toBe(ofGate(key, other));
    expect(await secretOf(quiet, one)).not.toBe(await secretOf(quiet, other));
  } finally {
    await quiet.stop();
  }
});

test('each community has a key of its own; another one comes with a rotation, and only there', async () => {
  const quiet = await QuietDistrict.start();
  try {
    const { shortCodes } = quiet.keys.keys;
    const before = [toHex(await shortCodes.of(1)), toHex(await shortCodes.of(2))];
    expect(new Set(before).size).toBe(2);
    expect([toHex(await shortCodes.of(1)), toHex(await shortCodes.of(2))]).toEqual(before);
    await shortCodes.rotate(1);
    expect(toHex(await shortCodes.of(1))).not.toBe(before[0]);
    expect(toHex(await shortCodes.of(2))).toBe(before[1]);
  } finally {
    await quiet.stop();
  }
});

test('nobody who is revoked or unknown is given one', async () => {
  const quiet = await QuietDistrict.start();
  try {
    const index = await quiet.resident();
    await quiet.registry.setState(index, 'revoked');
    expect(await quiet.issuing.shortCodeSecret(index)).toEqual({ ok: false, error: 'not-in-good-standing' });
    expect(await quiet.issuing.shortCodeSecret(index + 1)).toEqual({ ok: false, error: 'no-such-resident' });
  } finally {
    await quiet.stop();
  }
});
