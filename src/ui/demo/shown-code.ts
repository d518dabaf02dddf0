import { toHex } from '../../base/index.ts';
import { showProof } from '../../holder/index.ts';
import type { ResidentState, ResidentView } from '../../wire/index.ts';
import { fetchCode, fetchResident, type IssuedKind, registerKey } from './api.ts';
import { canKeepKeys, forgetKey, keepSlot, keyOf } from './key-store.ts';

/** Makes the codes that the page shows: fetched from the district, or signed here. */

export type CodeKind = IssuedKind | 'proof';

export interface ShownCode {
  readonly text: string;
  /** Milliseconds of this device's clock. */
  readonly madeAtMs: number;
  readonly renewAtMs: number;
}

export type CodeProblem = 'no-answer' | 'not-valid' | 'no-keys' | 'too-many-keys';

export interface Wanted {
  readonly district: string;
  readonly resident: ResidentView;
  readonly kind: CodeKind;
}

/** A fresh second is signed this often; a gate takes a proof for 90 s (docs/code-format.md, step 4). */
const PROOF_EVERY_MS = 20_000;
/** A token is fetched anew this long before it ends. */
const TOKEN_SPARE_MS = 30_000;
/** To all others the district issues nothing. */
const GETS_CODES: ReadonlySet<ResidentState> = new Set(['valid', 'ask-guard']);

export async function makeCode(wanted: Wanted): Promise<ShownCode | CodeProblem> {
  if (wanted.kind === 'proof') return makeProof(wanted);
  const fetched = await fetchCode(wanted.kind, wanted.resident);
  if (fetched === undefined) return GETS_CODES.has(wanted.resident.state) ? 'no-answer' : 'not-valid';
  const madeAtMs = Date.now();
  const endsAtMs = fetched.expiresAt * 1000;
  const spareMs = wanted.kind === 'token' ? TOKEN_SPARE_MS : 0;
  return { text: fetched.code, madeAtMs, renewAtMs: Math.max(madeAtMs + 1_000, endsAtMs - spareMs) };
}

async function makeProof({ district, resident: { index } }: Wanted): Promise<ShownCode | CodeProblem> {
  if (!(await canKeepKeys())) return 'no-keys';
  const { key, slot: known } = await keyOf(district, index);
  let slot = known;
  const proofOf = async (shown: number) =>
    (await showProof(key, { district, seconds: Math.floor(Date.now() / 1000), index, slot: shown, party: 0 }))
      .canonical;
  if (slot === undefined) {
    const fresh = await fetchResident(index);
    if (fresh === undefined) return 'no-answer';
    if (fresh.nextSlot === undefined) return 'too-many-keys';
    const proof = await proofOf(fresh.nextSlot);
    if (!(await registerKey(index, { publicKey: toHex(key.publicKey), proof }))) {
      // A key whose registration was cut off is known there and has no slot here: the next try makes another.
      await forgetKey(district, index);
      return 'no-answer';
    }
    slot = fresh.nextSlot;
    await keepSlot(district, index, slot);
  }
  const madeAtMs = Date.now();
  return { text: await proofOf(slot), madeAtMs, renewAtMs: madeAtMs + PROOF_EVERY_MS };
}
