import { ok, type Result } from '../base/index.ts';
import {
  type DocumentName,
  KEYSET_TYPE,
  keysetPayload,
  OPERATORS_TYPE,
  operatorsPayload,
  POLICY_TYPE,
  policyPayload,
  ROSTER_TYPE,
  type Role,
  rosterPayload,
  STATUS_DELTA_TYPE,
  STATUS_LIST_TYPE,
  statusDeltaPayload,
  statusListPayload,
  TIME_TYPE,
  type TimePayload,
  timePayload,
} from '../wire/index.ts';
import type { Case, SignedTimeSeen } from './case.ts';
import { applyDelta, readKeyset, readList, readRoster } from './contents.ts';
import { type Contents, deltaOf, type KeysetContent, type Said } from './held.ts';
import { type DocumentRefused, refuse } from './refused.ts';

/** One row for each `typ`: who signs it, what it looks like, and what it brings. */
export interface Kind {
  readonly role: Role;
  /** Its name as long as only its type is known. */
  readonly label: string;
  read(claims: unknown, of: Case): Result<Read, DocumentRefused>;
}

/** A document whose signature and shape hold. */
export interface Read {
  readonly name: DocumentName;
  readonly claims: {
    readonly iss: string;
    readonly aud?: string | number;
    readonly version: number;
    readonly iat: number;
    readonly exp?: number;
  };
  /** false: it is taken at any age, because it only raises what is known. */
  readonly mayExpire: boolean;
  /** An answer to the gate's own nonce. */
  readonly answer: boolean;
  readonly seen: { readonly time?: SignedTimeSeen };
  content(of: Case): Promise<Result<Brought, DocumentRefused>>;
}

interface Brought {
  readonly contents: Contents;
  /** Of a list: the hash of its bytes. Absent: the payload's. */
  readonly hash?: string;
}

interface Schema<Payload> {
  safeParse(value: unknown):
    | { readonly success: true; readonly data: Payload }
    | {
        readonly success: false;
        readonly error: {
          readonly issues: readonly { readonly path: PropertyKey[]; readonly message: string }[];
        };
      };
}

const PLAIN = { mayExpire: true, answer: false, seen: {} } as const;

export const KINDS: ReadonlyMap<string, Kind> = new Map([
  [
    POLICY_TYPE,
    kind({ role: 'policy', label: 'policy', schema: policyPayload }, (policy) => ({
      ...PLAIN,
      name: 'policy',
      claims: policy,
      content: async () => ok({ contents: { policy } }),
    })),
  ],
  [
    KEYSET_TYPE,
    kind({ role: 'keyset', label: 'keyset', schema: keysetPayload }, (payload) => ({
      ...PLAIN,
      name: 'keyset',
      claims: payload,
      content: async (of) => {
        const keyset = readKeyset(payload, of.identity.engine);
        if (!keyset.ok) return keyset;
        const reused = reusedKid(of, keyset.value);
        return reused === undefined
          ? ok({ contents: { keyset: keyset.value } })
          : refuse('kid-reused', { document: 'keyset', field: 'keys', detail: `kid ${reused}` });
      },
    })),
  ],
  [
    STATUS_LIST_TYPE,
    kind({ role: 'status', label: 'status list', schema: statusListPayload }, (payload) => ({
      ...PLAIN,
      name: payload.sub,
      claims: payload,
      content: async () => {
        const list = await readList(payload);
        return list.ok ? ok({ contents: { [payload.sub]: list.value }, hash: list.value.hash }) : list;
      },
    })),
  ],
  [
    STATUS_DELTA_TYPE,
    kind({ role: 'status', label: 'status delta', schema: statusDeltaPayload }, (payload) => ({
      ...PLAIN,
      name: deltaOf(payload.sub),
      claims: payload,
      content: async (of) => {
        const list = await applyDelta(of.held.contents[payload.sub], payload);
        return list.ok ? ok({ contents: { [payload.sub]: list.value }, hash: list.value.hash }) : list;
      },
    })),
  ],
  [
    ROSTER_TYPE,
    kind({ role: 'roster', label: 'roster', schema: rosterPayload }, (payload) => ({
      ...PLAIN,
      name: 'roster',
      claims: payload,
      content: async (of) => ok({ contents: { roster: readRoster(payload, of.identity.engine) } }),
    })),
  ],
  [
    OPERATORS_TYPE,
    kind({ role: 'operators', label: 'operators', schema: operatorsPayload }, (operators) => ({
      ...PLAIN,
      name: 'operators',
      claims: operators,
      content: async () => ok({ contents: { operators } }),
    })),
  ],
  [
    TIME_TYPE,
    kind({ role: 'time', label: 'time', schema: timePayload }, (payload) => {
      const { time, nonce, iss, iat, exp, aud } = payload;
      return {
        name: 'time',
        // Its version is the time that it tells.
        claims: { iss, iat, exp, version: time, ...(aud === undefined ? {} : { aud }) },
        mayExpire: false,
        answer: nonce !== undefined,
        seen: { time: { timeMs: time, ...(nonce === undefined ? {} : { nonce }) } },
        content: async (of) =>
          ok({ contents: { time: payload, said: { ...of.held.contents.said, ...said(payload) } } }),
      };
    }),
  ],
]);

function kind<Payload>(
  row: { readonly role: Role; readonly label: string; readonly schema: Schema<Payload> },
  read: (payload: Payload) => Read,
): Kind {
  return {
    role: row.role,
    label: row.label,
    read: (claims) => {
      const parsed = row.schema.safeParse(claims);
      if (parsed.success) return ok(read(parsed.data));
      const issue = parsed.error.issues[0];
      const field = issue?.path.map(String).join('.') ?? '';
      return refuse('malformed', { document: row.label, field, detail: issue?.message ?? '' });
    },
  };
}

function said(payload: TimePayload): Record<string, Said> {
  const at = Math.floor(payload.time / 1000);
  return Object.fromEntries(Object.entries(payload.documents).map(([scope, one]) => [scope, { ...one, at }]));
}

/** A kid that is given to another key while codes under the first may still count. */
function reusedKid(of: Case, next: KeysetContent): number | undefined {
  if (of.occasion.type === 'restore') return undefined;
  const { seconds } = of.occasion.now;
  const living = new Map(
    (of.held.contents.keyset?.listed ?? [])
      .filter((key) => key.verifyUntil >= seconds)
      .map((key) => [key.kid, key]),
  );
  const reused = next.listed.find((key) => {
    const before = living.get(key.kid);
    return before !== undefined && (before.x !== key.x || before.suite !== key.suite);
  });
  return reused === undefined ? undefined : Number(reused.kid);
}
