import { hash } from 'node:crypto';
import type { Selectable } from 'kysely';
import { assert, encodeBase64url, fromHex } from '../../base/index.ts';
import type { Kind, Suite } from '../../code/index.ts';
import type { Issuer } from '../../issue/index.ts';
import type { IssuerJwk } from '../../wire/index.ts';
import { KID_REST_SECONDS, KIDS } from '../limits.ts';
import type { IssuerKeyTable } from './tables.ts';

/** One key of an issuer: what it may sign, how the key set says it, which number it may have. */
export interface IssuerSettings {
  readonly name: string;
  readonly suite: Suite;
  /** Absent: all that the suite may sign. */
  readonly kinds?: readonly (1 | 2 | 4 | 5)[] | undefined;
  /** Absent: all communities. */
  readonly communities?: readonly number[] | undefined;
  readonly signDays: number;
  /** From the key's first day: codes of its last signing day must end inside. */
  readonly verifyDays: number;
}

export interface Choice {
  readonly kind: 1 | 2 | 4 | 5;
  readonly community: number;
  /** Absent: the first that may. */
  readonly issuer?: string | undefined;
  /** Unix seconds: last moment at which the code should count. */
  readonly until: number;
}

export type Row = Selectable<IssuerKeyTable>;
export type Scope = Pick<IssuerSettings, 'kinds' | 'communities'>;

export interface Key {
  readonly row: Row;
  readonly scope: Scope;
  /** Absent: its secret is not here, or is gone since it signs no more. */
  readonly issuer?: Issuer;
}

/** What a suite may sign (docs/code-format.md, Kinds). */
const KINDS_OF: Readonly<Record<Suite, readonly (1 | 2 | 4 | 5)[]>> = { 1: [1, 2, 4, 5], 2: [1, 4, 5] };
/** Kind 2 needs Ed25519: without its own scope an SM2 issuer says what it may. */
const KINDS_ALL = KINDS_OF[1].length;

export function covers({ suite, kinds, communities }: IssuerSettings, { kind, community }: Choice): boolean {
  return (
    (kinds ?? KINDS_OF[suite]).includes(kind) &&
    KINDS_OF[suite].includes(kind) &&
    (communities?.includes(community) ?? true)
  );
}

export function scopeOf({ suite, kinds, communities }: IssuerSettings): Scope {
  const own = kinds ?? KINDS_OF[suite];
  return {
    ...(own.length === KINDS_ALL ? {} : { kinds: own }),
    ...(communities === undefined ? {} : { communities }),
  };
}

/** Published, or about to be, and not signing yet. */
export function isWaiting(row: Row, issuer: string): boolean {
  return row.issuer === issuer && row.sign_from_seconds === null && row.retired_at_seconds === null;
}

/** The lowest that was never given; then the one that has rested longest since its last code died. */
export function freeKid(rows: readonly Row[], now: number): number | undefined {
  const until = new Map<number, number>();
  for (const { kid, verify_until_seconds } of rows)
    until.set(kid, Math.max(until.get(kid) ?? 0, verify_until_seconds));
  for (let kid = 1; kid < KIDS; kid += 1) if (!until.has(kid)) return kid;
  if (!until.has(0)) return 0;
  const [oldest] = [...until].sort(([, left], [, right]) => left - right);
  return oldest !== undefined && oldest[1] + KID_REST_SECONDS < now ? oldest[0] : undefined;
}

export function jwkOf({ row, scope }: Key): IssuerJwk {
  const key = fromHex(row.public_key);
  assert(key !== undefined, 'a stored key is hex');
  const span = {
    kid: String(row.kid),
    notBefore: row.not_before_seconds,
    signUntil: row.sign_until_seconds,
    verifyUntil: row.verify_until_seconds,
    ...(row.retired_at_seconds !== null && row.cut_off_seconds === null ? { retired: true as const } : {}),
    ...(row.cut_off_seconds === null ? {} : { cutOff: row.cut_off_seconds }),
    ...(scope.kinds === undefined ? {} : { kinds: [...scope.kinds] as Exclude<Kind, 3>[] }),
    ...(scope.communities === undefined ? {} : { communities: [...scope.communities] }),
  };
  if (row.suite !== 2) return { ...span, suite: 1, kty: 'OKP', crv: 'Ed25519', x: encodeBase64url(key) };
  const [x, y] = [encodeBase64url(key.subarray(1, 33)), encodeBase64url(key.subarray(33))];
  return { ...span, suite: 2, kty: 'EC', crv: 'SM2', x, y };
}

export function idOf(publicKey: Uint8Array): string {
  return hash('sha256', publicKey, 'hex').slice(0, 32);
}

export function secretName(id: string): string {
  return `issuer-${id}`;
}
