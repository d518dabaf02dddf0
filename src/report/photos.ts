import { err, ok, type Result, toHex } from '../base/index.ts';
import type { Clock, Log, Random } from '../ports/index.ts';
import type { PhotoClaims, RequestPayload } from '../wire/index.ts';
import { PHOTO_ANSWER_MAX_MS, PHOTOS_ASKED_MAX } from './limits.ts';

/**
 * The gate's questions for the face of somebody whom a guard looks up. Each has a nonce of its own and one answer, sealed to
 * this gate; what comes unasked, late, or for somebody else is dropped. A picture passes through here and stays nowhere.
 */
export interface PhotosOptions {
  readonly verify: VerifyPhoto;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly connected: () => boolean;
  readonly send: (request: RequestPayload) => Promise<unknown>;
}

export type VerifyPhoto = (token: string) => Promise<Result<PhotoClaims, string>>;

export interface PhotoAsked {
  readonly index: number;
  /** Sequence number of the look-up's row. */
  readonly row: number;
}

/** JPEG, or none that may be shown here. */
export type Photo = Uint8Array | undefined;
/** `late`: the district did not answer in time, or too many questions are open. */
export type NoPhoto = 'offline' | 'late';

interface Open {
  readonly index: number;
  readonly end: (answer: Result<Photo, NoPhoto>) => void;
}

export class Photos {
  readonly #options: PhotosOptions;
  readonly #open = new Map<string, Open>();

  constructor(options: PhotosOptions) {
    this.#options = options;
  }

  ask({ index, row }: PhotoAsked): Promise<Result<Photo, NoPhoto>> {
    const { clock, random, send, connected } = this.#options;
    if (!connected()) return Promise.resolve(err('offline'));
    if (this.#open.size >= PHOTOS_ASKED_MAX) return Promise.resolve(err('late'));
    const nonce = toHex(random.bytes(16));
    return new Promise((resolve) => {
      const cancel = clock.after(PHOTO_ANSWER_MAX_MS, () => end(err('late')));
      const end = (answer: Result<Photo, NoPhoto>) => {
        cancel();
        this.#open.delete(nonce);
        resolve(answer);
      };
      this.#open.set(nonce, { index, end });
      void send({ want: 'photo', nonce, index, row });
    });
  }

  /** An answer to one of the questions. */
  async take(token: string): Promise<void> {
    const { verify, log } = this.#options;
    const claims = await verify(token);
    if (!claims.ok) return log.warn({ why: claims.error }, 'a photo was not believed');
    const { nonce, index, picture } = claims.value;
    const open = this.#open.get(nonce);
    if (open === undefined) return log.info({}, 'a photo came that nobody waits for any more');
    if (open.index !== index) return log.warn({}, 'a photo is of somebody else than was asked for');
    open.end(ok(picture === undefined ? undefined : Buffer.from(picture, 'base64')));
  }

  disconnected(): void {
    for (const { end } of this.#open.values()) end(err('offline'));
  }
}
