import { err, localTime, ok, type Result } from '../base/index.ts';
import {
  type Claim,
  type CodeFields,
  messagePrefix,
  type Refusal,
  type SignedBy,
  signedParts,
} from '../code/index.ts';
import type { SignatureEngine, VerifyKey } from './engine.ts';
import { holderKeyCache } from './keys.ts';
import { SIGNED_BYTES_MAX } from './limits.ts';
import {
  type Case,
  companionsOf,
  indexOf,
  refusedIssuer,
  refusedPlace,
  refusedStatus,
  refusedTime,
  sameKey,
} from './steps.ts';
import type { RosterEntry, VerifyNow, VerifyRules, VerifyTrust } from './trust.ts';
import type { Refused, Verified } from './verdict.ts';
import { expiryOf, offsetOf } from './window.ts';

/**
 * claim + trust + now → Verified | Refused: steps 2 to 6 of docs/code-format.md, in that order. It decides nothing, changes
 * nothing but a bounded cache of checked keys, and says who somebody is only once a signature has proved it.
 */

export interface VerifyAgainst {
  readonly trust: VerifyTrust;
  readonly rules: VerifyRules;
}

export type Verify = (claim: Claim, against: VerifyAgainst, now: VerifyNow) => Result<Verified, Refused>;

export function createVerifier(engine: SignatureEngine): Verify {
  const cachedKey = holderKeyCache(engine);
  const messageOf = messageBuilder();
  return (claim, against, now) => {
    const judged = openCase(claim.fields, against, now);
    const key = chooseKey(judged); // step 2
    if (!key.ok) return refuseUnproved(judged, key.error);
    for (const part of signedParts(claim)) {
      // Step 3. The holder key of kind 2 is looked at only now that the district's signature over it held.
      const partKey = part.by === 'issuer' ? key.value : holderKey(judged, key.value, cachedKey);
      const message = messageOf(part.by, against.trust.district, part.bytes);
      if (!partKey.verify(message, part.signature)) return refuseUnproved(judged, 'bad-signature');
    }
    const companions = companionsOf(judged);
    const refusal =
      refusedTime(judged) ?? // step 4
      refusedStatus(judged, companions) ?? // step 5
      refusedPlace(judged, companions); // step 6
    return refusal === undefined ? ok(verified(judged, companions)) : err(refuseProved(judged, refusal));
  };
}

function openCase(fields: CodeFields, { trust, rules }: VerifyAgainst, now: VerifyNow): Case {
  let day: number | undefined;
  const today = () => {
    day ??= localTime(now.seconds, trust.timeZone).day;
    return day;
  };
  const entry = trust.roster.get(indexOf(fields));
  return { fields, trust, rules, now, today, entry, rosterOnly: rules.who === 'roster' };
}

/** The issuer's key, or for kind 3 the phone's from the roster. */
function chooseKey(judged: Case): Result<VerifyKey, Refusal> {
  const { fields, trust, entry } = judged;
  if (fields.kind === 3) {
    const key = entry?.keys.find(({ slot }) => slot === fields.slot)?.key;
    return key === undefined ? err('not-on-roster') : ok(key);
  }
  const issuer = trust.keys.get(fields.kid);
  if (issuer === undefined) return err('unknown-key');
  const refusal = refusedIssuer(issuer, judged);
  return refusal === undefined ? ok(issuer.key) : err(refusal);
}

/** Kind 3: the key already chosen. Kind 2: the roster's checked copy where it has one, else one checked now and kept. */
function holderKey(
  { fields, entry }: Case,
  chosen: VerifyKey,
  cached: (key: Uint8Array) => VerifyKey,
): VerifyKey {
  if (fields.kind !== 2) return chosen;
  const listed = entry?.keys.find(({ publicKey }) => sameKey(publicKey, fields.holderPublicKey));
  return listed?.key ?? cached(fields.holderPublicKey);
}

/**
 * Puts context and district before the signed bytes. The buffer is used again for the next message: a fresh small array
 * would be copied once more on its way into native code, on the hottest path of the gate.
 */
function messageBuilder() {
  let district: string | undefined;
  let issuer = prefixedBuffer(new Uint8Array());
  let holder = issuer;
  return (by: SignedBy, ofDistrict: string, bytes: Uint8Array): Uint8Array => {
    if (ofDistrict !== district) {
      district = ofDistrict;
      issuer = prefixedBuffer(messagePrefix('issuer', ofDistrict));
      holder = prefixedBuffer(messagePrefix('holder', ofDistrict));
    }
    const { prefixLength, buffer } = by === 'issuer' ? issuer : holder;
    buffer.set(bytes, prefixLength);
    return buffer.subarray(0, prefixLength + bytes.length);
  };
}

function prefixedBuffer(prefix: Uint8Array): { prefixLength: number; buffer: Uint8Array } {
  const buffer = new Uint8Array(prefix.length + SIGNED_BYTES_MAX);
  buffer.set(prefix);
  return { prefixLength: prefix.length, buffer };
}

function verified({ fields, trust, rules, entry }: Case, companions: readonly RosterEntry[]): Verified {
  const replayKey = replayKeyOf(fields);
  return {
    fields,
    companions,
    expiresAt: expiryOf(fields, rules, trust.timeZone),
    ...(entry === undefined ? {} : { entry }),
    ...(replayKey === undefined ? {} : { replayKey }),
  };
}

function replayKeyOf(fields: CodeFields): string | undefined {
  switch (fields.kind) {
    case 1:
      return `1/${fields.index}/${fields.iat}`;
    case 2:
      return `2/${fields.index}/${fields.ts}`;
    case 3:
      return `3/${fields.index}/${fields.ts}/${fields.slot}`;
    case 4:
    case 5:
      return undefined;
  }
}

function refuseUnproved({ fields }: Case, refusal: Refusal): Result<Verified, Refused> {
  return err({ refusal, kind: fields.kind });
}

function refuseProved(judged: Case, refusal: Refusal): Refused {
  const { fields } = judged;
  const byTime = refusal === 'expired' || refusal === 'not-yet-valid';
  const offsetSeconds = byTime ? offsetOf(fields, judged) : undefined;
  return {
    refusal,
    kind: fields.kind,
    index: indexOf(fields),
    ...(fields.kind === 4 ? { passId: fields.passId } : {}),
    ...(offsetSeconds === undefined ? {} : { offsetSeconds }),
  };
}
