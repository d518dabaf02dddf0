import { argon2 } from 'node:crypto';

/** Argon2id (RFC 9106) of the platform, version 0x13; it works off the event loop. */
export interface Argon2idParameters {
  /** Kibibytes */
  readonly memory: number;
  readonly passes: number;
  readonly parallelism: number;
  /** Of the tag */
  readonly bytes: number;
}

/** @param salt at least 8 bytes */
export function argon2id(
  message: Uint8Array,
  salt: Uint8Array,
  { memory, passes, parallelism, bytes }: Argon2idParameters,
): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    argon2(
      'argon2id',
      { message, nonce: salt, memory, passes, parallelism, tagLength: bytes },
      (fault, tag) => {
        if (fault === null) resolve(new Uint8Array(tag));
        else reject(fault);
      },
    );
  });
}
