import { toPublicJwk } from '../../src/crypto/index.ts';
import {
  documentSigner,
  signKeyset,
  signPolicy,
  signRoot,
  signStatusList,
  signTime,
  statusListClaim,
  statusListHash,
} from '../../src/issue/index.ts';
import { ROLES } from '../../src/wire/index.ts';
import { COMMUNITY, DISTRICT, issuerPair, KID, RESIDENTS } from './district.ts';

/** The signed documents of the bench's district, as any gate would get them. One key signs for all roles: sizes and work are the same. */

export interface Documents {
  readonly root: string;
  readonly policy: string;
  readonly keyset: string;
  readonly residents: string;
  readonly time: string;
}

const SIGNER_SEED = new Uint8Array(32).fill(9);

export function benchSigner() {
  return documentSigner(SIGNER_SEED);
}

export async function documentsOf(list: Uint8Array, nowSeconds: number): Promise<Documents> {
  const signer = await benchSigner();
  const issued = { iss: DISTRICT, version: 1, iat: nowSeconds - 60, exp: nowSeconds + 86_400 };
  const one = { keys: [signer.kid], threshold: 1 };
  const roles = Object.fromEntries(ROLES.map((role) => [role, one])) as Record<
    (typeof ROLES)[number],
    typeof one
  >;
  const { kty: _kty, crv: _crv, x } = toPublicJwk(issuerPair);
  const span = {
    notBefore: nowSeconds - 86_400,
    signUntil: nowSeconds + 86_400,
    verifyUntil: nowSeconds + 86_400,
  };
  const key = { ...span, kid: String(KID), suite: 1, kty: 'OKP', crv: 'Ed25519', x } as const;
  const named = { residents: { version: 1, hash: statusListHash(list) } };
  return {
    root: await signRoot([signer], { ...issued, keys: { [signer.kid]: signer.publicJwk }, roles }),
    policy: await signPolicy(signer, {
      ...issued,
      aud: COMMUNITY,
      timeZone: 'Asia/Shanghai',
      lane: { who: 'district' },
    }),
    keyset: await signKeyset(signer, { ...issued, keys: [key] }),
    residents: await signStatusList(signer, {
      ...issued,
      sub: 'residents',
      length: RESIDENTS,
      status_list: await statusListClaim(list),
    }),
    time: await signTime(signer, {
      iss: DISTRICT,
      iat: nowSeconds,
      exp: nowSeconds + 300,
      time: nowSeconds * 1_000,
      documents: named,
    }),
  };
}
