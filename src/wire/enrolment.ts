import { z } from 'zod';
import { decodeBase32hex, encodeBase32hex, fromHex, toHex, utf8 } from '../base/index.ts';
import { communityId, districtId, gateId, publicKeyHex, sha256Hex } from './fields.ts';

/**
 * How a gate becomes one of a district: the text of the one-time symbol, what the gate signs, and the bodies.
 * `MENWEI-ENROL:1:<root fingerprint>:<token>:<ADDRESS>`, all in the characters of a QR code's alphanumeric mode.
 */
export const ENROL_TOKEN_BYTES = 16;
const PREFIX = 'MENWEI-ENROL:1:';
const TEXT_MAX = 400;
/** ISO/IEC 18004, 7.3.4: 45 characters; a space is never needed here. */
const ALPHANUMERIC = /^[0-9A-Z$%*+\-./:]+$/;

export interface Enrolment {
  /** SHA-256 of the root document's payload, hex */
  readonly root: string;
  /** hex */
  readonly token: string;
  /** Of the district, without a path: `https://district.example:7300` */
  readonly address: string;
}

/** @returns undefined when the address has characters that the symbol cannot carry, or a path */
export function enrolmentText({ root, token, address }: Enrolment): string | undefined {
  const [rootBytes, tokenBytes] = [fromHex(root), fromHex(token)];
  if (rootBytes === undefined || tokenBytes === undefined) return undefined;
  const text = `${PREFIX}${encodeBase32hex(rootBytes)}:${encodeBase32hex(tokenBytes)}:${address.toUpperCase()}`;
  return enrolmentOf(text) === undefined ? undefined : text;
}

export function enrolmentOf(text: string): Enrolment | undefined {
  const trimmed = text.trim().toUpperCase();
  if (!trimmed.startsWith(PREFIX) || trimmed.length > TEXT_MAX || !ALPHANUMERIC.test(trimmed))
    return undefined;
  const [root = '', token = '', ...rest] = trimmed.slice(PREFIX.length).split(':');
  const [rootBytes, tokenBytes] = [decodeBase32hex(root), decodeBase32hex(token)];
  const address = rest.join(':').toLowerCase();
  if (rootBytes?.length !== 32 || tokenBytes?.length !== ENROL_TOKEN_BYTES) return undefined;
  if (!/^https?:\/\/[a-z0-9.-]+(:\d{1,5})?$/.test(address)) return undefined;
  return { root: toHex(rootBytes), token: toHex(tokenBytes), address };
}

/**
 * What the device key signs: it binds token, district and all keys, so that none can be exchanged on the way.
 * `requestHash` is the SHA-256 of the certificate request, hex, where there is one.
 */
export function enrolmentMessage(
  { root, token }: Pick<Enrolment, 'root' | 'token'>,
  own: { readonly deviceKey: string; readonly sealKey: string; readonly requestHash?: string },
): Uint8Array {
  const request = own.requestHash === undefined ? '' : `:${own.requestHash}`;
  return utf8(`menwei-enrol:1:${root}:${token}:${own.deviceKey}:${own.sealKey}${request}`);
}

/** What the device key signs when a gate asks the desk for a new certificate. Sent twice, it serves the same key again. */
export function renewalMessage(of: {
  readonly district: string;
  readonly gate: string;
  readonly requestHash: string;
}): Uint8Array {
  return utf8(`menwei-renew:1:${of.district}:${of.gate}:${of.requestHash}`);
}

/** X25519, base64url */
const sealKey = z.string().regex(/^[A-Za-z0-9_-]{43}$/);

/** PKCS #10, PEM */
export const certificateRequest = z.string().min(1).max(8_192);
/** PEM */
export const certificateText = z.string().min(1).max(8_192);
/** Authorities that stand beside each other, newest first, PEM. */
export const authorityChain = z.array(certificateText).min(1).max(8);

/** Ed25519, hex */
const proof = z.string().regex(/^[0-9a-f]{128}$/);

/** POST /api/enrolments: the answer is `{ text, expiresAt }`. */
export const newEnrolmentBody = z.strictObject({ gate: gateId, community: communityId });

/** POST /api/enrol, by the gate. */
export const enrolBody = z.strictObject({
  token: z.string().regex(/^[0-9a-f]{32}$/),
  deviceKey: publicKeyHex,
  sealKey,
  /** For a certificate of the broker; left out: a password. */
  request: certificateRequest.optional(),
  /** Over `enrolmentMessage`. */
  proof,
});

/** POST /api/enrol/certificate, by a gate whose certificate ran out while it was away. The answer is `{ token }`. */
export const renewCertificateBody = z.strictObject({
  gate: gateId,
  request: certificateRequest,
  /** Over `renewalMessage`. */
  proof,
});

/** What an enrolled gate needs to know. */
export const enrolledAnswer = z.object({
  gate: gateId,
  district: districtId,
  community: communityId,
  timeZone: z.string().min(1).max(64),
  /** The newest root document. */
  root: z.string().min(1).max(65_536),
  /** Every root document from the first on, for a gate whose symbol named an older one. */
  roots: z.array(z.string().min(1).max(65_536)).max(64).optional(),
  broker: z.object({
    url: z
      .string()
      .regex(/^(mqtts?|wss?):\/\/[^\s/]+/)
      .max(512),
    username: z.string().min(1).max(256),
    password: z.string().min(1).max(1_024).optional(),
    /** For the key of the request. */
    certificate: certificateText.optional(),
    /** The broker is believed by these alone. */
    authorities: authorityChain.optional(),
    protocolVersion: z.union([z.literal(4), z.literal(5)]),
  }),
});

/** POST /api/gates/:gate/retire and /stolen: who asks for it is in the log of the desk. */
export const endGateBody = z.strictObject({ reason: z.string().min(1).max(200) });

/** A gate's place in its life; a name is never changed, a gate is retired and another is enrolled. */
export const GATE_STATES = ['waiting', 'confirmed', 'retired', 'stolen'] as const;
export type GateState = (typeof GATE_STATES)[number];

/** POST /api/gates/:gate/confirm: the fingerprint that the gate itself shows. */
export const confirmGateBody = z.strictObject({ fingerprint: sha256Hex });

export type RenewCertificateBody = z.infer<typeof renewCertificateBody>;
export type NewEnrolment = z.infer<typeof newEnrolmentBody>;
export type EnrolBody = z.infer<typeof enrolBody>;
export type EnrolledAnswer = z.infer<typeof enrolledAnswer>;
