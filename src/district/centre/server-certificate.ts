import { X509Certificate } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import { join } from 'node:path';
import type { ServerCertificate } from '../../http/index.ts';
import type { Clock } from '../../ports/index.ts';
import type { Authority } from '../gates/authority.ts';
import { writeWhole } from '../gates/whole-file.ts';

/**
 * A broker's server certificate of the district's own authority, kept as `server.pem` and `server-key.pem`. It is made anew
 * when two thirds of its life are over, when the broker gets another name, or when its authority has ended.
 */
export async function serverCertificate(options: {
  readonly folder: string;
  readonly names: readonly string[];
  readonly authority: Authority;
  readonly clock: Clock;
}): Promise<ServerCertificate & { readonly isNew: boolean }> {
  const { folder, names, authority, clock } = options;
  const [certificateFile, keyFile] = [join(folder, 'server.pem'), join(folder, 'server-key.pem')];
  const kept = await readBoth(certificateFile, keyFile);
  const chain = await authority.chain();
  if (kept !== undefined && isGood(kept.certificate, { names, chain, now: clock.wall() }))
    return { ...kept, isNew: false };
  await mkdir(folder, { recursive: true, mode: 0o750 });
  const made = await authority.server(names);
  // The key first: a broker that starts in between finds a pair that does not fit, and says so.
  await writeWhole(keyFile, made.key, 0o640);
  await writeWhole(certificateFile, made.certificate, 0o640);
  return { ...made, isNew: true };
}

async function readBoth(certificate: string, key: string): Promise<ServerCertificate | undefined> {
  try {
    return { certificate: await readFile(certificate, 'utf8'), key: await readFile(key, 'utf8') };
  } catch (fault) {
    if (fault instanceof Error && 'code' in fault && fault.code === 'ENOENT') return undefined;
    throw fault;
  }
}

function isGood(
  text: string,
  { names, chain, now }: { names: readonly string[]; chain: readonly string[]; now: number },
): boolean {
  try {
    const certificate = new X509Certificate(text);
    const [from, until] = [Date.parse(certificate.validFrom), Date.parse(certificate.validTo)];
    const named = names.every(
      (name) => (isIP(name) === 0 ? certificate.checkHost(name) : certificate.checkIP(name)) !== undefined,
    );
    const signed = chain.some((authority) => certificate.verify(new X509Certificate(authority).publicKey));
    return named && signed && now < from + ((until - from) * 2) / 3;
  } catch {
    return false;
  }
}
