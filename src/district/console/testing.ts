import { OpenAPIHono } from '@hono/zod-openapi';
import { realClock } from '../../../test/twins/broker.ts';
import { batchOf } from '../../../test/twins/chains.ts';
import { chained, keyPair, verifySignature } from '../../../test/twins/gate.ts';
import { random } from '../../../test/twins/paper-community.ts';
import { QuietDistrict, type QuietOptions } from '../../../test/twins/quiet-district.ts';
import { err, ok, toHex } from '../../base/index.ts';
import { argon2id } from '../../crypto/index.ts';
import { ownOrigin, securityHeaders } from '../../http/index.ts';
import type {
  AlarmPayload,
  ChainedRow,
  DeskRole,
  GateState,
  NewCommand,
  RowDraft,
  StatusPayload,
} from '../../wire/index.ts';
import { openDesk } from '../accounts/desk.ts';
import { MACHINE } from '../accounts/roles.ts';
import { insertAlarms } from '../ingest/alarms.ts';
import { createIngest } from '../ingest/ingest.ts';
import type { DeskApp, DeskEnv } from '../server/route.ts';
import { whoAsks } from '../server/who-asks.ts';
import { accessOf } from './access.ts';
import { districtConsole } from './console.ts';
import type { ConsoleParts } from './parts.ts';
import { rowsOf } from './rows.ts';

/**
 * For tests: the console over a real database, registry, desk and issuing, without network. Orders to gates and the end of
 * a gate's life are written down instead of being carried out.
 */
export const TRIAL_PASSWORD = 'vier kleine Kraniche';

export interface ConsoleTrial {
  readonly quiet: QuietDistrict;
  readonly parts: ConsoleParts;
  readonly app: DeskApp;
  readonly given: { readonly gate: string; readonly command: NewCommand }[];
  account(name: string, roles: readonly DeskRole[]): Promise<void>;
  /** Signs in beside the form. @returns the cookie */
  cookie(name: string): Promise<string>;
  stop(): Promise<void>;
}

export async function startConsoleTrial(options: QuietOptions = {}): Promise<ConsoleTrial> {
  const quiet = await QuietDistrict.start(options);
  const { database, clock, log } = quiet;
  const base = { database, clock, random: { bytes: random }, log };
  const desk = openDesk({
    ...base,
    crypto: {
      argon2id: (message, salt, parameters) => argon2id(message, salt, { ...parameters, memory: 64 }),
    },
  });
  const given: { gate: string; command: NewCommand }[] = [];
  const parts: ConsoleParts = {
    ...base,
    ...desk,
    district: 'd-1',
    timeZone: 'Asia/Shanghai',
    communities: (options.communities ?? [7]).map((id) => ({ id })),
    registry: quiet.registry,
    issuing: quiet.issuing,
    issuers: quiet.keys.issuers,
    publisher: quiet.publisher,
    orders: {
      give: async (gate, command) => {
        if (((await quiet.registry.gate(gate))?.status ?? null) === null) return err('gate-offline');
        given.push({ gate, command });
        return ok(toHex(random(16)));
      },
    },
    enrolments: trialEnrolments(quiet),
    life: trialLife(quiet),
    rows: rowsOf(base),
    access: accessOf(desk.sessions),
  };
  const app = new OpenAPIHono<DeskEnv>();
  const asking = { ...desk, isDemo: false, behindProxy: false, isProxied: false, isForwarded: false };
  app.use(securityHeaders(), ownOrigin(), whoAsks(asking));
  app.route('/', districtConsole(parts));
  return {
    quiet,
    parts,
    app,
    given,
    account: async (name, roles) => {
      const opened = await desk.accounts.open({ account: name, roles }, MACHINE);
      if (!opened.ok) throw new Error(opened.error);
      const { invitation } = opened.value;
      const redeemed = await desk.accounts.redeem({ invitation, password: TRIAL_PASSWORD });
      if (!redeemed.ok) throw new Error(redeemed.error);
    },
    cookie: async (name) => {
      const signed = await desk.accounts.signIn({ account: name, password: TRIAL_PASSWORD });
      if (!signed.ok) throw new Error(signed.error);
      return `__Host-menwei=${signed.value.token}`;
    },
    stop: () => quiet.stop(),
  };
}

function trialEnrolments(quiet: QuietDistrict): ConsoleParts['enrolments'] {
  return {
    open: async ({ community }) =>
      community === 7
        ? ok({
            text: `MENWEI-ENROL:1:${'A'.repeat(52)}:${'B'.repeat(26)}:HTTPS://DISTRICT.EXAMPLE:7300`,
            expiresAt: Math.floor(quiet.clock.wall() / 1000) + 600,
          })
        : err('no-such-community'),
    confirm: async (gate) => {
      const found = await quiet.registry.gate(gate);
      if (found === undefined) return err('no-such-gate');
      await quiet.registry.confirmGate(gate, found.device_key);
      return ok(gate);
    },
  };
}

function trialLife(quiet: QuietDistrict): ConsoleParts['life'] {
  const ended = new Map<string, GateState>();
  return {
    end: async (gate, { state }) => {
      ended.set(gate, state);
      return ok(state);
    },
    states: async () => {
      const gates = await quiet.registry.gates();
      return new Map(
        gates.map(({ id, confirmed }) => [id, ended.get(id) ?? (confirmed === 1 ? 'confirmed' : 'waiting')]),
      );
    },
  };
}

export interface TrialGate {
  readonly name: string;
  readonly community?: number;
  readonly confirmed?: boolean;
  readonly status?: Partial<StatusPayload>;
  /** Drafts of its journal's rows. */
  readonly rows?: readonly Partial<RowDraft>[];
  readonly alarms?: readonly AlarmPayload[];
}

export const TRIAL_JOURNAL: string = 'a'.repeat(32);

/** A gate with its last word, its journal and its alarms, stored as the district stores them. */
export async function addTrialGate(quiet: QuietDistrict, given: TrialGate): Promise<readonly ChainedRow[]> {
  const { database, clock, registry } = quiet;
  const { name, community = 7, confirmed = true, rows: drafts = [] } = given;
  const key = keyPair();
  await registry.enrolGate({ gate: name, community, deviceKey: key.publicKeyHex }, { confirmed });
  const rows: ChainedRow[] = [];
  for (const draft of drafts) rows.push(chained(rows.at(-1), draft));
  const last = rows.at(-1);
  if (given.status !== undefined) await registry.saw(name, JSON.stringify(statusFor(given, last)));
  if (given.alarms !== undefined)
    await insertAlarms(database, { gate: name, alarms: given.alarms, now: clock.wall() });
  if (last === undefined) return rows;
  const gate = await registry.gate(name);
  if (gate === undefined) throw new Error('the gate was not enrolled');
  const ingest = createIngest({ district: 'd-1', database, verifySignature, clock: realClock });
  const taken = await ingest.take(gate, batchOf(rows, { gate: name, key, journal: TRIAL_JOURNAL }));
  if (!taken.ok) throw new Error(taken.error);
  return rows;
}

function statusFor({ status }: TrialGate, last: ChainedRow | undefined): StatusPayload {
  return {
    state: 'online',
    since: '2026-03-01T06:00:00.000Z',
    session: 'c'.repeat(32),
    software: '0.1.0',
    journal: { id: TRIAL_JOURNAL, seq: last?.seq ?? 0, hash: last?.hash ?? '0'.repeat(64) },
    documents: {},
    clock: { quality: 'synced', errorSeconds: 0.2 },
    lanes: [
      { lane: 'main', direction: 'in', mode: 'normal', door: { ok: true, relayOn: false, open: false } },
    ],
    protocol: 5,
    ...status,
  };
}
