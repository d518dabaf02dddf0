import { OpenAPIHono } from '@hono/zod-openapi';
import { realClock } from '../../../test/twins/broker.ts';
import { verifySignature } from '../../../test/twins/gate.ts';
import { random } from '../../../test/twins/paper-community.ts';
import { QuietDistrict, type QuietOptions } from '../../../test/twins/quiet-district.ts';
import { err, ok, toHex } from '../../base/index.ts';
import { argon2id } from '../../crypto/index.ts';
import { ownOrigin, securityHeaders } from '../../http/index.ts';
import type { DeskRole, GateState, NewCommand, PublicRootKey } from '../../wire/index.ts';
import { openDesk } from '../accounts/desk.ts';
import { MACHINE } from '../accounts/roles.ts';
import type { DeskApp, DeskEnv } from '../server/route.ts';
import { whoAsks } from '../server/who-asks.ts';
import { ChainChecks } from '../ingest/chain-checks.ts';
import { Imports } from '../registry/import/imports.ts';
import type { Persons } from '../registry/persons.ts';
import { openRegistry } from '../registry/open-registry.ts';
import { ListUptake } from '../publishing/list-uptake.ts';
import { Releases } from '../publishing/releases.ts';
import { Updates } from '../gates/updates.ts';
import { registerUpdates } from '../gates/wide-updates.ts';
import { Feed } from '../server/feed.ts';
import { ApplicationLimits } from '../server/application-limits.ts';
import { IssuingLimits } from '../server/issuing-limits.ts';
import { GuardPhotos } from '../photos/guard-photos.ts';
import { Applications } from '../reviews/applications.ts';
import { photoRules } from '../../wire/index.ts';
import { accessOf } from './access.ts';
import { districtConsole } from './console.ts';
import { KeptLists } from './kit/kept-lists.ts';
import type { ConsoleParts } from './parts.ts';
import { rowsOf } from './rows.ts';

/**
 * For tests: the console over a real database, registry, desk and issuing, without network. Orders to gates and the end of
 * a gate's life are written down instead of being carried out.
 */
export const TRIAL_PASSWORD = 'vier kleine Kraniche';

export interface ConsoleTrial {
  readonly quiet: QuietDistrict;
  readonly parts: Omit<ConsoleParts, 'uptake' | 'updates'> & {
    readonly uptake: ListUptake;
    readonly updates: Updates;
  };
  readonly feed: Feed;
  readonly app: DeskApp;
  /** Whose releases may be registered; nobody's at first. */
  readonly makers: PublicRootKey[];
  readonly given: { readonly gate: string; readonly command: NewCommand }[];
  /** @param by who opens it; the machine, when left out */
  account(name: string, roles: readonly DeskRole[], by?: string): Promise<void>;
  /** Signs in beside the form. @returns the cookie */
  cookie(name: string): Promise<string>;
  /** Kept when the check of stored chains that runs has ended. */
  checked(): Promise<void>;
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
  const { registry, persons } = await openRegistry({
    ...base,
    dataDir: quiet.folder,
    timeZone: 'Asia/Shanghai',
    lookupKey: () => quiet.keys.keys.lookupKey,
  });
  const checks = new ChainChecks({ ...base, clock: realClock, district: 'd-1', verifySignature });
  const given: { gate: string; command: NewCommand }[] = [];
  const feed = new Feed();
  const orders = trialOrders(quiet, given);
  const makers: PublicRootKey[] = [];
  const parts: ConsoleTrial['parts'] = {
    ...base,
    ...desk,
    district: 'd-1',
    timeZone: 'Asia/Shanghai',
    communities: (options.communities ?? [7]).map((id) => ({ id })),
    registry,
    persons,
    imports: new Imports({ ...base, clock: realClock, registry, persons, publisher: quiet.publisher }),
    ...trialReviews(quiet, { ...desk, registry, persons }, options),
    lists: new KeptLists(base),
    issuingLimits: new IssuingLimits(clock),
    keeping: { checks },
    issuing: quiet.issuing,
    issuers: quiet.keys.issuers,
    publisher: quiet.publisher,
    orders,
    ...trialUpdates(quiet, { orders, makers, ...desk }),
    enrolments: trialEnrolments(quiet),
    life: trialLife(quiet),
    warnings: { list: () => Promise.resolve([]) },
    uptake: new ListUptake(base),
    feed,
    rows: rowsOf({ ...base, timeZone: 'Asia/Shanghai' }),
    access: accessOf(desk.sessions),
  };
  const app = new OpenAPIHono<DeskEnv>();
  const asking = { ...desk, isDemo: false, behindProxy: false, isProxied: false, isForwarded: false };
  app.use(securityHeaders(), ownOrigin(), whoAsks(asking));
  app.route('/', districtConsole(parts));
  return {
    quiet,
    parts,
    feed,
    app,
    makers,
    given,
    account: async (name, roles, by = MACHINE) => {
      await openAccount(desk, { account: name, roles }, by);
    },
    cookie: async (name) => {
      const signed = await desk.accounts.signIn({ account: name, password: TRIAL_PASSWORD });
      if (!signed.ok) throw new Error(signed.error);
      return `__Host-menwei=${signed.value.token}`;
    },
    checked: () => checks.idle(),
    stop: () => quiet.stop(),
  };
}

function trialReviews(
  quiet: QuietDistrict,
  parts: Pick<ConsoleParts, 'registry' | 'audit'> & { readonly persons: Persons },
  { communities = [7] }: QuietOptions,
): Pick<ConsoleTrial['parts'], 'applications' | 'applicationLimits' | 'photos'> {
  const photos = new GuardPhotos({ ...quiet, vault: parts.persons.vault });
  const applications = new Applications({
    ...parts,
    random: { bytes: random },
    vault: parts.persons.vault,
    database: quiet.database,
    clock: quiet.clock,
    publisher: quiet.publisher,
    communities: communities.map((id) => ({ id })),
    calendar: { timeZone: 'Asia/Shanghai' },
    photoRules: photoRules.parse({}),
    photos,
  });
  return { applications, photos, applicationLimits: new ApplicationLimits(quiet.clock) };
}

async function openAccount(
  { accounts }: Pick<ConsoleParts, 'accounts'>,
  wanted: { readonly account: string; readonly roles: readonly DeskRole[] },
  by: string,
): Promise<void> {
  const opened = await accounts.open(wanted, by);
  if (!opened.ok) throw new Error(opened.error);
  const { invitation } = opened.value;
  const redeemed = await accounts.redeem({ invitation, password: TRIAL_PASSWORD });
  if (!redeemed.ok) throw new Error(redeemed.error);
}

function trialOrders(quiet: QuietDistrict, given: ConsoleTrial['given']): ConsoleParts['orders'] {
  return {
    give: async (gate, command) => {
      if (((await quiet.registry.gate(gate))?.status ?? null) === null) return err('gate-offline');
      given.push({ gate, command });
      return ok(toHex(random(16)));
    },
  };
}

function trialUpdates(
  quiet: QuietDistrict,
  { orders, makers, approvals }: Pick<ConsoleParts, 'orders' | 'approvals'> & { makers: PublicRootKey[] },
): { releases: Releases; updates: Updates } {
  const releases = new Releases({ ...quiet, verifySignature, makers: () => ok(makers) });
  const states = () => trialLife(quiet).states();
  const updates = new Updates({ ...quiet, releases, orders, states });
  registerUpdates(approvals, updates);
  return { releases, updates };
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
