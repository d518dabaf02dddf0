import { useEffect, useState } from 'preact/hooks';
import { fromHex } from '../../base/index.ts';
import { makeShortCodeKey, type ShownShortCode, showShortCode } from '../../holder/index.ts';
import { fetchShortCodeSecret } from './api.ts';
import { keepShortCodeKey, shortCodeKeyOf } from './key-store.ts';

/** A code is made anew this long after its step has begun, so that a timer that is early does not make the old one again. */
const AFTER_STEP_MS = 20;

export interface WantedShortCode {
  readonly district: string;
  readonly index: number;
  /** Another one: the district is asked for the secret again, as it may have changed. */
  readonly asked: number;
}

/** The eight digits of this minute. With the district away they go on from the key that is kept here. */
export function useShortCode({ district, index, asked }: WantedShortCode): ShownShortCode | undefined {
  const [key, setKey] = useState<CryptoKey | undefined>(undefined);
  const [shown, setShown] = useState<ShownShortCode | undefined>(undefined);
  useEffect(() => {
    let over = false;
    const found = (next: CryptoKey | undefined) => {
      if (!over && next !== undefined) setKey(next);
    };
    void shortCodeKeyOf(district, index)
      .then(found)
      .then(() => renewedKey(district, index))
      .then(found)
      // A browser that keeps no keys shows no digits; the symbol is there.
      .catch(() => undefined);
    return () => {
      over = true;
    };
  }, [district, index, asked]);
  useEffect(() => {
    if (key === undefined) return undefined;
    let over = false;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const show = async () => {
      const next = await showShortCode(crypto.subtle, key, Math.floor(Date.now() / 1000));
      if (over) return;
      setShown(next);
      timer = setTimeout(() => void show(), Math.max(0, next.until * 1000 - Date.now()) + AFTER_STEP_MS);
    };
    void show();
    return () => {
      over = true;
      clearTimeout(timer);
    };
  }, [key]);
  return shown;
}

async function renewedKey(district: string, index: number): Promise<CryptoKey | undefined> {
  // Plain HTTP from another machine: there is no WebCrypto.
  if (!('subtle' in crypto)) return undefined;
  const secret = fromHex((await fetchShortCodeSecret(index)) ?? '');
  const key = secret && (await makeShortCodeKey(crypto.subtle, secret));
  if (key !== undefined) await keepShortCodeKey({ district, index, key });
  return key;
}
