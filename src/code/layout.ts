import { assert } from '../base/index.ts';
import type {
  CardFields,
  CodeFields,
  CredentialFields,
  Kind,
  PassFields,
  ProofFields,
  Suite,
  TokenFields,
} from './claim.ts';

/**
 * Where each field of each kind lies (docs/code-format.md). One table reads, writes and checks all five kinds;
 * it must never learn what a field means.
 *
 * ```
 * kind 1  0 kind|suite  1 kid  2-5 index  6-9 iat  10 ttlMinutes<<2 | assurance          11-74 issuer signature over 0..10
 * kind 2  0 kind|suite  1 kid  2-5 index  6-7 lastDay  8 assurance  9-40 holder key      41-104 issuer signature over 0..40
 *         105-108 ts                                                                    109-172 holder signature over 0..108
 * kind 3  0 kind|suite  1 slot  2-5 index  6-9 ts  10 party                              11-74 holder signature over 0..10
 * kind 4  0 kind|suite  1 kid  2-5 pass id  6-9 host index  10-13 community  14-17 from  18-19 minutes  20 uses
 *                                                                                       21-84 issuer signature over 0..20
 * kind 5  0 kind|suite  1 kid  2-5 index  6-7 firstDay  8-9 lastDay  10 assurance        11-74 issuer signature over 0..10
 * ```
 */
export interface Layout {
  readonly kind: Kind;
  /** The whole code, signatures included. */
  readonly bytes: number;
  readonly suites: readonly Suite[];
  readonly fields: readonly (readonly [name: string, place: Place])[];
  readonly signatures: readonly SignaturePlace[];
  /** Bits that must be zero. */
  readonly reserved: readonly { readonly at: number; readonly mask: number }[];
  /** A rule between fields, where there is one. */
  readonly consistent: (fields: CodeFields) => boolean;
}

export type SignedBy = 'issuer' | 'holder';

export interface SignaturePlace {
  readonly by: SignedBy;
  /** Signed are the bytes 0..at-1; the signature itself is `at..at+63`. */
  readonly at: number;
}

type Place = NumberPlace | BytesPlace;

interface NumberPlace {
  readonly at: number;
  readonly size: 1 | 2 | 4;
  /** Where a field shares its byte: how far it is shifted, and its largest value there. */
  readonly shift: number;
  readonly mask: number;
  readonly min: number;
  readonly max: number;
}

interface BytesPlace {
  readonly at: number;
  readonly length: number;
}

type PlacesOf<Fields> = { readonly [Name in Exclude<keyof Fields, 'kind' | 'suite'>]: Place };

export const SIGNATURE_BYTES = 64;

const uint = (at: number, size: 1 | 2 | 4, min = 0): NumberPlace => {
  const max = 2 ** (8 * size) - 1;
  return { at, size, shift: 0, mask: max, min, max };
};
const bits = (
  at: number,
  shift: number,
  range: { width: number; min: number; max: number },
): NumberPlace => ({
  at,
  size: 1,
  shift,
  mask: 2 ** range.width - 1,
  min: range.min,
  max: range.max,
});
const assurance = (at: number) => bits(at, 0, { width: 2, min: 0, max: 2 });

const token: PlacesOf<TokenFields> = {
  kid: uint(1, 1),
  index: uint(2, 4),
  iat: uint(6, 4),
  ttlMinutes: bits(10, 2, { width: 6, min: 1, max: 63 }),
  assurance: assurance(10),
};

const credential: PlacesOf<CredentialFields> = {
  kid: uint(1, 1),
  index: uint(2, 4),
  lastDay: uint(6, 2),
  assurance: assurance(8),
  holderPublicKey: { at: 9, length: 32 },
  ts: uint(105, 4),
};

const proof: PlacesOf<ProofFields> = {
  slot: uint(1, 1),
  index: uint(2, 4),
  ts: uint(6, 4),
  party: uint(10, 1),
};

const pass: PlacesOf<PassFields> = {
  kid: uint(1, 1),
  passId: uint(2, 4),
  hostIndex: uint(6, 4),
  community: uint(10, 4),
  from: uint(14, 4),
  minutes: uint(18, 2, 1),
  uses: uint(20, 1, 1),
};

const card: PlacesOf<CardFields> = {
  kid: uint(1, 1),
  index: uint(2, 4),
  firstDay: uint(6, 2),
  lastDay: uint(8, 2),
  assurance: assurance(10),
};

const always = () => true;

export const LAYOUTS: Readonly<Record<Kind, Layout>> = {
  1: {
    kind: 1,
    bytes: 75,
    suites: [1, 2],
    fields: Object.entries(token),
    signatures: [{ by: 'issuer', at: 11 }],
    reserved: [],
    consistent: always,
  },
  2: {
    kind: 2,
    bytes: 173,
    suites: [1],
    fields: Object.entries(credential),
    signatures: [
      { by: 'issuer', at: 41 },
      { by: 'holder', at: 109 },
    ],
    reserved: [{ at: 8, mask: 0xfc }],
    consistent: always,
  },
  3: {
    kind: 3,
    bytes: 75,
    suites: [1],
    fields: Object.entries(proof),
    signatures: [{ by: 'holder', at: 11 }],
    reserved: [],
    consistent: always,
  },
  4: {
    kind: 4,
    bytes: 85,
    suites: [1, 2],
    fields: Object.entries(pass),
    signatures: [{ by: 'issuer', at: 21 }],
    reserved: [],
    consistent: always,
  },
  5: {
    kind: 5,
    bytes: 75,
    suites: [1, 2],
    fields: Object.entries(card),
    signatures: [{ by: 'issuer', at: 11 }],
    reserved: [{ at: 10, mask: 0xfc }],
    consistent: (fields) => fields.kind !== 5 || fields.firstDay <= fields.lastDay,
  },
};

/**
 * The fields of a code whose length, kind and suite are already right.
 * @returns undefined where a reserved bit is set or a value is out of its range
 */
export function readFields(layout: Layout, suite: Suite, bytes: Uint8Array): CodeFields | undefined {
  assert(bytes.length === layout.bytes, 'a code of this kind has one length');
  for (const { at, mask } of layout.reserved) if (((bytes[at] ?? 0) & mask) !== 0) return undefined;
  const fields: Record<string, unknown> = { kind: layout.kind, suite };
  for (const [name, place] of layout.fields) {
    const value = read(place, bytes);
    if (value === undefined) return undefined;
    fields[name] = value;
  }
  // The table's rows are checked against the fields' names where they are written (PlacesOf).
  const known = fields as unknown as CodeFields;
  return layout.consistent(known) ? known : undefined;
}

/** Writes all fields into a code of full length. A value out of its range is a bug of the caller's. */
export function writeFields(layout: Layout, fields: CodeFields, bytes: Uint8Array): void {
  assert(bytes.length === layout.bytes, 'a code of this kind has one length');
  assert(
    layout.suites.includes(fields.suite),
    `suite ${fields.suite} is not defined for kind ${fields.kind}`,
  );
  assert(layout.consistent(fields), `the fields of kind ${fields.kind} contradict each other`);
  bytes[0] = (layout.kind << 4) | fields.suite;
  const values = fields as unknown as Readonly<Record<string, unknown>>;
  for (const [name, place] of layout.fields) write(place, values[name], { name, bytes });
}

function read(place: Place, bytes: Uint8Array): number | Uint8Array | undefined {
  if ('length' in place) return bytes.slice(place.at, place.at + place.length);
  let value = 0;
  for (let at = place.at; at < place.at + place.size; at += 1) value = value * 256 + (bytes[at] ?? 0);
  if (place.size === 1) value = (value >> place.shift) & place.mask;
  return value >= place.min && value <= place.max ? value : undefined;
}

function write(place: Place, value: unknown, into: { name: string; bytes: Uint8Array }): void {
  if ('length' in place) {
    assert(
      value instanceof Uint8Array && value.length === place.length,
      `${into.name} has ${place.length} bytes`,
    );
    into.bytes.set(value, place.at);
    return;
  }
  assert(
    typeof value === 'number' && Number.isInteger(value) && value >= place.min && value <= place.max,
    `${into.name} is a whole number from ${place.min} to ${place.max}`,
  );
  if (place.size === 1) {
    into.bytes[place.at] = (into.bytes[place.at] ?? 0) | (value << place.shift);
    return;
  }
  for (let offset = 0; offset < place.size; offset += 1) {
    into.bytes[place.at + place.size - 1 - offset] = Math.floor(value / 256 ** offset) % 256;
  }
}
