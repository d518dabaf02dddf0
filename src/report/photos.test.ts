import { describe, expect, test } from 'vitest';
import { memoryLog } from '../../test/twins/broker.ts';
import { SteppedClock } from '../../test/twins/clock.ts';
import { err, ok, type Result } from '../base/index.ts';
import type { PhotoClaims, PhotoRequest, RequestPayload } from '../wire/index.ts';
import { PHOTO_ANSWER_MAX_MS, PHOTOS_ASKED_MAX } from './limits.ts';
import { Photos } from './photos.ts';

const JPEG = Buffer.from('ffd8000102030405060708090affd9', 'hex');
const LOOK_UP = { index: 7, row: 31 };

/** A gate that asks; a token is the JSON of its claims, or a word that is not believed. */
function asking() {
  const clock = new SteppedClock();
  const log = memoryLog();
  const sent: PhotoRequest[] = [];
  const state = { connected: true };
  let draws = 0;
  const photos = new Photos({
    clock,
    log,
    random: {
      bytes: (length) => {
        draws += 1;
        return new Uint8Array(length).fill(draws);
      },
    },
    connected: () => state.connected,
    send: (request: RequestPayload) => {
      if (request.want === 'photo') sent.push(request);
      return Promise.resolve();
    },
    verify: (token): Promise<Result<PhotoClaims, string>> =>
      Promise.resolve(token.startsWith('{') ? ok(JSON.parse(token) as PhotoClaims) : err(token)),
  });
  const answer = (at: number, more: Partial<PhotoClaims> = {}) =>
    photos.take(
      JSON.stringify({ nonce: sent[at]?.nonce, index: 7, picture: JPEG.toString('base64'), ...more }),
    );
  return { clock, log, sent, state, photos, answer };
}

describe('a photo', () => {
  test('is asked for with a nonce, the index and the look-up’s row, and comes as bytes', async () => {
    const { photos, sent, answer } = asking();
    const asked = photos.ask(LOOK_UP);
    expect(sent).toEqual([{ want: 'photo', nonce: '01'.repeat(16), ...LOOK_UP }]);
    await answer(0);
    expect(await asked).toEqual(ok(JPEG));
  });

  test('may not exist, and that is an answer', async () => {
    const { photos, answer } = asking();
    const asked = photos.ask(LOOK_UP);
    await answer(0, { picture: undefined });
    expect(await asked).toEqual(ok(undefined));
  });

  test('is not waited for without the district, nor longer than a guard waits', async () => {
    const { photos, state, clock, sent } = asking();
    const late = photos.ask(LOOK_UP);
    clock.step(PHOTO_ANSWER_MAX_MS);
    expect(await late).toEqual(err('late'));
    const cut = photos.ask(LOOK_UP);
    photos.disconnected();
    expect(await cut).toEqual(err('offline'));
    state.connected = false;
    expect(await photos.ask(LOOK_UP)).toEqual(err('offline'));
    expect(sent).toHaveLength(2);
  });

  test('unasked, late, of somebody else or not believed is dropped, and the question stays open', async () => {
    const { photos, answer, clock, log } = asking();
    const first = photos.ask(LOOK_UP);
    clock.step(PHOTO_ANSWER_MAX_MS);
    await first;
    await answer(0);
    const second = photos.ask(LOOK_UP);
    await answer(1, { nonce: 'f'.repeat(32) });
    await answer(1, { index: 8 });
    await photos.take('bad-signature');
    expect(log.lines).toHaveLength(4);
    expect(log.lines.join()).not.toContain(JPEG.toString('base64'));
    await answer(1);
    expect(await second).toEqual(ok(JPEG));
  });

  test('has no more questions open than are worth waiting for', async () => {
    const { photos, sent } = asking();
    for (let row = 1; row <= PHOTOS_ASKED_MAX; row += 1) void photos.ask({ index: 7, row });
    expect(await photos.ask(LOOK_UP)).toEqual(err('late'));
    expect(sent).toHaveLength(PHOTOS_ASKED_MAX);
  });
});
