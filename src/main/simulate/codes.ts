import { fromHex, err, type Result } from '../../base/index.ts';
import { parseCode, type Refusal } from '../../code/index.ts';
import { ed25519Signer, nodeEngine } from '../../crypto/index.ts';
import { type HolderKey, showProof } from '../../holder/index.ts';
import type { TrustSnapshot } from '../../trust/index.ts';
import { createVerifier } from '../../verify/index.ts';
import { rulesOf } from '../../wire/index.ts';
import type { Phone } from './messages.ts';

/** Codes that are shown to simulated gates, and their judgement: the real phone's, the real gate's. */

const verify = createVerifier(nodeEngine());

export interface Shown {
  readonly kind: number;
  readonly index: number;
}

/** @param seed hex, 32 bytes */
export function phoneKey(seed: string): HolderKey {
  const bytes = fromHex(seed);
  if (bytes === undefined) throw new Error('invariant broken: a seed is hex');
  const signer = ed25519Signer(bytes);
  return { publicKey: signer.publicKey, sign: async (message) => signer.sign(message) };
}

/** @returns the text of a kind 3 code */
export async function phoneCode(
  phone: Pick<Phone, 'seed' | 'index'>,
  { district, seconds }: { district: string; seconds: number },
): Promise<string> {
  const of = { district, index: phone.index, slot: 0, party: 0, seconds };
  return (await showProof(phoneKey(phone.seed), of)).canonical;
}

/** Steps 1 to 6 of docs/code-format.md against what this gate believes. */
export function judgeCode(
  text: string,
  { trust, lane, seconds }: { trust: TrustSnapshot; lane: string; seconds: number },
): Result<Shown, Refusal> {
  const claim = parseCode(text);
  if (!claim.ok) return err(claim.error.refusal);
  const { policy } = trust;
  const rules = { ...policy, who: rulesOf(policy, lane).who };
  const judged = verify(claim.value, { trust, rules }, { seconds, quality: 'synced', errorSeconds: 0 });
  if (!judged.ok) return err(judged.error.refusal);
  const { fields } = judged.value;
  return { ok: true, value: { kind: fields.kind, index: fields.kind === 4 ? fields.passId : fields.index } };
}
