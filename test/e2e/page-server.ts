import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';
import { CONTENT_POLICY } from '../../src/http/index.ts';

/** Serves the built pages under the content policy that the real servers use, and plays a gate's side of the display. */

const root = join(import.meta.dirname, '../..');
const pages = join(root, 'dist/ui');

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.md': 'text/markdown; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.wasm': 'application/wasm',
};

export type Handler = (request: IncomingMessage, response: ServerResponse) => boolean;

export interface PageServer {
  readonly origin: string;
  stop(): Promise<void>;
}

let isBuilt = false;

/** Builds the pages when they are stale; within one file of tests they do not change. */
export function buildPages(): void {
  if (isBuilt) return;
  isBuilt = true;
  execFileSync(join(root, 'scripts/build-ui'), { stdio: ['ignore', 'ignore', 'inherit'] });
}

/** Builds the pages when they are stale, and serves them. @param extra answers first; returns whether it did */
export async function servePages(extra: Handler): Promise<PageServer> {
  buildPages();
  const server = createServer((request, response) => {
    if (!extra(request, response)) serveFile(pathOf(request), response);
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${port}`,
    stop: () =>
      new Promise((stopped) => {
        server.close(() => stopped());
        server.closeAllConnections();
      }),
  };
}

export function pathOf(request: IncomingMessage): string {
  return new URL(request.url ?? '/', 'http://localhost').pathname;
}

function serveFile(path: string, response: ServerResponse): void {
  const file = fileOf(path);
  response.setHeader('content-security-policy', CONTENT_POLICY);
  try {
    const body = readFileSync(join(pages, file));
    response.writeHead(200, { 'content-type': TYPES[extname(file)] ?? 'application/octet-stream' }).end(body);
  } catch {
    response.writeHead(404).end();
  }
}

function fileOf(path: string): string {
  if (path.startsWith('/ui/assets/')) return path.slice('/ui/'.length);
  const page = ['display', 'guard', 'help'].find((name) => path.startsWith(`/${name}`)) ?? 'demo';
  return `${page}/index.html`;
}

/** A gate as one lane's screen sees it: a live line to say things on, and the texts that the page read. */
export class ScriptedGate {
  readonly scans: string[] = [];
  /** What the gate answers to a scan. */
  scanStatus = 202;
  /** No line can be opened. */
  down = false;
  readonly #lines = new Set<ServerResponse>();
  #state: object | undefined;

  readonly handle: Handler = (request, response) => {
    const path = pathOf(request);
    if (!path.startsWith('/display/')) return false;
    if (path.endsWith('/events')) this.#open(response);
    else if (path.endsWith('/scan')) this.#scan(request, response);
    else return false;
    return true;
  };

  get listeners(): number {
    return this.#lines.size;
  }

  state(state: object): void {
    this.#state = state;
    this.#tell('state', state);
  }

  verdict(verdict: object): void {
    this.#tell('verdict', verdict);
  }

  hangUp(): void {
    for (const line of this.#lines) line.destroy();
  }

  #open(response: ServerResponse): void {
    if (this.down) return void response.writeHead(503).end();
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
    response.write(': here\n\n');
    this.#lines.add(response);
    response.on('close', () => this.#lines.delete(response));
    if (this.#state !== undefined) response.write(event('state', this.#state));
    return undefined;
  }

  #tell(name: string, data: object): void {
    for (const line of this.#lines) line.write(event(name, data));
  }

  #scan(request: IncomingMessage, response: ServerResponse): void {
    let body = '';
    request.on('data', (piece) => {
      body += String(piece);
    });
    request.on('end', () => {
      this.scans.push((JSON.parse(body) as { text: string }).text);
      response.writeHead(this.scanStatus).end();
    });
  }
}

function event(name: string, data: object): string {
  return `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`;
}
