import { createHash } from 'node:crypto';
import { closeSync, createReadStream, fsyncSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { err, ok, type Result } from '../../base/index.ts';
import { RELEASE_FILE, RELEASE_TEXT_MAX, type ReleasePackage } from '../../wire/index.ts';

/** Brings a release's text and its package, from a folder or over https. Takes no byte more than was promised, and keeps nothing that is not what was signed. */

const FETCH_WITHIN_MS = 20 * 60_000;
const LOOPBACK = ['127.0.0.1', 'localhost', '[::1]'];

type Bytes = AsyncIterable<Uint8Array>;

/** @param from a folder, or an address that ends where the files begin */
export async function bringText(from: string): Promise<Result<string, string>> {
  const opened = await open(from, RELEASE_FILE);
  if (!opened.ok) return opened;
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of opened.value) {
    size += part.length;
    if (size > RELEASE_TEXT_MAX) return err('release: is longer than any release; name another place');
    parts.push(part);
  }
  return ok(Buffer.concat(parts).toString('utf8'));
}

/** Stands at `target` only when it is whole: size and SHA-256 as signed, and on the disk. */
export async function bringPackage(
  from: string,
  own: ReleasePackage,
  target: string,
): Promise<Result<true, string>> {
  const opened = await open(from, own.file);
  if (!opened.ok) return opened;
  const draft = `${target}.new`;
  const descriptor = openSync(draft, 'w', 0o600);
  try {
    const hash = createHash('sha256');
    let size = 0;
    for await (const part of opened.value) {
      size += part.length;
      if (size > own.bytes) return err('package: is longer than its release says; fetch the release again');
      hash.update(part);
      for (let written = 0; written < part.length; ) written += writeSync(descriptor, part, written);
    }
    if (size !== own.bytes || hash.digest('hex') !== own.sha256)
      return err('package: is not what its release says; fetch the release again');
    fsyncSync(descriptor);
    renameSync(draft, target);
    return ok(true);
  } finally {
    closeSync(descriptor);
    rmSync(draft, { force: true });
  }
}

async function open(from: string, name: string): Promise<Result<Bytes, string>> {
  if (!/^https?:/i.test(from)) return ok(createReadStream(join(from, name)));
  const address = new URL(name, from.endsWith('/') ? from : `${from}/`);
  if (address.protocol !== 'https:' && !LOOPBACK.includes(address.hostname))
    return err('address: is not https; name one that is, or a folder');
  const answer = await fetch(address, { redirect: 'error', signal: AbortSignal.timeout(FETCH_WITHIN_MS) });
  if (!answer.ok || answer.body === null)
    return err(`address: answers ${answer.status} for ${name}; look whether the release is there`);
  return ok(answer.body);
}
