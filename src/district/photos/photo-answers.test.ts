import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compactDecrypt, decodeProtectedHeader, type JWK } from 'jose';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { memoryLog } from '../../../test/twins/broker.ts';
import { SteppedClock } from '../../../test/twins/clock.ts';
import { DAY_ZERO_SECONDS } from '../../base/index.ts';
import { type DocumentSigner, documentSigner } from '../../issue/index.ts';
import { parseClaims, parseSigned, photoClaims, type PhotoRequest } from '../../wire/index.ts';
import { Audit } from '../accounts/audit.ts';
import type { Gate } from '../database/database.ts';
import type { CommunityRules } from '../publishing/community-rules.ts';
import { setRules } from '../publishing/community-rules.ts';
import { communityRules } from '../../wire/index.ts';
import { COMMUNITY, living, random, somebody } from '../registry/testing.ts';
import { openReviews, pictureText } from '../reviews/testing.ts';
import { checkGuardPhoto } from './check-photo.ts';
import { PHOTOS_PER_MINUTE_MAX } from './limits.ts';
import { PhotoAnswers, type PhotoAnswersOptions } from './photo-answers.ts';
import { guardPhotoText } from './testing.ts';

/** What a gate is answered that asks for a photo: only what the rules, the resident and its own community allow. */

const folder = mkdtempSync(join(tmpdir(), 'menwei-answers-'));
const picture = pictureText();
const copy = guardPhotoText();
const written = checkGuardPhoto(copy);
/** Written anew, without what its maker put before the image. */
const kept = Buffer.from(written.ok ? written.value : []).toString('base64');
const NONCE = 'ab'.repeat(16);
const gateKey = generateKeyPairSync('x25519').privateKey;
const gateJwk = gateKey.export({ format: 'jwk' }) as JWK;
const gate: Gate = {
  id: 'g-1',
  community: COMMUNITY,
  device_key: 'ab'.repeat(32),
  seal_key: gateJwk.x ?? '',
  password_hash: '',
  enrolled_at: 0,
  confirmed: 1,
  status: null,
  seen_at: null,
};
let desk: Awaited<ReturnType<typeof openReviews>>;
let index: number;
let answers: PhotoAnswers;
let signer: DocumentSigner;
let audit: Audit;
let clock: SteppedClock;
let log: ReturnType<typeof memoryLog>;

beforeAll(async () => {
  desk = await openReviews(join(folder, 'answers.sqlite'), folder);
});
afterAll(async () => {
  await desk.database.destroy();
  rmSync(folder, { recursive: true, force: true });
});

let rooms = 0;
beforeEach(async () => {
  clock = new SteppedClock();
  log = memoryLog();
  audit = new Audit({ database: desk.database, clock, random });
  await desk.database.deleteFrom('audit').execute();
  rooms += 1;
  index = await shown(`1-1-${100 + rooms}`);
  await allow({ guardPhotos: true });
  signer = await documentSigner(new Uint8Array(32).fill(7));
  answers = answersOf();
});

function answersOf(more: Partial<PhotoAnswersOptions> = {}): PhotoAnswers {
  return new PhotoAnswers({
    ...desk,
    district: 'd-1',
    timeZone: 'Asia/Shanghai',
    communities: [{ id: COMMUNITY }, { id: COMMUNITY + 1 }],
    signer: () => signer,
    audit,
    clock,
    log,
    ...more,
  });
}

async function shown(room: string, community = COMMUNITY): Promise<number> {
  const added = await desk.persons.add({ ...living(somebody(), room), community });
  if (!added.ok) throw new Error(JSON.stringify(added.error));
  const place = added.value.index;
  const wanted = { resident: place, picture, forGuards: true };
  const sent = await desk.applications.submitPhoto(wanted, 'portal');
  if (!sent.ok) throw new Error(JSON.stringify(sent.error));
  const done = await desk.applications.accept({ receipt: sent.value.receipt, by: 'reviewer-1' }, copy);
  if (!done.ok) throw new Error(JSON.stringify(done.error));
  return place;
}

async function allow(rules: Partial<CommunityRules>): Promise<void> {
  await setRules({ database: desk.database, clock }, COMMUNITY, communityRules.parse(rules));
}

async function ask(request: Partial<PhotoRequest> = {}, by: Gate = gate) {
  const sealed = await answers.answer(by, { want: 'photo', nonce: NONCE, index, row: 41, ...request });
  const { plaintext } = await compactDecrypt(sealed ?? '', gateJwk);
  const signed = parseSigned(new TextDecoder().decode(plaintext));
  if (!signed.ok) throw new Error(signed.error.why);
  return photoClaims.parse(parseClaims(signed.value.payload));
}
const shownTo = async () => (await audit.page({ action: 'photo shown' })).entries;

test('a photo goes to the gate that asked, and who was shown where is written down', async () => {
  expect(await ask()).toEqual({
    iss: 'd-1',
    aud: 'g-1',
    iat: Math.floor(clock.wall() / 1000),
    nonce: NONCE,
    index,
    picture: kept,
  });
  expect(await shownTo()).toMatchObject([
    { account: 'district', subject: `${index}/g-1/41`, outcome: 'done' },
  ]);
  const sealed = await answers.answer(gate, { want: 'photo', nonce: NONCE, index, row: 42 });
  expect(decodeProtectedHeader(sealed ?? '')).toMatchObject({
    cty: 'menwei-photo+jwt',
    alg: 'ECDH-ES+A256KW',
  });
});

test('one who is suspended, or whom a guard is to be asked about, is shown', async () => {
  for (const state of ['suspended', 'ask-guard'] as const) {
    await desk.registry.setState(index, state);
    expect(await ask()).toHaveProperty('picture');
  }
});

test.each<[string, () => Promise<Partial<PhotoRequest> | Gate>]>([
  ['the rules do not say so', () => allow({}).then(() => ({}))],
  ['the rules say no', () => allow({ guardPhotos: false }).then(() => ({}))],
  ['the resident is revoked', () => desk.registry.setState(index, 'revoked').then(() => ({}))],
  ['the index has ended', () => desk.registry.leave(index).then(() => ({}))],
  [
    'the last day is over',
    () => {
      const yesterday = Math.floor((clock.wall() / 1000 + 8 * 3_600 - DAY_ZERO_SECONDS) / 86_400) - 1;
      return desk.registry.change(index, { lastDay: yesterday }).then(() => ({}));
    },
  ],
  ['it was withdrawn', () => desk.photos.remove(index).then(() => ({}))],
  ['there is no such resident', () => Promise.resolve({ index: index === 5 ? 6 : 5 })],
  ['nobody has confirmed the gate', () => Promise.resolve({ ...gate, confirmed: 0 })],
  ['the gate is of another community', () => Promise.resolve({ ...gate, community: COMMUNITY + 1 })],
  ['the resident is of another community', async () => ({ index: await shown('9-1-101', COMMUNITY + 1) })],
])('an answer without a picture, and without a reason: %s', async (_why, given) => {
  const what = await given();
  const isGate = 'seal_key' in what;
  const answer = await ask(isGate ? {} : what, isGate ? what : gate);
  expect(Object.keys(answer).sort()).toEqual(['aud', 'iat', 'index', 'iss', 'nonce']);
  expect(await shownTo()).toEqual([]);
});

test('on its last day a resident is shown', async () => {
  const today = Math.floor((clock.wall() / 1000 + 8 * 3_600 - DAY_ZERO_SECONDS) / 86_400);
  await desk.registry.change(index, { lastDay: today });
  expect(await ask()).toHaveProperty('picture');
});

test('a gate without a key of its own is sent nothing', async () => {
  const request = { want: 'photo', nonce: NONCE, index, row: 1 } as const;
  expect(await answers.answer({ ...gate, seal_key: null }, request)).toBeUndefined();
  expect(await shownTo()).toEqual([]);
});

test('more than its share in a minute is shown to no gate; that is told once a minute, and another gate has its own', async () => {
  for (let row = 1; row <= PHOTOS_PER_MINUTE_MAX; row += 1)
    expect(await ask({ row })).toHaveProperty('picture');
  for (let row = 100; row < 105; row += 1) expect(await ask({ row })).not.toHaveProperty('picture');
  expect(log.lines.filter((line) => line.includes('more photos'))).toHaveLength(1);
  expect((await shownTo()).filter(({ outcome }) => outcome === 'too-often')).toMatchObject([
    { subject: 'g-1' },
  ]);
  expect(await ask({}, { ...gate, id: 'g-2' })).toHaveProperty('picture');
  clock.step(60_000);
  expect(await ask()).toHaveProperty('picture');
});

test('more than its share in an hour neither, however slowly it asks', async () => {
  answers = answersOf({ perHourMax: 3 });
  const pictures: boolean[] = [];
  for (let row = 1; row <= 4; row += 1) {
    clock.step(60_000);
    pictures.push('picture' in (await ask({ row })));
  }
  expect(pictures).toEqual([true, true, true, false]);
  clock.step(3_600_000);
  expect(await ask()).toHaveProperty('picture');
});

test('when it cannot be written down, nothing is shown', async () => {
  const failing = answersOf({
    signer: () => {
      throw new Error('nothing is signed');
    },
    audit: { note: () => Promise.reject(new Error('the disk is full')) },
  });
  await expect(failing.answer(gate, { want: 'photo', nonce: NONCE, index, row: 1 })).rejects.toThrow('disk');
});
