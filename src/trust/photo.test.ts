import { exportJWK, generateKeyPair } from 'jose';
import { describe, expect, it } from 'vitest';
import { sealPhoto, sealRoster, signPhoto } from '../issue/index.ts';
import type { GateKey } from './index.ts';
import { DISTRICT, GATE, NOW, now, open, SimulatedDisk, signer, TestDistrict } from './testing.ts';

const CLAIMS = { iss: DISTRICT, aud: GATE, iat: NOW, nonce: '1'.repeat(32), index: 7 };
const PICTURE = Buffer.alloc(600, 0x42).toString('base64');

async function keyPair() {
  const { privateKey, publicKey } = await generateKeyPair('ECDH-ES+A256KW', {
    crv: 'X25519',
    extractable: true,
  });
  return { private: (await exportJWK(privateKey)) as GateKey, public: (await exportJWK(publicKey)) as never };
}

async function founded() {
  const district = await TestDistrict.found();
  const [mine, other] = [await keyPair(), await keyPair()];
  const disk = new SimulatedDisk();
  const keeper = await open(district, { disk, gateKey: mine.private });
  const photo = async (extra: object = {}, by = 'ack') =>
    signPhoto(await signer(by), { ...CLAIMS, picture: PICTURE, ...extra });
  const refusal = async (text: string) => {
    const outcome = await keeper.verifyPhoto(text);
    return outcome.ok ? 'believed' : outcome.error.reason;
  };
  return { district, mine, other, disk, keeper, photo, refusal };
}

describe('a photo for a guard', () => {
  it('is believed when the district has signed it and sealed it to this gate', async () => {
    const { keeper, photo, mine, disk } = await founded();
    const before = disk.files().length;
    const sealed = await sealPhoto(await photo(), mine.public);
    expect(await keeper.verifyPhoto(sealed)).toEqual({ ok: true, value: { ...CLAIMS, picture: PICTURE } });
    expect(disk.files()).toHaveLength(before);
  });

  it('is refused in the open, sealed to another gate, or by another role', async () => {
    const { photo, refusal, mine, other } = await founded();
    expect(await refusal(await photo())).toBe('not-sealed');
    expect(await refusal(await sealPhoto(await photo(), other.public))).toBe('sealed');
    expect(await refusal(await sealPhoto(await photo({}, 'roster'), mine.public))).toBe('bad-signature');
  });

  it('is refused when it is for another gate or district, or is something else', async () => {
    const { district, photo, refusal, mine } = await founded();
    const sealed = async (extra: object) => refusal(await sealPhoto(await photo(extra), mine.public));
    expect(await sealed({ aud: 'south-1' })).toBe('wrong-audience');
    expect(await sealed({ iss: 'elsewhere' })).toBe('wrong-district');
    expect(await refusal(await sealRoster(await district.roster(), mine.public))).toBe('bad-typ');
  });

  it('is no document that is kept', async () => {
    const { keeper, photo, mine } = await founded();
    const outcome = await keeper.accept(await sealPhoto(await photo(), mine.public), now);
    expect(outcome).toMatchObject({ ok: false, error: { reason: 'bad-typ' } });
  });
});
