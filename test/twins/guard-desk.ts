import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ok, type Result } from '../../src/base/index.ts';
import { type Desk, type DeskOptions, openDesk } from '../../src/desk/index.ts';
import { DeskTwin } from '../../src/desk/testing.ts';
import type { Log, LogFields, ManualItem, SystemItem } from '../../src/ports/index.ts';
import { SteppedClock } from './clock.ts';

/**
 * A guard's desk at a gate that takes everything: its clock stands still, its file is real, and its argon2id is a quick
 * stand-in that counts how often it was asked.
 */
export interface TestDesk {
  readonly desk: Desk;
  readonly clock: SteppedClock;
  /** What came to the gate, in order. */
  readonly manual: ManualItem[];
  readonly system: SystemItem[];
  readonly logged: { readonly fields: LogFields; readonly message: string }[];
  readonly file: string;
  hashed(): number;
  /** The journal takes no row from now on, or takes them again. */
  journalFails(fails: boolean): void;
  request(path: string, asked?: Asked): Promise<Response>;
  answer(path: string, asked?: Asked): Promise<Answer>;
  /** Closes the file and opens it again, as a restart does, after so long. */
  restart(afterMs?: number): void;
  end(): void;
}

export interface Answer {
  readonly status: number;
  /** Of JSON; empty where there was none. */
  readonly body: Record<string, unknown>;
}

export interface Asked {
  readonly method?: string;
  readonly body?: unknown;
  readonly cookie?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** From where; absent: not known. */
  readonly address?: string;
}

export const HEAD = { account: 'h-01', secret: '480592' };

export function testDesk(more: Partial<DeskOptions> = {}): TestDesk {
  const folder = mkdtempSync(join(tmpdir(), 'menwei-desk-'));
  const clock = new SteppedClock();
  const manual: ManualItem[] = [];
  const system: SystemItem[] = [];
  const logged: TestDesk['logged'] = [];
  const say = (fields: LogFields, message: string) => void logged.push({ fields, message });
  const log: Log = { info: say, warn: say, error: say };
  let [hashed, fails, row] = [0, false, 0];
  const takeManual = (item: ManualItem): Result<{ row: number }, string> => {
    if (fails) return { ok: false, error: 'full' };
    manual.push(item);
    row += 1;
    return ok({ row });
  };
  const options: DeskOptions = {
    file: join(folder, 'desk.sqlite'),
    gate: { gate: 'g-1', now: () => clock.wall(), takeManual, take: (item) => void system.push(item) },
    work: new DeskTwin().work,
    clock,
    random: { bytes: (length) => new Uint8Array(randomBytes(length)) },
    argon2id: async (message, salt, { bytes }) => {
      hashed += 1;
      return new Uint8Array(createHash('sha256').update(message).update(salt).digest().subarray(0, bytes));
    },
    log,
    hosts: ['gate.local'],
    pages: new Map(),
    ...more,
  };
  let desk = openDesk(options);
  desk.start();
  const test: TestDesk = {
    get desk() {
      return desk;
    },
    clock,
    manual,
    system,
    logged,
    file: options.file,
    hashed: () => hashed,
    journalFails: (now) => {
      fails = now;
    },
    request: async (path, { method, body, cookie, headers, address } = {}) =>
      desk.app.request(
        `/guard/api/${path}`,
        {
          method: method ?? (body === undefined ? 'GET' : 'POST'),
          headers: {
            host: 'gate.local',
            ...(body === undefined ? {} : { 'content-type': 'application/json' }),
            ...(cookie === undefined ? {} : { cookie }),
            ...headers,
          },
          ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
        },
        address === undefined ? {} : connectionFrom(address),
      ),
    answer: async (path, asked) => {
      const response = await test.request(path, asked);
      const text = await response.text();
      const body = text === '' ? {} : (JSON.parse(text) as Record<string, unknown>);
      return { status: response.status, body };
    },
    restart: (afterMs = 0) => {
      desk.stop();
      clock.step(afterMs);
      desk = openDesk(options);
      desk.start();
    },
    end: () => {
      desk.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
  return test;
}

/** What the adapter hands to a request that came over a socket. */
function connectionFrom(remoteAddress: string) {
  return { incoming: { socket: { remoteAddress, remotePort: 1, remoteFamily: 'IPv4' } } };
}

/** The cookie that an answer set, as a browser sends it back. */
export function cookieOf(response: Response): string {
  return response.headers.get('set-cookie')?.split(';')[0] ?? '';
}

/** Begins the first account. @returns its cookie */
export async function firstHead(test: TestDesk, address?: string): Promise<string> {
  const code = test.desk.firstCode() ?? '';
  const from = address === undefined ? {} : { address };
  return cookieOf(await test.request('accounts/begin', { body: { ...HEAD, code }, ...from }));
}

/** By the head guard's cookie. @returns the new guard's cookie */
export async function newGuard(
  test: TestDesk,
  by: string,
  guard: { account: string; secret: string; role?: 'guard' | 'head' },
): Promise<string> {
  const { account, secret, role = 'guard' } = guard;
  const invited = await test.request('accounts', { body: { account, role }, cookie: by });
  const { code } = (await invited.json()) as { code: string };
  return cookieOf(await test.request('accounts/begin', { body: { account, code, secret } }));
}
