import { randomUUID } from 'node:crypto';
import type { DeedAnswer, LookUpAnswer } from '../../wire/index.ts';
import type { DemoGuard } from './demo-guard.ts';

/** A guard at the gate's desk, by its routes as the page asks them. */
export class GuardVisit {
  readonly #url: string;
  readonly #cookie: string;

  private constructor(url: string, cookie: string) {
    this.#url = url;
    this.#cookie = cookie;
  }

  /** Makes an account with the eight figures of an invitation. @returns why not; undefined when it is made */
  static async begin(
    url: string,
    body: { account: string; code: string; secret: string },
  ): Promise<string | undefined> {
    const answer = await post(`${url}/guard/api/accounts/begin`, body);
    return answer.ok ? undefined : `${answer.status} ${await answer.text()}`;
  }

  static async signedIn(url: string, { account, pin }: DemoGuard): Promise<GuardVisit> {
    const answer = await post(`${url}/guard/api/session`, { account, secret: pin });
    const cookie = answer.headers.getSetCookie()[0]?.split(';')[0];
    if (!answer.ok || cookie === undefined) throw new Error(`signing in was answered ${answer.status}`);
    return new GuardVisit(url, cookie);
  }

  /** @returns eight figures for another guard's account */
  async invite(account: string): Promise<string> {
    const { code } = await this.#ask<{ readonly code: string }>('accounts', { account });
    return code;
  }

  async beginShift(): Promise<void> {
    await this.#ask('shift/start', {});
  }

  async endShift(): Promise<void> {
    await this.#send('shift/end', { note: '' });
  }

  lookUpRoom(room: string): Promise<LookUpAnswer> {
    return this.#ask('look-ups', { by: 'room', room, purpose: 'no-phone' });
  }

  lookUpShortCode(code: string): Promise<LookUpAnswer> {
    return this.#ask('look-ups', { by: 'short-code', code, purpose: 'code-refused' });
  }

  /** @returns the type of the picture that came */
  async photo(row: number, index: number): Promise<string | null> {
    return (await this.#send('look-ups/photo', { row, index })).headers.get('content-type');
  }

  letIn(lane: string, index: number): Promise<DeedAnswer> {
    return this.#ask('deeds', { deed: 'let-in', once: randomUUID(), lane, reason: 'document-seen', index });
  }

  async signOut(): Promise<void> {
    await fetch(`${this.#url}/guard/api/session`, { method: 'DELETE', headers: { cookie: this.#cookie } });
  }

  async #ask<Answer>(path: string, body: unknown): Promise<Answer> {
    return (await (await this.#send(path, body)).json()) as Answer;
  }

  async #send(path: string, body: unknown): Promise<Response> {
    const answer = await post(`${this.#url}/guard/api/${path}`, body, this.#cookie);
    if (!answer.ok)
      throw new Error(`/guard/api/${path} was answered ${answer.status}: ${await answer.text()}`);
    return answer;
  }
}

function post(url: string, body: unknown, cookie?: string): Promise<Response> {
  return fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(cookie !== undefined && { cookie }) },
    body: JSON.stringify(body),
  });
}
