import { createHmac } from 'node:crypto';
import { setImmediate as afterAll } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { fromHex } from '../../src/base/index.ts';
import { ShortCodes } from '../../src/desk/index.ts';
import { makeShortCodeKey, showShortCode } from '../../src/holder/index.ts';
import { QUIET_COMMUNITY, QUIET_DISTRICT, QuietDistrict, type QuietGate } from '../twins/quiet-district.ts';

/** District, gate and phone as they are, with nothing between them but what the district published and gave out before. */

const OTHER_COMMUNITY = QUIET_COMMUNITY + 1;

class Phone {
  readonly #key: CryptoKey;

  private constructor(key: CryptoKey) {
    this.#key = key;
  }

  /** It is online this once. */
  static async of(quiet: QuietDistrict, index: number): Promise<Phone> {
    const secret = await quiet.issuing.shortCodeSecret(index);
    const key = secret.ok
      ? await makeShortCodeKey(crypto.subtle, fromHex(secret.value) ?? new Uint8Array())
      : undefined;
    if (key === undefined) throw new Error('the phone was given no secret');
    return new Phone(key);
  }

  async shows(seconds: number): Promise<string> {
    return (await showShortCode(crypto.subtle, this.#key, seconds)).text;
  }
}

function deskOf(gate: QuietGate, quiet: QuietDistrict): ShortCodes {
  return new ShortCodes({
    district: QUIET_DISTRICT,
    hmac: (key, message) => new Uint8Array(createHmac('sha256', key).update(message).digest()),
    monotonic: () => quiet.clock.monotonic(),
    pause: () => afterAll(undefined),
    roster: () => gate.trust.snapshot().roster,
    now: () => gate.now,
    guessed: () => undefined,
  });
}

test('a code is found by its community’s gate alone, shows what became of its resident, and ends', async () => {
  const quiet = await QuietDistrict.start({ communities: [QUIET_COMMUNITY, OTHER_COMMUNITY] });
  try {
    const [home, other] = [await quiet.gate('north-1'), await quiet.gate('south-1', OTHER_COMMUNITY)];
    const [resident, neighbour] = [await quiet.resident('1-101'), await quiet.resident('1-102')];
    const stranger = await quiet.resident('9-101', OTHER_COMMUNITY);
    await quiet.publisher.publishAll();
    expect([...(await home.listen()), ...(await other.listen())]).toEqual([]);
    const [phone, strangers] = [await Phone.of(quiet, resident), await Phone.of(quiet, stranger)];
    const [desk, otherDesk] = [deskOf(home, quiet), deskOf(other, quiet)];

    // From here on nobody hears of anybody.
    const code = await phone.shows(home.now.seconds);
    expect(await desk.find(code)).toEqual({ outcome: 'member', index: resident, clockSure: true });
    expect(await otherDesk.find(code)).toEqual({ outcome: 'nobody' });
    expect(await desk.find(await strangers.shows(home.now.seconds))).toEqual({ outcome: 'nobody' });
    expect(await desk.find(code)).toEqual({ outcome: 'used' });

    const next = await phone.shows(home.now.seconds + 60);
    quiet.clock.step(180_000);
    expect(await desk.find(next)).toEqual({ outcome: 'nobody' });

    // Revoked at the district, and the gate hears of it: the person is found, and shown as revoked.
    await quiet.registry.setState(resident, 'revoked');
    await quiet.publisher.statusChanged('residents', [resident]);
    expect(await home.listen()).toEqual([]);
    const found = await desk.find(await phone.shows(home.now.seconds));
    expect(found).toMatchObject({ outcome: 'member', index: resident });
    expect(home.trust.snapshot().residents.at(resident)).toBe(1);
    expect(home.trust.snapshot().residents.at(neighbour)).toBe(0);
  } finally {
    await quiet.stop();
  }
});

test('after a theft the roster has another key: the phone is found again once it was online', async () => {
  const quiet = await QuietDistrict.start();
  try {
    const gate = await quiet.gate('north-1');
    const resident = await quiet.resident();
    await gate.listen();
    const before = await Phone.of(quiet, resident);
    const desk = deskOf(gate, quiet);
    expect((await desk.find(await before.shows(gate.now.seconds))).outcome).toBe('member');

    await quiet.keys.keys.shortCodes.rotate(QUIET_COMMUNITY);
    await quiet.publisher.registryChanged();
    await gate.listen();
    quiet.clock.step(60_000);
    expect((await desk.find(await before.shows(gate.now.seconds))).outcome).toBe('nobody');
    const after = await Phone.of(quiet, resident);
    expect((await desk.find(await after.shows(gate.now.seconds))).outcome).toBe('member');
  } finally {
    await quiet.stop();
  }
});
