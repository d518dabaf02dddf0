import type { IncomingMessage, ServerResponse } from 'node:http';
import { type Handler, pathOf } from './page-server.ts';

/** The district's side of the demonstration's page: two generated residents, and what the page asked for. */

export const DISTRICT = 'demo';
export const RESIDENTS = [
  {
    index: 4711,
    community: 1,
    household: 1,
    order: 0,
    room: '1-1-101',
    display: '测*',
    state: 'valid',
    slots: [] as number[],
    nextSlot: 0,
  },
  {
    index: 815,
    community: 1,
    household: 2,
    order: 0,
    room: '1-1-102',
    display: '试*',
    state: 'valid',
    slots: [] as number[],
    nextSlot: 0,
  },
];

/** What every phone of this district makes its short codes of. */
export const SHORT_CODE_SECRET = '0b'.repeat(32);

export interface Asked {
  readonly path: string;
  readonly body: Record<string, unknown>;
}

export class ScriptedDistrict {
  readonly asked: Asked[] = [];
  /** Nothing is answered. */
  down = false;
  ttlSeconds = 600;
  shortCodesAsked = 0;
  entries: object[] = [];
  #codes = 0;
  readonly #residents = RESIDENTS.map((resident) => ({ ...resident }));
  readonly #lines = new Set<ServerResponse>();

  readonly handle: Handler = (request, response) => {
    const path = pathOf(request);
    if (!path.startsWith('/api/')) return false;
    if (this.down) response.writeHead(503).end();
    else if (path === '/api/live') this.#open(response);
    else void this.#answer(path, request, response);
    return true;
  };

  get listeners(): number {
    return this.#lines.size;
  }

  /** The text of the code that was issued last. */
  issued(): string {
    return codeText(this.#codes);
  }

  entry(entry: object): void {
    for (const line of this.#lines) line.write(`event: entry\ndata: ${JSON.stringify(entry)}\n\n`);
  }

  hangUp(): void {
    for (const line of this.#lines) line.destroy();
  }

  #open(response: ServerResponse): void {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(': here\n\n');
    this.#lines.add(response);
    response.on('close', () => this.#lines.delete(response));
  }

  async #answer(path: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const pieces: Uint8Array[] = [];
    for await (const piece of request) pieces.push(piece as Uint8Array);
    const body = pieces.length === 0 ? {} : (JSON.parse(Buffer.concat(pieces).toString()) as Asked['body']);
    if (path.endsWith('/short-code')) this.shortCodesAsked += 1;
    else if (request.method === 'POST') this.asked.push({ path, body });
    const answer = this.#reply(path, body);
    response
      .writeHead(answer === undefined ? 404 : 200, { 'content-type': 'application/json' })
      .end(JSON.stringify(answer));
  }

  #reply(path: string, body: Asked['body']): object | undefined {
    if (path === '/api/demo') {
      const displays = [{ gate: 'demo-1', lane: 'main-in', url: 'http://127.0.0.1:1/display/main-in' }];
      return { district: DISTRICT, timeZone: 'Asia/Shanghai', displays };
    }
    if (path === '/api/entries') return { entries: this.entries };
    if (path === '/api/residents') return { residents: this.#residents };
    const [, index, route] = /^\/api\/residents\/(\d+)(?:\/([\w-]+))?$/.exec(path) ?? [];
    const resident = this.#residents.find((one) => String(one.index) === index);
    if (resident === undefined) return undefined;
    if (route === 'short-code') return { secret: SHORT_CODE_SECRET };
    if (route === 'state') resident.state = String(body['state']);
    if (route === 'token' || route === 'passes' || route === 'card') return this.#issue();
    return resident;
  }

  #issue(): object {
    this.#codes += 1;
    return { code: this.issued(), kind: 1, expiresAt: Math.floor(Date.now() / 1000) + this.ttlSeconds };
  }
}

/** As long as a token, and different each time. */
function codeText(number: number): string {
  return `X1${String(number).padStart(4, '0')}${'0123456789ABCDEFGHIJKLMNOPQRSTUV'.repeat(4).slice(0, 116)}`;
}
