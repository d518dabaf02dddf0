import type { z } from 'zod';

/**
 * Somebody who is signed in at a district's desk, over HTTP: asks, and signs in once more when the session has ended. The
 * desk's own words go to whoever asked; the password goes nowhere but to the desk.
 */
export interface DeskCallerOptions {
  /** Without a path. */
  readonly url: string;
  readonly account: string;
  readonly password: string;
}

export interface Question<Answer> {
  readonly path: string;
  /** Sent by POST; absent: GET. */
  readonly body?: object;
  readonly answer: z.ZodType<Answer>;
}

export interface DeskEvent {
  readonly event: string;
  readonly data: string;
}

const ANSWER_WITHIN_MS = 60_000;
const ANSWER_BYTES_MAX = 33_554_432;
const EVENT_BYTES_MAX = 1_048_576;

export class DeskCaller {
  readonly #options: DeskCallerOptions;
  #cookie = '';
  #signingIn: Promise<void> | undefined;

  constructor(options: DeskCallerOptions) {
    this.#options = options;
  }

  /** @throws with a sentence for whoever asked */
  async ask<Answer>({ path, body, answer: schema }: Question<Answer>): Promise<Answer> {
    const answer = await this.#signedIn(() => this.#request(path, body));
    const text = await answer.text();
    if (text.length > ANSWER_BYTES_MAX) throw notADistrict();
    if (!answer.ok) throw new Error(`--district: ${path}: ${wordsOf(answer.status, text)}`);
    const read = schema.safeParse(parsed(text));
    if (!read.success) throw notADistrict();
    return read.data;
  }

  async signIn(): Promise<void> {
    const { account, password } = this.#options;
    const answer = await this.#request('/api/session', { account, password });
    const [cookie] = answer.headers.getSetCookie();
    const text = await answer.text();
    if (answer.status === 401)
      throw new Error('--account, --password-file: the district knows them otherwise; correct them');
    if (!answer.ok || cookie === undefined) throw new Error(`--account: ${wordsOf(answer.status, text)}`);
    this.#cookie = cookie.split(';')[0] ?? '';
  }

  /** Whatever the desk says to it, the session is over for this process. */
  async signOut(): Promise<void> {
    if (this.#cookie === '') return;
    const headers = { cookie: this.#cookie };
    this.#cookie = '';
    await this.#fetch('/api/session', { method: 'DELETE', headers }).catch(() => undefined);
  }

  /** Hears a line of events until it ends. */
  async follow(path: string, signal: AbortSignal, heard: (event: DeskEvent) => void): Promise<void> {
    const answer = await this.#signedIn(() =>
      fetch(`${this.#options.url}${path}`, { headers: { cookie: this.#cookie }, redirect: 'error', signal }),
    );
    if (!answer.ok || answer.body === null) return answer.body?.cancel();
    let text = '';
    for await (const part of answer.body.pipeThrough(new TextDecoderStream())) {
      text += part;
      const events = text.split('\n\n');
      text = events.pop() ?? '';
      if (text.length > EVENT_BYTES_MAX) return;
      for (const each of events) heard(eventOf(each));
    }
  }

  /** A session ends by its own clock: once more, then. */
  async #signedIn(request: () => Promise<Response>): Promise<Response> {
    const answer = await request();
    if (answer.status !== 401 || this.#cookie === '') return answer;
    await answer.body?.cancel();
    this.#signingIn ??= this.signIn().finally(() => {
      this.#signingIn = undefined;
    });
    await this.#signingIn;
    return request();
  }

  #request(path: string, body: object | undefined): Promise<Response> {
    const headers = { cookie: this.#cookie };
    if (body === undefined) return this.#fetch(path, { headers });
    const sent = { ...headers, 'content-type': 'application/json' };
    return this.#fetch(path, { method: 'POST', headers: sent, body: JSON.stringify(body) });
  }

  #fetch(path: string, init: RequestInit): Promise<Response> {
    const signal = AbortSignal.timeout(ANSWER_WITHIN_MS);
    return fetch(`${this.#options.url}${path}`, { ...init, redirect: 'error', signal }).catch(
      (cause: unknown) => {
        throw new Error(
          '--district: nobody answers there; is the district running, and does this machine trust its certificate (NODE_EXTRA_CA_CERTS)?',
          { cause },
        );
      },
    );
  }
}

function notADistrict(): Error {
  return new Error('--district: what answers there is no district of this version; correct the address');
}

/** What the desk has said, which repeats nothing of what was sent. */
function wordsOf(status: number, text: string): string {
  const said = parsed(text);
  const isError = typeof said === 'object' && said !== null && 'error' in said;
  if (status === 403) return 'not allowed; the account needs the roles registrar and operator';
  return isError && typeof said.error === 'string' ? said.error.slice(0, 300) : `answered ${status}`;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function eventOf(block: string): DeskEvent {
  const field = (name: string) =>
    block
      .split('\n')
      .filter((line) => line.startsWith(`${name}: `))
      .map((line) => line.slice(name.length + 2))
      .join('\n');
  return { event: field('event'), data: field('data') };
}
