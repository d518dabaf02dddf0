import type { IncomingMessage, ServerResponse } from 'node:http';
import {
  alarmSeen,
  type DeedBody,
  type DeskProblem,
  deedBody,
  type FoundMember,
  guardBegin,
  guardMessage,
  guardNewSecret,
  guardPhotoBody,
  guardSignIn,
  type LookUpAnswer,
  type LookUpBody,
  lookUpBody,
  namedGuard,
  newGuard,
  ownSecret,
  shiftEnd,
} from '../../src/wire/index.ts';
import { type Handler, pathOf } from './page-server.ts';

/** A gate's desk as the guard's page sees it: holds what it is sent against the contract, and says what a test tells it to. */

const HOUR_MS = 3_600_000;
/** A Friday evening, 18:04:09 in Xi'an. */
export const NOW = '2026-11-20T10:04:09.000Z';

export const LANES = [
  {
    lane: 'main-in',
    direction: 'in',
    mode: 'normal',
    door: { healthy: true, relay: 'closed', contact: 'closed' },
    readers: [{ reader: 'scanner-1', ready: true }],
    pageReads: false,
  },
  {
    lane: 'side',
    direction: 'both',
    mode: 'normal',
    door: { healthy: true, relay: 'closed', contact: 'none' },
    readers: [],
    pageReads: true,
  },
] as const;

export const STATE = {
  type: 'state',
  gate: 'north-1',
  at: NOW,
  timeZone: 'Asia/Shanghai',
  clock: 'synced',
  uplink: { state: 'connected', heardAt: NOW, unsent: 0 },
  problems: [] as object[],
  lanes: LANES as readonly object[],
};

export const FAMILY: readonly FoundMember[] = [
  member({ index: 4711, display: '测*' }),
  member({ index: 4712, display: '测*', minor: true }),
  member({ index: 4713, display: '试*', needsMoreTime: true }),
];

export function member(part: Partial<FoundMember>): FoundMember {
  return {
    index: 4711,
    household: 12,
    display: '测*',
    state: 'valid',
    minor: false,
    needsMoreTime: false,
    lastDay: undefined,
    refusals: {},
    ...part,
  };
}

interface Asked {
  readonly path: string;
  readonly body: unknown;
}

/** Held against the contract when it is told. */
interface Message {
  readonly type: string;
  readonly [member: string]: unknown;
}

interface Reply {
  readonly status: number;
  readonly body?: object;
  readonly picture?: Buffer;
}

export class ScriptedDesk {
  /** What the page asked for, and only what the contract takes. */
  readonly asked: Asked[] = [];
  readonly lookUps: LookUpBody[] = [];
  readonly deeds: DeedBody[] = [];
  account: string | undefined;
  role: 'guard' | 'head' = 'guard';
  hasShift = false;
  firstAccount = false;
  handOver: object | undefined = {
    account: 'g-03',
    at: '2026-11-20T02:00:00.000Z',
    note: '侧门读码器有时慢，已报修。',
  };
  found: readonly FoundMember[] = FAMILY.slice(0, 1);
  /** Longer than a gate's, so that a slow machine has time for what a test does meanwhile. */
  showMs = 120_000;
  undoMs = 120_000;
  more = false;
  /** By index, where guards may see photos; a word: that problem. Undefined: the policy has none. */
  photos: ReadonlyMap<number, Buffer | 'no-photo' | 'photo-offline'> | undefined;
  /** The next request is refused so. */
  refuseNext:
    | { readonly problem: DeskProblem; readonly status: number; readonly waitSeconds?: number }
    | undefined;
  /** What is asked is done, and its answer never comes. */
  losesAnswers = false;
  down = false;
  #row = 812;
  readonly #done = new Map<string, Reply>();
  readonly #lines = new Set<ServerResponse>();
  #state: object = STATE;
  readonly #told: Message[] = [];

  readonly handle: Handler = (request, response) => {
    const path = pathOf(request);
    if (!path.startsWith('/guard/api/')) return false;
    if (this.down) response.writeHead(503).end();
    else if (path === '/guard/api/events') this.#open(response);
    else void this.#answer(path.slice('/guard/api/'.length), request, response);
    return true;
  };

  get listeners(): number {
    return this.#lines.size;
  }

  state(change: object): void {
    this.#state = { ...this.#state, ...change };
    this.#write(this.#state);
  }

  /** Says it now, and again to whoever comes later. A message that breaks the contract is the test's own fault. */
  tell(message: Message): void {
    guardMessage.parse(message);
    if (message.type !== 'signed-out') this.#told.push(message);
    this.#write(message);
  }

  hangUp(): void {
    for (const line of this.#lines) line.destroy();
  }

  #open(response: ServerResponse): void {
    if (this.account === undefined) return void response.writeHead(401).end();
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
    response.write(': here\n\n');
    this.#lines.add(response);
    response.on('close', () => this.#lines.delete(response));
    for (const message of [guardMessage.parse(this.#state), ...this.#told]) response.write(event(message));
    return undefined;
  }

  #write(message: object): void {
    const known = guardMessage.parse(message);
    if (known.type === 'signed-out') this.account = undefined;
    for (const line of this.#lines) line.write(event(known));
  }

  async #answer(path: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const pieces: Uint8Array[] = [];
    for await (const piece of request) pieces.push(piece as Uint8Array);
    const body: unknown = pieces.length === 0 ? undefined : JSON.parse(Buffer.concat(pieces).toString());
    const asked = `${request.method} ${path}`;
    this.asked.push({ path: asked, body });
    const refused = this.refuseNext;
    this.refuseNext = undefined;
    const reply = refused === undefined ? this.#reply(asked, body) : refusal(refused);
    if (this.losesAnswers) return void response.destroy();
    const type = reply.picture === undefined ? 'application/json' : 'image/jpeg';
    response.writeHead(reply.status, { 'content-type': type, 'cache-control': 'no-store' });
    if (reply.picture !== undefined) return void response.end(reply.picture);
    return void response.end(reply.body === undefined ? '' : JSON.stringify(reply.body));
  }

  #reply(asked: string, body: unknown): Reply {
    switch (asked) {
      case 'GET session':
        return this.#session();
      case 'POST session':
        return this.#signIn(guardSignIn.parse(body));
      case 'POST accounts/begin':
        this.account = guardBegin.parse(body).account;
        this.firstAccount = false;
        return this.#session();
      case 'DELETE session':
        this.account = undefined;
        return { status: 204 };
      case 'POST shift/start':
        this.hasShift = true;
        return this.#session();
      case 'POST shift/end':
        shiftEnd.parse(body);
        this.hasShift = false;
        this.account = undefined;
        return { status: 204 };
      default:
        return this.account === undefined ? this.#session() : this.#onDuty(asked, body);
    }
  }

  #onDuty(asked: string, body: unknown): Reply {
    switch (asked) {
      case 'POST look-ups':
        return this.#lookUp(lookUpBody.parse(body));
      case 'POST look-ups/photo':
        return this.#photo(guardPhotoBody.parse(body).index);
      case 'POST deeds':
        return this.#deed(deedBody.parse(body));
      case 'POST alarms/acknowledge':
        return this.#acknowledge(alarmSeen.parse(body).alarm);
      case 'POST secret':
        guardNewSecret.parse(body);
        return { status: 204 };
      case 'POST secret/no-duress':
        ownSecret.parse(body);
        return { status: 204 };
      case 'POST accounts':
        return invitation(newGuard.parse(body).account);
      case 'POST accounts/unlock':
        return invitation(namedGuard.parse(body).account);
      case 'POST accounts/disable':
        namedGuard.parse(body);
        return { status: 204 };
      case 'GET accounts':
        return { status: 200, body: { accounts: ACCOUNTS } };
      case 'GET inside':
        return { status: 200, body: INSIDE };
      case 'GET shift/report':
        return { status: 200, body: REPORT };
      default:
        return { status: 404, body: { error: 'path: nothing is here' } };
    }
  }

  #session(): Reply {
    if (this.account === undefined)
      return {
        status: 401,
        body: { error: 'session: sign in', problem: 'signed-out', firstAccount: this.firstAccount },
      };
    const shift = this.hasShift ? { startedAt: NOW } : undefined;
    const handOver = this.hasShift ? undefined : this.handOver;
    const endsAt = new Date(Date.parse(NOW) + 12 * HOUR_MS).toISOString();
    return { status: 200, body: { account: this.account, role: this.role, endsAt, shift, handOver } };
  }

  #signIn({ account, secret }: { account: string; secret: string }): Reply {
    if (secret !== '246810') return refusal({ status: 401, problem: 'wrong-secret' });
    this.account = account;
    return this.#session();
  }

  #lookUp(asked: LookUpBody): Reply {
    this.lookUps.push(asked);
    const answer: LookUpAnswer = {
      row: this.#nextRow(),
      found: this.found,
      ...(this.photos === undefined ? {} : { photos: true }),
      more: this.more,
      showMs: this.showMs,
      leftThisHour: 30 - this.lookUps.length,
    };
    return { status: 200, body: answer };
  }

  #photo(index: number): Reply {
    const photo = this.photos?.get(index) ?? 'no-photo';
    if (typeof photo !== 'string') return { status: 200, picture: photo };
    return refusal({ status: photo === 'no-photo' ? 404 : 503, problem: photo });
  }

  #deed(body: DeedBody): Reply {
    const before = this.#done.get(body.once);
    if (before !== undefined) return before;
    if (body.deed === 'hold' && body.second.account === this.account)
      return refusal({ status: 409, problem: 'second-same' });
    this.deeds.push(body);
    const reply = { status: 200, body: { row: this.#nextRow(), undoMs: this.undoMs } };
    this.#done.set(body.once, reply);
    return reply;
  }

  #acknowledge(id: string): Reply {
    const alarm = this.#told.find((each) => each['id'] === id);
    if (alarm === undefined) return refusal({ status: 409, problem: 'alarm-unknown' });
    this.tell({ ...alarm, acknowledged: { by: this.account ?? '', at: NOW } });
    return { status: 204 };
  }

  #nextRow(): number {
    this.#row += 1;
    return this.#row;
  }
}

function event(message: { readonly type: string }): string {
  return `event: ${message.type}\ndata: ${JSON.stringify(message)}\n\n`;
}

function refusal(refused: { status: number; problem: DeskProblem; waitSeconds?: number }): Reply {
  const { status, ...told } = refused;
  return { status, body: { error: 'desk: refused as the test asked', ...told } };
}

function invitation(account: string): Reply {
  return { status: 200, body: { account, code: '13572468', expiresAt: '2026-11-21T10:04:09.000Z' } };
}

const ACCOUNTS = [
  { account: 'g-01', role: 'head', state: 'active' },
  { account: 'g-07', role: 'guard', state: 'locked' },
];

const INSIDE = {
  at: NOW,
  since: '2026-11-19T10:04:09.000Z',
  people: [
    { index: 4711, display: '测*', at: '2026-11-20T08:00:00.000Z' },
    { index: 815, display: '试*', at: '2026-11-20T09:30:00.000Z', unsure: true },
  ],
  unnamed: 2,
};

const REPORT = {
  gate: 'north-1',
  community: 1,
  account: 'g-07',
  startedAt: '2026-11-20T00:00:00.000Z',
  note: '',
  entries: { granted: 412, refused: 23, guard: 9, manual: 31 },
  refusals: { expired: 12, 'already-used': 6, 'not-on-roster': 5 },
  manual: { 'no-phone': 14, parcel: 11, child: 6 },
  lookUps: 17,
  alarms: [
    { alarm: 'held-open', at: '2026-11-20T03:00:00.000Z', acknowledgedBy: 'g-07' },
    { alarm: 'reader-lost', at: '2026-11-20T05:00:00.000Z' },
  ],
  rows: { from: 10_001, to: 10_812 },
};
