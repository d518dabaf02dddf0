import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { assert, err, fromHex, ok, type Result, toHex } from '../../base/index.ts';
import { type DocumentSigner, documentSigner } from '../../issue/index.ts';
import { type PublicRootKey, publicRootKeyFile, rootKeyFile } from '../../wire/index.ts';
import { writeSecret } from '../gate/gate-keys.ts';

/** A root key as its holder keeps it: a file for its owner alone, and the public half that goes into a draft. Never overwritten. */
/** @throws when a file of that name is there */
export async function writeRootKey(file: string, seed: Uint8Array): Promise<PublicRootKey> {
  refuseKnown(file);
  refuseKnown(`${file}.pub`);
  const { kid, publicJwk: key } = await documentSigner(seed);
  const secret = { type: 'menwei-root-key', version: 1, kid, key, secret: toHex(seed) };
  writeSecret(file, `${JSON.stringify(secret, null, 2)}\n`);
  const back = await readRootKey(file);
  if (!back.ok || back.value.kid !== kid)
    throw new Error(`${file} was not kept as it was written; try another disk`);
  return writePublicKey(`${file}.pub`, { kid, key });
}

/** @throws when a file of that name is there */
export function writePublicKey(file: string, { kid, key }: PublicRootKey): PublicRootKey {
  refuseKnown(file);
  writeFileSync(
    file,
    `${JSON.stringify({ type: 'menwei-root-public-key', version: 1, kid, key }, null, 2)}\n`,
  );
  return { kid, key };
}

export async function readRootKey(file: string): Promise<Result<DocumentSigner, string>> {
  const read = readJson(file);
  if (!read.ok) return read;
  const parsed = rootKeyFile.safeParse(read.value);
  if (!parsed.success)
    return err(
      publicRootKeyFile.safeParse(read.value).success
        ? `${file}: the public half only; signing needs the key file itself`
        : `${file}: is no root key; name a file that \`menwei root new\` made`,
    );
  const seed = fromHex(parsed.data.secret);
  assert(seed !== undefined, 'the schema has checked the hex');
  const signer = await documentSigner(seed);
  return signer.kid === parsed.data.kid
    ? ok(signer)
    : err(`${file}: is damaged, its secret is not the one of its key; use another copy`);
}

/** Of a secret key file the public half is used. */
export async function readPublicKey(file: string): Promise<Result<PublicRootKey, string>> {
  const read = readJson(file);
  if (!read.ok) return read;
  const parsed = publicRootKeyFile.safeParse(read.value);
  if (parsed.success) return ok({ kid: parsed.data.kid, key: parsed.data.key });
  const signer = await readRootKey(file);
  return signer.ok ? ok({ kid: signer.value.kid, key: signer.value.publicJwk }) : signer;
}

export function readJson(file: string): Result<unknown, string> {
  try {
    return ok(JSON.parse(readFileSync(file, 'utf8')));
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : undefined;
    return err(
      `${file}: ${code === undefined ? 'is no JSON; take the file as it was made' : `cannot be read (${code})`}`,
    );
  }
}

function refuseKnown(file: string): void {
  if (existsSync(file))
    throw new Error(`${file} is there already; a key is never overwritten, name another file`);
}
