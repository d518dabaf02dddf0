import { get } from 'node:http';
import { get as getSecure, type RequestOptions } from 'node:https';

/** Ends with 0 while the gate (or the district) in this container is alive: what HEALTHCHECK of the Dockerfile asks. */

const port = Number(process.env['MENWEI_HTTP__PORT'] ?? 8443);
const WITHIN_MS = 8_000;
const where = { host: '127.0.0.1', port, path: '/healthz', timeout: WITHIN_MS };

function isAlive(ask: typeof getSecure, options: RequestOptions): Promise<boolean> {
  return new Promise((resolve) => {
    const request = ask(options, (answer) => {
      answer.resume();
      resolve(answer.statusCode === 200);
    });
    request.on('timeout', () => request.destroy());
    request.on('error', () => resolve(false));
  });
}

// Its own loopback, so the certificate proves nothing and is not asked for.
const alive =
  (await isAlive(getSecure, { ...where, rejectUnauthorized: false })) || (await isAlive(get, where));
process.exitCode = alive ? 0 : 1;
