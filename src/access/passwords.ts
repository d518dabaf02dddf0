import { timingSafeEqual } from 'node:crypto';
import { err, ok, type Result, utf8 } from '../base/index.ts';
import type { Random } from '../ports/index.ts';
import { PASSWORDS_HASHED_MAX, PASSWORDS_WAITING_MAX } from './limits.ts';

/**
 * Passwords are kept as PHC texts of argon2id alone. Checking takes the same work whether there is an account or not, and
 * only so many are worked on at once: a flood is turned away, not queued without end.
 */
export type Argon2id = (
  message: Uint8Array,
  salt: Uint8Array,
  parameters: { memory: number; passes: number; parallelism: number; bytes: number },
) => Promise<Uint8Array>;

/** Cryptography comes from outside: this room declares what it needs of it. */
export interface PasswordCrypto {
  readonly argon2id: Argon2id;
}

/** OWASP Password Storage Cheat Sheet, argon2id, first choice: 46 MiB, one pass, one lane. */
const PARAMETERS = { memory: 47_104, passes: 1, parallelism: 1, bytes: 32 } as const;
/** RFC 9106, 3.1: 16 bytes of salt are recommended for passwords. */
const SALT_BYTES = 16;
/** What a stored text may ask for: a database that was tampered with must not ask for all memory. */
const MEMORY_MAX = 262_144;
const PASSES_MAX = 16;

const PHC =
  /^\$argon2id\$v=19\$m=(\d{1,6}),t=(\d{1,2}),p=(\d{1,2})\$([A-Za-z0-9+/]{11,86})\$([A-Za-z0-9+/]{22,86})$/;

export interface Checked {
  readonly matches: boolean;
  /** Made with other parameters than today's: hash it anew. */
  readonly outdated: boolean;
}

export class Passwords {
  readonly #argon2id: Argon2id;
  readonly #random: Random;
  readonly #waiting: (() => void)[] = [];
  #working = 0;

  constructor({ argon2id, random }: { argon2id: Argon2id; random: Random }) {
    this.#argon2id = argon2id;
    this.#random = random;
  }

  /** @returns the PHC text */
  async hash(password: string): Promise<Result<string, 'busy'>> {
    const salt = this.#random.bytes(SALT_BYTES);
    const tag = await this.#work(() => this.#argon2id(normal(password), salt, PARAMETERS));
    if (!tag.ok) return tag;
    const { memory, passes, parallelism } = PARAMETERS;
    return ok(`$argon2id$v=19$m=${memory},t=${passes},p=${parallelism}$${base64(salt)}$${base64(tag.value)}`);
  }

  /** @param phc undefined: there is none, and the same work is done for nothing */
  async check(password: string, phc: string | undefined): Promise<Result<Checked, 'busy'>> {
    const kept = phc === undefined ? undefined : parsePhc(phc);
    const parameters = kept?.parameters ?? PARAMETERS;
    const salt = kept?.salt ?? this.#random.bytes(SALT_BYTES);
    const tag = await this.#work(() => this.#argon2id(normal(password), salt, parameters));
    if (!tag.ok) return tag;
    const matches = kept !== undefined && timingSafeEqual(tag.value, kept.tag);
    return ok({ matches, outdated: matches && !isToday(parameters) });
  }

  async #work<Value>(work: () => Promise<Value>): Promise<Result<Value, 'busy'>> {
    if (this.#working >= PASSWORDS_HASHED_MAX) {
      if (this.#waiting.length >= PASSWORDS_WAITING_MAX) return err('busy');
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    } else this.#working += 1;
    try {
      return ok(await work());
    } finally {
      // The place is handed on, so that nobody slips in before who waited.
      const next = this.#waiting.shift();
      if (next === undefined) this.#working -= 1;
      else next();
    }
  }
}

interface Kept {
  readonly parameters: { memory: number; passes: number; parallelism: number; bytes: number };
  readonly salt: Uint8Array;
  readonly tag: Uint8Array;
}

function parsePhc(text: string): Kept | undefined {
  const [, memory, passes, parallelism, salt = '', tag = ''] = PHC.exec(text) ?? [];
  const bytes = Buffer.from(tag, 'base64');
  const parameters = {
    memory: Number(memory),
    passes: Number(passes),
    parallelism: Number(parallelism),
    bytes: bytes.length,
  };
  const fits =
    parameters.parallelism >= 1 &&
    parameters.memory >= 8 * parameters.parallelism &&
    parameters.memory <= MEMORY_MAX &&
    parameters.passes >= 1 &&
    parameters.passes <= PASSES_MAX;
  return fits ? { parameters, salt: Buffer.from(salt, 'base64'), tag: bytes } : undefined;
}

function isToday(parameters: Kept['parameters']): boolean {
  return (['memory', 'passes', 'parallelism', 'bytes'] as const).every(
    (name) => parameters[name] === PARAMETERS[name],
  );
}

/** NIST SP 800-63B, 3.1.1.2: NFKC, so that the same characters are the same bytes on every keyboard. */
function normal(password: string): Uint8Array {
  return utf8(password.normalize('NFKC'));
}

/** Base64 without padding, as the PHC string format has it. */
function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64').replace(/=+$/, '');
}
