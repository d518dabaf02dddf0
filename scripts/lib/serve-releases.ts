/**
 * Serves a maker's folder over TLS on a free port of this machine, as machines that are updated by order see it.
 *   node scripts/lib/serve-releases.ts FOLDER ADDRESS   ADDRESS is the server's in its certificate, which it writes to FOLDER/releases.crt
 * Prints the port, and ends with its standard input.
 */
import { createReadStream, writeFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { selfSignedCertificate } from '../../src/http/index.ts';

const [folder = '.', address = 'localhost'] = process.argv.slice(2);
const { certificate, key } = await selfSignedCertificate([address], new Date());
writeFileSync(join(folder, 'releases.crt'), certificate);
const server = createServer({ cert: certificate, key }, ({ url = '/' }, answer) => {
  // A URL's path has no way up.
  const file = join(folder, new URL(url, 'https://localhost').pathname);
  createReadStream(file)
    .on('error', () => answer.writeHead(404).end())
    .on('open', () => answer.writeHead(200))
    .pipe(answer);
});
server.listen(0, '127.0.0.1', () => process.stdout.write(`${(server.address() as AddressInfo).port}\n`));
process.stdin.resume().on('close', () => process.exit());
