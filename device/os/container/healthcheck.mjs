/** Ends with 0 while the gate (or the district) in this container is alive: what HEALTHCHECK of the Dockerfile asks. */
import { get } from 'node:http';
import { get as getSecure } from 'node:https';

const port = Number(process.env['MENWEI_HTTP__PORT'] ?? 8443);
const WITHIN_MS = 8_000;
const where = { host: '127.0.0.1', port, path: '/healthz', timeout: WITHIN_MS };

function asked(ask, options) {
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
const alive = (await asked(getSecure, { ...where, rejectUnauthorized: false })) || (await asked(get, where));
process.exitCode = alive ? 0 : 1;
