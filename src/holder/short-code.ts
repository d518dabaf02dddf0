import {
  SHORT_CODE_SECRET_BYTES,
  SHORT_CODE_STEP_SECONDS,
  shortCodeMessage,
  shortCodeStep,
  shortCodeText,
  truncated,
} from '../code/index.ts';

/**
 * The eight digits beneath the symbol, made on the phone with no network (docs/code-format.md, Short code). The secret
 * becomes a key of the browser's that nobody can read out again, and is kept as that.
 */
export interface HmacSubtle<Key> {
  importKey(
    format: 'raw',
    keyData: Uint8Array<ArrayBuffer>,
    algorithm: { readonly name: 'HMAC'; readonly hash: 'SHA-256' },
    extractable: boolean,
    usages: ['sign'],
  ): Promise<Key>;
  sign(algorithm: 'HMAC', key: Key, data: Uint8Array<ArrayBuffer>): Promise<ArrayBuffer>;
}

export interface ShownShortCode {
  /** Eight digits */
  readonly text: string;
  /** Unix seconds of its step; a gate takes it a little longer. */
  readonly from: number;
  readonly until: number;
}

/** @param secret what the district gave; @returns undefined when it is none */
export async function makeShortCodeKey<Key>(
  subtle: HmacSubtle<Key>,
  secret: Uint8Array,
): Promise<Key | undefined> {
  if (secret.length !== SHORT_CODE_SECRET_BYTES) return undefined;
  return subtle.importKey('raw', new Uint8Array(secret), { name: 'HMAC', hash: 'SHA-256' }, false, ['sign']);
}

/** @param seconds Unix seconds of the phone's clock */
export async function showShortCode<Key>(
  subtle: HmacSubtle<Key>,
  key: Key,
  seconds: number,
): Promise<ShownShortCode> {
  const step = shortCodeStep(seconds);
  const digest = await subtle.sign('HMAC', key, new Uint8Array(shortCodeMessage(step)));
  return {
    text: shortCodeText(truncated(new Uint8Array(digest))),
    from: step * SHORT_CODE_STEP_SECONDS,
    until: (step + 1) * SHORT_CODE_STEP_SECONDS,
  };
}
