import { createReadStream, existsSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { basename, join } from 'node:path';
import { selfSignedCertificate } from '../../../src/http/index.ts';

/** Where makers lay their releases, as machines see it: files over TLS, at a name of its own. */
export const RELEASES_HOST = 'releases.example';

export interface ReleasesServer {
  readonly port: number;
  /** PEM, for those who are to believe it. */
  readonly certificate: string;
  /** What was fetched, in order. */
  readonly fetched: string[];
  /** From now on these files are served. */
  serve(folder: string): void;
  stop(): Promise<void>;
}

export async function releasesServer(): Promise<ReleasesServer> {
  const { certificate, key } = await selfSignedCertificate([RELEASES_HOST], new Date());
  let served: string | undefined;
  const fetched: string[] = [];
  const server = createServer({ cert: certificate, key }, ({ url = '' }, answer) => {
    const file = join(served ?? '', basename(url));
    if (served === undefined || !existsSync(file)) return void answer.writeHead(404).end();
    fetched.push(basename(file));
    createReadStream(file).pipe(answer.writeHead(200));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    certificate,
    fetched,
    serve: (folder) => {
      served = folder;
    },
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** @returns the file, for the guest's trust */
export function writeCertificate(folder: string, { certificate }: ReleasesServer): string {
  const file = join(folder, 'releases.crt');
  writeFileSync(file, certificate);
  return file;
}
