import { guardMessage, type GuardMessage } from '../../src/wire/index.ts';

/** A guard's browser without its screen: its cookie, its requests, and what its page is told. */
export interface DeskAnswer<Body = Record<string, unknown>> {
  readonly status: number;
  readonly text: string;
  readonly headers: Headers;
  readonly body: Body;
}

let deeds = 0;

export class DeskClient {
  readonly #address: string;
  readonly account: string;
  readonly secret: string;
  #cookie = '';
  readonly #ends: AbortController[] = [];

  /** @param address of the gate's pages */
  constructor(address: string, guard: { readonly account: string; readonly secret: string }) {
    this.#address = address;
    this.account = guard.account;
    this.secret = guard.secret;
  }

  async ask<Body = Record<string, unknown>>(
    path: string,
    body?: unknown,
    method = body === undefined ? 'GET' : 'POST',
  ): Promise<DeskAnswer<Body>> {
    const response = await this.#send(path, body, method);
    const cookie = response.headers.get('set-cookie')?.split(';')[0];
    if (cookie !== undefined) this.#cookie = cookie;
    const text = await response.text();
    return {
      status: response.status,
      text,
      headers: response.headers,
      body: (text.startsWith('{') ? JSON.parse(text) : {}) as Body,
    };
  }

  /** @returns what came, or the desk's word for why nothing did */
  async picture(path: string, body: object): Promise<Buffer | string> {
    const response = await this.#send(path, body, 'POST');
    if (!response.ok) return ((await response.json()) as { problem: string }).problem;
    return Buffer.from(await response.arrayBuffer());
  }

  #send(path: string, body: unknown, method: string): Promise<Response> {
    return fetch(`${this.#address}/guard/api/${path}`, {
      method,
      headers: {
        cookie: this.#cookie,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  }

  /** With the figures that the gate shows, or that a head guard was given. */
  begin(code: string): Promise<DeskAnswer> {
    return this.ask('accounts/begin', { account: this.account, secret: this.secret, code });
  }

  signIn(): Promise<DeskAnswer> {
    return this.ask('session', { account: this.account, secret: this.secret });
  }

  startShift(): Promise<DeskAnswer> {
    return this.ask('shift/start', undefined, 'POST');
  }

  /** Under a name of its own. */
  deed(body: object): Promise<DeskAnswer> {
    deeds += 1;
    return this.ask('deeds', {
      once: `client-deed-${process.pid}-${String(deeds).padStart(8, '0')}`,
      ...body,
    });
  }

  /** @returns what the page is told from now on, as it comes */
  async listen(lastId?: string): Promise<GuardMessage[]> {
    const told: GuardMessage[] = [];
    const end = new AbortController();
    this.#ends.push(end);
    const headers = { cookie: this.#cookie, ...(lastId === undefined ? {} : { 'last-event-id': lastId }) };
    const response = await fetch(`${this.#address}/guard/api/events`, { headers, signal: end.signal });
    if (response.status !== 200 || response.body === null) throw new Error(`events: ${response.status}`);
    void read(response.body, told).catch(() => undefined);
    return told;
  }

  close(): void {
    for (const end of this.#ends.splice(0)) end.abort();
  }
}

async function read(body: ReadableStream<Uint8Array>, told: GuardMessage[]): Promise<void> {
  let text = '';
  const decoder = new TextDecoder();
  for await (const part of body) {
    text += decoder.decode(part, { stream: true });
    const whole = text.split('\n\n');
    text = whole.pop() ?? '';
    for (const event of whole) {
      const data = /^data: (.*)$/m.exec(event)?.[1];
      if (data !== undefined) told.push(guardMessage.parse(JSON.parse(data)));
    }
  }
}
