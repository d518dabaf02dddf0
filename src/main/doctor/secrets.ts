import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { GateFile } from '../../../config/schema.ts';

/** What must never leave a gate: its passwords and the private parts of its keys. */

const SECRET_KEY = /password|secret|token|passphrase|pin$/i;
/** What stands before the `@` of an address. */
const USER_INFO = /^([a-z]+:\/\/)[^/@]*@/i;
const SECRET_BYTES_MIN = 6;
const KEY_FILES_MAX = 64;
const KEY_BYTES_MAX = 65_536;

/** A copy with every secret taken out, by the names of its keys, and addresses without who signs in there. */
export function withoutSecrets(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutSecrets);
  if (typeof value === 'string') return value.replace(USER_INFO, '$1');
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, part]) => [
      key,
      SECRET_KEY.test(key) ? '[removed]' : withoutSecrets(part),
    ]),
  );
}

/** The net below: whether none of this gate's own secrets stands in the text. */
export function isClean(text: string, config: GateFile | undefined): boolean {
  if (config === undefined) return true;
  return secretsOf(config).every((secret) => !text.includes(secret));
}

function secretsOf(config: GateFile): string[] {
  const { mqtt, dataDir, proxy } = config;
  const said = [mqtt?.password, mqtt?.community?.password, proxy?.password].filter(
    (each) => each !== undefined,
  );
  const kept = keyFilesIn(join(dataDir, 'keys')).flatMap(secretParts);
  return [...said, ...kept].filter((secret) => secret.length >= SECRET_BYTES_MIN);
}

function keyFilesIn(folder: string): string[] {
  if (!existsSync(folder)) return [];
  try {
    return readdirSync(folder)
      .slice(0, KEY_FILES_MAX)
      .map((name) => readFileSync(join(folder, name), 'utf8').slice(0, KEY_BYTES_MAX));
  } catch {
    // Whoever cannot read them cannot have put them anywhere.
    return [];
  }
}

function secretParts(text: string): string[] {
  const jwk = /"d":"([^"]+)"/.exec(text)?.[1];
  if (jwk !== undefined) return [jwk];
  const pem = [...text.matchAll(/-----BEGIN [A-Z ]*PRIVATE KEY-----([^-]+)-----END/g)];
  if (pem.length > 0) return pem.flatMap(([, body = '']) => body.trim().split('\n'));
  return text.includes('-----BEGIN') ? [] : [text.trim()];
}
