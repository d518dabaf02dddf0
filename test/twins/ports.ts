import { createServer } from 'node:net';

/**
 * A port for a server that cannot be told to take any: below those that the kernel gives to whoever connects or asks for any,
 * so that nobody takes it before the server has it, nor while it is down.
 */
const FIRST = 16_384;
const PORTS = 16_384;

/** Those of two files of tests that run at once lie apart. */
let next = (process.pid * 61) % PORTS;

export async function freePort(): Promise<number> {
  for (let tried = 0; tried < PORTS; tried += 1) {
    const port = FIRST + next;
    next = (next + 1) % PORTS;
    if (await isFree(port)) return port;
  }
  throw new Error('no port is free');
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
