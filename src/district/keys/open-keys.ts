import { statusPayload } from '../../wire/index.ts';
import type { Clock, Log, Random } from '../../ports/index.ts';
import { operatorsOf } from '../accounts/operators.ts';
import type { Database } from '../database/database.ts';
import type { Registry } from '../registry/registry.ts';
import type { IssuerSettings } from './issuer-key.ts';
import { Issuers } from './issuers.ts';
import { type DistrictCrypto, KeyRing } from './key-ring.ts';
import { OperatorKeys } from './operator-keys.ts';

/** All keys of a district, out of its keys folder and its database; what a district of the first form kept is taken over. */
export interface Keys {
  readonly keys: KeyRing;
  readonly issuers: Issuers;
  readonly operators: OperatorKeys;
}

export interface OpenKeysOptions {
  readonly folder: string;
  readonly district: string;
  /** One that may sign everything, when left out. */
  readonly issuers?: readonly IssuerSettings[];
  readonly keyLeadSeconds?: number;
  readonly database: Database;
  readonly registry: Pick<Registry, 'gates'>;
  /** A demonstration's visitor gives orders without an account. */
  readonly demo?: unknown;
  readonly crypto: DistrictCrypto;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
}

/** A credential lives for 90 days at most, a printed card for 366: codes of the last signing day end inside the span. */
const SIGN_DAYS = 180;
const VERIFY_DAYS = SIGN_DAYS + 367;
const LEAD_SECONDS = 3_600;
export const DEFAULT_ISSUERS: readonly IssuerSettings[] = [
  { name: 'district', suite: 1, signDays: SIGN_DAYS, verifyDays: VERIFY_DAYS },
];

export async function openKeys(options: OpenKeysOptions): Promise<Keys> {
  const { issuers = DEFAULT_ISSUERS, keyLeadSeconds: leadSeconds = LEAD_SECONDS, registry } = options;
  const keys = await KeyRing.open(options);
  const { folder, former } = keys;
  const gatesHold = (document: 'keyset' | 'operators') => (version: number) =>
    connectedGatesHold(registry, { document, version });
  const guests = options.demo === undefined ? [] : ['demo'];
  const people = async () => [...guests, ...(await operatorsOf(options.database))];
  const parts = { ...options, folder, leadSeconds, people };
  const opened = {
    keys,
    issuers: await Issuers.open({ ...parts, issuers, gatesHold: gatesHold('keyset') }, former?.issuer),
    operators: await OperatorKeys.open({ ...parts, gatesHold: gatesHold('operators') }, former?.operator),
  };
  if (former !== undefined) await keys.forgetFormer();
  return opened;
}

/** By the gates' own last word. */
async function connectedGatesHold(
  registry: Pick<Registry, 'gates'>,
  { document, version }: { document: string; version: number },
): Promise<boolean> {
  const statuses = (await registry.gates()).map(
    ({ status }) => statusPayload.safeParse(JSON.parse(status ?? 'null')).data,
  );
  const online = statuses.filter((status) => status?.state === 'online');
  return online.length > 0 && online.every((status) => (status?.documents[document] ?? 0) >= version);
}
