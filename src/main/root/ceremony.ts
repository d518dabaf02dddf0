import { hash } from 'node:crypto';
import { decodeBase64url, encodeBase64url, err, fromUtf8, ok, type Result, utf8 } from '../../base/index.ts';
import { nodeEngine } from '../../crypto/index.ts';
import type { DocumentSigner } from '../../issue/index.ts';
import { describeRefused, rootFingerprint, walkRoots } from '../../trust/index.ts';
import {
  parseSigned,
  ROOT_TYPE,
  type RootPayload,
  rootDraftFile,
  rootPayload,
  rootSignatureFile,
} from '../../wire/index.ts';

/**
 * A root change in steps that need no network: a draft, signatures made by different people on different machines, and the
 * root that they make together. Each step checks what it is given and says in words what is wrong.
 */
export interface Draft {
  readonly payload: RootPayload;
  /** base64url of the bytes that are signed. */
  readonly encoded: string;
  /** SHA-256 of those bytes: what the signers compare. */
  readonly fingerprint: string;
  /** Text of the version before; absent for the first. */
  readonly before?: string;
}

export function draftOf(payload: RootPayload, before: string | undefined): string {
  const encoded = encodeBase64url(utf8(JSON.stringify(rootPayload.parse(payload))));
  const file = {
    type: 'menwei-root-draft',
    version: 1,
    payload: encoded,
    fingerprint: fingerprintOf(encoded),
    ...(before === undefined ? {} : { before: JSON.parse(before) as unknown }),
  };
  return `${JSON.stringify(file, null, 2)}\n`;
}

export function readDraft(value: unknown): Result<Draft, string> {
  const file = rootDraftFile.safeParse(value);
  if (!file.success) return err('is no draft of a root; name a file that `menwei root draft` made');
  const { payload: encoded, fingerprint, before } = file.data;
  const bytes = decodeBase64url(encoded);
  const text = bytes === undefined ? undefined : fromUtf8(bytes);
  const parsed = rootPayload.safeParse(jsonOf(text));
  if (!parsed.success || fingerprintOf(encoded) !== fingerprint)
    return err('was changed after it was made; take the draft as it was handed out, or make it again');
  const payload = parsed.data;
  if (before === undefined)
    return payload.version === 1
      ? ok({ payload, encoded, fingerprint })
      : err('lacks the version before; take the draft as it was handed out');
  const beforeText = JSON.stringify(before);
  const last = rootOf(beforeText);
  if (last === undefined) return err('the version before in it is no root; make the draft again');
  if (last.iss !== payload.iss)
    return err(`is for ${payload.iss}, the version before it is of ${last.iss}: two districts are mixed`);
  return last.version + 1 === payload.version
    ? ok({ payload, encoded, fingerprint, before: beforeText })
    : err(
        `is version ${payload.version}, but what it follows is version ${last.version}; make the draft again`,
      );
}

/** @returns the signature file's text */
export async function signDraft(
  draft: Draft,
  signer: DocumentSigner,
  nowSeconds: number,
): Promise<Result<string, string>> {
  const { payload } = draft;
  if (payload.exp <= nowSeconds) return err('draft: has expired; make it again');
  if (!mayStillSign(draft, new Set()).includes(signer.kid))
    return err(
      `key ${signer.kid}: is none of the root keys of ${payload.iss}, neither before this change nor after it; take another key`,
    );
  // In the order of the schema, in which the draft was written: the same bytes.
  const jws = await signer.sign(ROOT_TYPE, payload);
  if (jws.split('.')[1] !== draft.encoded)
    return err('draft: was not written by `menwei root draft`; make it again');
  return ok(`${JSON.stringify({ type: 'menwei-root-signature', version: 1, jws }, null, 2)}\n`);
}

/** @param signatures by the names under which they are complained about */
export async function joinDraft(
  draft: Draft,
  signatures: readonly { readonly name: string; readonly value: unknown }[],
  nowSeconds: number,
): Promise<Result<string, readonly string[]>> {
  if (draft.payload.exp <= nowSeconds) return err(['draft: has expired; make it again']);
  const keys = new Map([...Object.entries(keysOf(draft.before)), ...Object.entries(draft.payload.keys)]);
  const problems: string[] = [];
  const parts = new Map<string, { protected: string; signature: string }>();
  for (const { name, value } of signatures) {
    const part = partOf(value, { draft, keys });
    if (!part.ok) problems.push(`${name}: ${part.error}`);
    else if (parts.has(part.value.kid))
      problems.push(
        `${name}: key ${part.value.kid} has signed already; every signature must be of another key`,
      );
    else parts.set(part.value.kid, { protected: part.value.protected, signature: part.value.signature });
  }
  if (problems.length > 0) return err(problems);
  const lacking = missingSignatures(draft, new Set(parts.keys()));
  if (lacking.length > 0) return err(lacking);
  const text = JSON.stringify({ payload: draft.encoded, signatures: [...parts.values()] });
  const judged = await judgeRoot(text, draft.before === undefined ? [] : [draft.before], draft.payload.iss);
  return judged.ok ? ok(text) : err([judged.error]);
}

/** By the same rules as at a gate. @param chain versions that the district has, oldest first */
export async function judgeRoot(
  text: string,
  chain: readonly string[],
  district: string,
): Promise<Result<RootPayload, string>> {
  const payload = rootOf(text);
  if (payload === undefined) return err('is no root; name a file that `menwei root join` made');
  if (payload.iss !== district)
    return err(`is for the district ${payload.iss}, this one is ${district}; take the right file`);
  const version = chain.length === 0 ? 0 : (rootOf(chain.at(-1) ?? '')?.version ?? 0);
  if (payload.version !== version + 1)
    return err(
      `is version ${payload.version}, and the district has ${version === 0 ? 'none' : `version ${version}`}; versions follow each other one by one: make a draft of version ${version + 1}`,
    );
  const pin = await rootFingerprint(chain[0] ?? text);
  const walked = await walkRoots(undefined, [...chain, text], {
    district,
    pin: pin ?? '',
    engine: nodeEngine(),
  });
  return walked.ok ? ok(payload) : err(describeRefused(walked.error));
}

export function rootOf(text: string): RootPayload | undefined {
  const signed = parseSigned(text);
  if (!signed.ok || signed.value.typ !== ROOT_TYPE) return undefined;
  const parsed = rootPayload.safeParse(jsonOf(fromUtf8(signed.value.payload)));
  return parsed.success ? parsed.data : undefined;
}

/** What a signer is about to agree to, line by line. */
export function changesOf({ payload, before, fingerprint }: Draft): string[] {
  const last = before === undefined ? undefined : rootOf(before);
  const lines = [
    `district ${payload.iss}, root version ${payload.version}, until ${new Date(payload.exp * 1_000).toISOString().slice(0, 10)}`,
    `fingerprint ${fingerprint.match(/.{8}/g)?.join(' ')}`,
  ];
  for (const [role, { keys, threshold }] of Object.entries(payload.roles)) {
    const old = last?.roles[role as keyof RootPayload['roles']];
    const fresh = keys.filter((kid) => old?.keys.includes(kid) !== true);
    const gone = (old?.keys ?? []).filter((kid) => !keys.includes(kid));
    if (fresh.length === 0 && gone.length === 0 && old?.threshold === threshold) continue;
    lines.push(`${role}: ${threshold} of ${keys.length}`);
    lines.push(...fresh.map((kid) => `  + ${kid}`), ...gone.map((kid) => `  - ${kid}`));
  }
  return lines;
}

function partOf(
  value: unknown,
  { draft, keys }: { draft: Draft; keys: ReadonlyMap<string, { readonly x: string }> },
): Result<{ kid: string; protected: string; signature: string }, string> {
  const file = rootSignatureFile.safeParse(value);
  const signed = file.success ? parseSigned(file.data.jws) : undefined;
  const [header = '', encoded, signature = ''] = file.success ? file.data.jws.split('.') : [];
  const [only] = signed?.ok === true ? signed.value.signatures : [];
  if (only?.kid === undefined || signed?.ok !== true || signed.value.typ !== ROOT_TYPE)
    return err('is no signature of a root; name a file that `menwei root sign` made');
  if (encoded !== draft.encoded) return err('is for another draft; let its holder sign this one');
  const jwk = keys.get(only.kid);
  if (jwk === undefined)
    return err(`key ${only.kid} is none of the root keys of this district; take another key`);
  const key = nodeEngine().importKey(1, decodeBase64url(jwk.x) ?? new Uint8Array());
  return key?.verify(only.message, only.signature) === true
    ? ok({ kid: only.kid, protected: header, signature })
    : err('the signature does not hold; was the file changed? Sign again');
}

function missingSignatures(draft: Draft, signed: ReadonlySet<string>): string[] {
  const problems: string[] = [];
  for (const root of versionsOf(draft)) {
    const { keys, threshold } = root.roles.root;
    const here = keys.filter((kid) => signed.has(kid)).length;
    if (here >= threshold) continue;
    const others = keys.filter((kid) => !signed.has(kid));
    problems.push(
      `signatures: ${here} of the ${threshold} that version ${root.version} asks for; ${threshold - here} more of these must sign: ${others.join(', ')}`,
    );
  }
  return problems;
}

function mayStillSign(draft: Draft, signed: ReadonlySet<string>): string[] {
  return versionsOf(draft).flatMap(({ roles }) => roles.root.keys.filter((kid) => !signed.has(kid)));
}

/** The two whose thresholds must both agree. */
function versionsOf({ payload, before }: Draft): RootPayload[] {
  const last = before === undefined ? undefined : rootOf(before);
  return last === undefined ? [payload] : [last, payload];
}

function keysOf(before: string | undefined): RootPayload['keys'] {
  return (before === undefined ? undefined : rootOf(before)?.keys) ?? {};
}

function fingerprintOf(encoded: string): string {
  return hash('sha256', decodeBase64url(encoded) ?? new Uint8Array(), 'hex');
}

function jsonOf(text: string | undefined): unknown {
  try {
    return text === undefined ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}
