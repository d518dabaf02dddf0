import { type HolderKey, makeStoredKey, openStoredKey, type StoredKey } from '../../holder/index.ts';

/** This browser's keys, one for each resident tried. Kept by IndexedDB as WebCrypto made them: not extractable, no name beside them. */

export interface KeptKey {
  readonly key: HolderKey;
  /** Absent until the district has the key on its roster. */
  readonly slot?: number;
}

interface Kept {
  readonly stored: StoredKey<CryptoKey>;
  readonly slot?: number;
}

const DATABASE = 'menwei-demo';
const STORE = 'keys';

/** False on plain HTTP from another machine (no WebCrypto there), and in browsers without Ed25519. */
export async function canKeepKeys(): Promise<boolean> {
  if (!('subtle' in crypto)) return false;
  return makeStoredKey(crypto.subtle).then(
    () => true,
    () => false,
  );
}

/** The key kept for a resident, or a fresh one. */
export async function keyOf(district: string, index: number): Promise<KeptKey> {
  const kept = await inStore<Kept | undefined>('readonly', (store) => store.get(name(district, index)));
  if (kept !== undefined) return opened(kept);
  const fresh: Kept = { stored: await makeStoredKey(crypto.subtle) };
  await inStore('readwrite', (store) => store.put(fresh, name(district, index)));
  return opened(fresh);
}

export async function keepSlot(district: string, index: number, slot: number): Promise<void> {
  const kept = await inStore<Kept | undefined>('readonly', (store) => store.get(name(district, index)));
  if (kept !== undefined)
    await inStore('readwrite', (store) => store.put({ ...kept, slot }, name(district, index)));
}

export function forgetKey(district: string, index: number): Promise<unknown> {
  return inStore('readwrite', (store) => store.delete(name(district, index)));
}

/** What this browser's short codes of a resident are made with. */
export async function shortCodeKeyOf(district: string, index: number): Promise<CryptoKey | undefined> {
  return inStore<CryptoKey | undefined>('readonly', (store) => store.get(shortName(district, index)));
}

export async function keepShortCodeKey({
  district,
  index,
  key,
}: {
  readonly district: string;
  readonly index: number;
  readonly key: CryptoKey;
}): Promise<void> {
  await inStore('readwrite', (store) => store.put(key, shortName(district, index)));
}

function shortName(district: string, index: number): string {
  return `${name(district, index)}/short-code`;
}

async function opened({ stored, slot }: Kept): Promise<KeptKey> {
  const key = await openStoredKey(crypto.subtle, stored);
  return slot === undefined ? { key } : { key, slot };
}

function name(district: string, index: number): string {
  return `${district}/${index}`;
}

function inStore<Value>(
  mode: IDBTransactionMode,
  act: (store: IDBObjectStore) => IDBRequest,
): Promise<Value> {
  return new Promise((resolve, reject) => {
    const opening = indexedDB.open(DATABASE, 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore(STORE);
    opening.onerror = () => reject(opening.error ?? new Error('the browser keeps no keys'));
    opening.onsuccess = () => {
      const database = opening.result;
      const transaction = database.transaction(STORE, mode);
      const request = act(transaction.objectStore(STORE));
      transaction.oncomplete = () => {
        database.close();
        resolve(request.result as Value);
      };
      transaction.onabort = () => reject(transaction.error ?? new Error('the browser did not keep the key'));
    };
  });
}
