import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, connect, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

/** The browser of the image's own screen is begun anew when its page has lost the gate, and never while it has it. */

const SCRIPT = join(import.meta.dirname, 'files/menwei-kiosk.sh');
const SECONDS = 2;

let server: Server;
let port = 0;
let browser: ChildProcess;
let watching: ChildProcess;
/** Heard from the start: on a busy machine they may be over before a test asks. */
let browserEnded: Promise<unknown>;
let watchingEnded: Promise<unknown[]>;

beforeEach(async () => {
  server = createServer((socket) => socket.on('error', () => undefined)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  port = address === null || typeof address === 'string' ? 0 : address.port;
  browser = spawn('sleep', ['600'], { stdio: 'ignore' });
  browserEnded = once(browser, 'exit');
  watching = spawn('/bin/sh', [SCRIPT, 'watch', String(port), String(browser.pid), String(SECONDS)], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  watchingEnded = once(watching, 'close');
});
afterEach(() => {
  watching.kill();
  browser.kill();
  server.close();
});

async function connected(): Promise<Socket> {
  const page = connect(port, '127.0.0.1');
  await once(page, 'connect');
  return page;
}

const pause = (seconds: number) => new Promise((resolve) => setTimeout(resolve, seconds * 1_000));

describe('the watch over the browser of a screen', () => {
  it('ends a browser that nobody is connected by, and says so', async () => {
    let said = '';
    watching.stderr?.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
    await browserEnded;
    expect(browser.signalCode).toBe('SIGTERM');
    await watchingEnded;
    expect(said).toContain('begun anew');
  });

  it('leaves one alone whose page is connected, and ends it when the page is gone', async () => {
    const page = await connected();
    await pause(SECONDS + 2);
    expect(browser.signalCode).toBeNull();
    page.destroy();
    await browserEnded;
    expect(browser.signalCode).toBe('SIGTERM');
  });

  it('ends with the browser', async () => {
    const page = await connected();
    browser.kill();
    const [code] = (await watchingEnded) as [number];
    expect(code).toBe(0);
    page.destroy();
  });
});
