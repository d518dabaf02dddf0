import { createHash, createPublicKey, generateKeyPairSync, type KeyObject, sign, verify } from 'node:crypto';
import { ok, toHex } from '../../src/base/index.ts';
import type { InboxItem, Signer } from '../../src/ports/index.ts';
import type {
  Cursor,
  CursorStore,
  JournalSource,
  TrustPort,
  VerifySignature,
  Vitals,
} from '../../src/report/index.ts';
import {
  type AlarmPayload,
  ackClaims,
  type ChainedRow,
  GENESIS_HASH,
  type RowDraft,
  rowContentBytes,
} from '../../src/wire/index.ts';

/** Twins of a gate's rooms for tests of its reporting: a journal in memory with a real chain, real device keys. */

export interface MemoryJournal extends JournalSource {
  append(draft?: Partial<RowDraft>): ChainedRow;
}

export function memoryJournal(id: string = '0'.repeat(32)): MemoryJournal {
  const rows: ChainedRow[] = [];
  const listeners = new Set<(row: ChainedRow) => void>();
  return {
    id,
    head: () => ({ seq: rows.length, hash: rows.at(-1)?.hash ?? GENESIS_HASH }),
    rows: (from, limit) => rows.slice(from - 1, from - 1 + limit),
    onAppend: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    append: (draft = {}) => {
      const row = chained(rows.at(-1), draft);
      rows.push(row);
      for (const listener of listeners) listener(row);
      return row;
    },
  };
}

/** The row that follows `before` in a chain. */
export function chained(before: ChainedRow | undefined, draft: Partial<RowDraft>): ChainedRow {
  const content = {
    seq: (before?.seq ?? 0) + 1,
    at: '2026-01-02T03:04:05.678Z',
    clock: 'synced' as const,
    decision: 'system' as const,
    ...draft,
  };
  const previousHash = before?.hash ?? GENESIS_HASH;
  const digest = createHash('sha256').update(rowContentBytes(content)).digest();
  const hash = createHash('sha256').update(Buffer.from(previousHash, 'hex')).update(digest).digest('hex');
  return { ...content, previousHash, digest: digest.toString('hex'), hash };
}

export function memoryCursor(): CursorStore & { readonly history: Cursor[] } {
  const history: Cursor[] = [];
  return { history, load: () => history.at(-1), store: (cursor) => void history.push(cursor) };
}

export function keyPair(): { privateKey: KeyObject; publicKeyHex: string } {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const x = publicKey.export({ format: 'jwk' }).x ?? '';
  return { privateKey, publicKeyHex: toHex(Buffer.from(x, 'base64url')) };
}

export function signToken(key: KeyObject, typ: string, payload: object): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const signed = `${part({ alg: 'EdDSA', typ })}.${part(payload)}`;
  return `${signed}.${sign(null, Buffer.from(signed), key).toString('base64url')}`;
}

export function testSigner(key: KeyObject, publicKeyHex: string): Signer {
  return {
    publicKey: Buffer.from(publicKeyHex, 'hex'),
    sign: (message) => sign(null, message, key),
    signJwt: (typ, payload) => Promise.resolve(signToken(key, typ, payload)),
  };
}

export const verifySignature: VerifySignature = (publicKey, { message, signature }) => {
  const x = Buffer.from(publicKey).toString('base64url');
  const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
  return verify(null, message, key, signature);
};

export function claimsOf(token: string): unknown {
  return JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());
}

/** Believes every acknowledgement and command that parses, and keeps every document. */
export function openTrust(
  sisterGates: Record<string, string> = {},
): TrustPort & { readonly documents: string[] } {
  const documents: string[] = [];
  return {
    documents,
    versions: () => ({ policy: 1 }),
    accept: (document) => {
      documents.push(document);
      return Promise.resolve({ ok: true, changed: true });
    },
    verifyAck: (token) => {
      const claims = ackClaims.safeParse(claimsOf(token));
      return Promise.resolve(claims.success ? ok(claims.data) : { ok: false, error: 'malformed' });
    },
    verifyCommand: (token, { session }) => {
      const claims = claimsOf(token) as Record<string, string | number>;
      if (claims['nonce'] !== session) return Promise.resolve({ ok: false, error: { why: 'nonce' } });
      const { jti, verb, from } = claims;
      return Promise.resolve(
        ok({
          jti: String(jti),
          verb: verb === 'resend-from' ? 'resend-from' : 'open',
          actor: 'operator-1',
          reason: 'test',
          key: 'operator-1',
          counter: 1,
          issuedAt: 0,
          expiresAt: 0,
          ...(typeof from === 'number' ? { from } : {}),
        }),
      );
    },
    sisterGates: () => sisterGates,
    onChange: () => () => undefined,
  };
}

export function quietVitals(): Vitals & { raise(alarm: AlarmPayload): void } {
  const listeners = new Set<(alarm: AlarmPayload) => void>();
  return {
    status: () => ({ software: 'test', clock: { quality: 'synced', errorSeconds: 0 }, lanes: [] }),
    health: () => ({ uptimeSeconds: 1, queueDepth: 0, readers: [], versions: { software: 'test' } }),
    onChange: () => () => undefined,
    onAlarm: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    raise: (alarm) => {
      for (const listener of listeners) listener(alarm);
    },
  };
}

export function memoryInbox(capacity = 100) {
  const items: InboxItem[] = [];
  return { items, offer: (item: InboxItem) => items.length < capacity && items.push(item) > 0 };
}
