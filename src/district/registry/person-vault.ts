import { createCipheriv, createDecipheriv, createHmac, createSecretKey, type KeyObject } from 'node:crypto';
import { assert } from '../../base/index.ts';
import type { Random } from '../../ports/index.ts';
import { LOOKUP_HASH_BYTES } from '../../wire/index.ts';
import type { PersonKeys } from './person-keys.ts';

/**
 * Encrypts what is kept of persons, and hashes what they are looked up by. AES-256-GCM (NIST SP 800-38D) with a random
 * nonce of 96 bits for each text; table, row and field are authenticated with it, so that no text can be moved to another
 * row. It never writes under any but the current key.
 */
export interface FieldOfRow {
  readonly table: string;
  readonly row: number;
  readonly field: string;
}

const NONCE_BYTES = 12;
const TAG_BYTES = 16;
/** Texts are filled up to a multiple of this, so that a length tells nothing of a name. */
const BLOCK_BYTES = 64;
const ALGORITHM = 'aes-256-gcm';

export class PersonVault {
  readonly #random: Random;
  readonly #current: string;
  readonly #records: ReadonlyMap<string, KeyObject>;
  readonly #lookup: KeyObject;

  constructor(keys: PersonKeys, random: Random) {
    this.#random = random;
    this.#current = keys.current;
    this.#records = new Map([...keys.records].map(([id, bytes]) => [id, createSecretKey(bytes)]));
    this.#lookup = createSecretKey(keys.lookup);
  }

  /** @returns `KEY.BASE64URL` of nonce, ciphertext and tag */
  seal(place: FieldOfRow, text: string): string {
    const key = this.#records.get(this.#current);
    assert(key !== undefined, 'the current key is among the keys');
    const nonce = this.#random.bytes(NONCE_BYTES);
    const cipher = createCipheriv(ALGORITHM, key, nonce, { authTagLength: TAG_BYTES });
    cipher.setAAD(Buffer.from(nameOf(place)));
    const inside = Buffer.from(text);
    const filled = Buffer.alloc(Math.ceil(inside.length / BLOCK_BYTES) * BLOCK_BYTES, ' ');
    inside.copy(filled);
    const sealed = Buffer.concat([nonce, cipher.update(filled), cipher.final(), cipher.getAuthTag()]);
    return `${this.#current}.${sealed.toString('base64url')}`;
  }

  /** @throws when the text was changed, moved, or written under a key that is not here: never a guess */
  open(place: FieldOfRow, sealed: string): string {
    const [id = '', packed = ''] = sealed.split('.');
    const key = this.#records.get(id);
    const bytes = Buffer.from(packed, 'base64url');
    if (key === undefined || bytes.length < NONCE_BYTES + TAG_BYTES) throw unreadable(place);
    const decipher = createDecipheriv(ALGORITHM, key, bytes.subarray(0, NONCE_BYTES), {
      authTagLength: TAG_BYTES,
    });
    decipher.setAAD(Buffer.from(nameOf(place)));
    decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
    try {
      const inside = decipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES));
      return Buffer.concat([inside, decipher.final()]).toString('utf8').trimEnd();
    } catch {
      throw unreadable(place);
    }
  }

  /** Name of the key that is written under; every sealed text begins with its key's. */
  get current(): string {
    return this.#current;
  }

  /** @param text of the wire's look-ups, e.g. `name:…` @returns 32 hex digits */
  lookup(text: string): string {
    return hmac(this.#lookup, text).slice(0, LOOKUP_HASH_BYTES * 2);
  }

  /** Whole: two documents must never share one. @returns 64 hex digits */
  whole(text: string): string {
    return hmac(this.#lookup, text);
  }

  /** A name and a proof of each key, to be kept in the database: neither says anything of the key. */
  proofs(): { id: string; proof: string }[] {
    const records = [...this.#records].map(([id, key]) => ({ id: `record-${id}`, proof: hmac(key, PROOF) }));
    return [...records, { id: 'lookup', proof: hmac(this.#lookup, PROOF) }];
  }
}

const PROOF = 'proof:this database was written with this key';

/** Hashes of a roster, under its own key, which gates hold. */
export function rosterHash(key: KeyObject, text: string): string {
  return hmac(key, text).slice(0, LOOKUP_HASH_BYTES * 2);
}

function hmac(key: KeyObject, text: string): string {
  return createHmac('sha256', key).update(text).digest('hex');
}

function nameOf({ table, row, field }: FieldOfRow): string {
  return `${table}/${row}/${field}`;
}

function unreadable(place: FieldOfRow): Error {
  return new Error(`${nameOf(place)}: cannot be read with the keys that are here; bring back their backup`);
}
