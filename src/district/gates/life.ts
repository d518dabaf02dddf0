import { err, ok, type Result, toHex } from '../../base/index.ts';
import type { Clock, Log, Random } from '../../ports/index.ts';
import type { AlarmPayload, GateState } from '../../wire/index.ts';
import type { HeardGate } from '../centre/known-gates.ts';
import type { Database } from '../database/database.ts';
import { alone } from '../database/transaction.ts';
import type { RegistryChange } from '../publishing/change-rounds.ts';
import type { GateCertificates } from './certificates.ts';

/**
 * A gate's life: enrolled, confirmed, replaced by another machine, retired, stolen. Whatever ends takes the key out of the
 * policy, the certificate and the connection away at once; journals stay. A name is never changed.
 */
export interface GateLifeOptions {
  readonly database: Database;
  readonly certificates: GateCertificates;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  /** The broker forgets whoever speaks in that name. */
  readonly throwOut: (gate: string) => Promise<void>;
  /** Takes the retained roster of the gate away. */
  readonly clearRoster: (gate: string) => Promise<unknown>;
  /** What gates held of the rosters is worth nothing any more: look-up hashes get a new key, and the community's short codes. */
  readonly rotateRosterKeys: (community: number) => Promise<void>;
  /** Documents follow the registry. */
  readonly registryChanged: (change?: RegistryChange) => Promise<void>;
  /** Whether that key signed the batch’s checkpoint in that gate’s name. */
  readonly isSignedBy: (payload: Uint8Array, by: { gate: string; deviceKey: string }) => boolean;
  readonly alarm: (gate: string, alarm: AlarmPayload) => Promise<void>;
}

export type LifeProblem = 'no-such-gate' | 'ended-key' | 'other-name';
type Ending = 'retired' | 'stolen';

/** An ended gate that goes on speaking is told of so often, not at each message. */
const HEARD_AGAIN_MS = 600_000;
const HEARD_MAX = 1_024;

export class GateLife {
  readonly #options: GateLifeOptions;
  readonly #heard = new Map<string, number>();

  constructor(options: GateLifeOptions) {
    this.#options = options;
  }

  /** Whether this key may become a gate of that name: nobody's stolen machine, and no gate under a second name. */
  async mayEnrol(gate: string, deviceKey: string): Promise<Result<void, LifeProblem>> {
    const { database } = this.#options;
    const stolen = await database
      .selectFrom('gate_key')
      .select('gate')
      .where('device_key', '=', deviceKey)
      .where('why', '=', 'stolen')
      .executeTakeFirst();
    if (stolen !== undefined) return err('ended-key');
    const others = await database
      .selectFrom('gate')
      .leftJoin('gate_life', 'gate_life.gate', 'gate.id')
      .select('gate.id')
      .where('gate.device_key', '=', deviceKey)
      .where('gate.id', '!=', gate)
      .where('gate_life.state', 'is', null)
      .execute();
    return others.length === 0 ? ok(undefined) : err('other-name');
  }

  /** Before the registry learns the new key: what its forerunner of the same name had ends. */
  async replace(gate: string, next: { readonly deviceKey: string }): Promise<void> {
    const { database, certificates, clock } = this.#options;
    const now = clock.wall();
    await certificates.revokeAll(gate);
    await alone(database, async (transaction) => {
      const before = await transaction
        .selectFrom('gate')
        .select('device_key')
        .where('id', '=', gate)
        .executeTakeFirst();
      if (before !== undefined && before.device_key !== next.deviceKey)
        await endKey(transaction, { gate, deviceKey: before.device_key, at: now, why: 'replaced' });
      await transaction
        .deleteFrom('gate_key')
        .where('gate', '=', gate)
        .where('device_key', '=', next.deviceKey)
        .execute();
      await transaction.deleteFrom('gate_life').where('gate', '=', gate).execute();
      await transaction
        .insertInto('gate_life')
        .values({ gate, state: null, since: now, reason: null, broker_hash: null })
        .execute();
    });
  }

  async keepBrokerHash(gate: string, hash: string): Promise<void> {
    const { database } = this.#options;
    await database.updateTable('gate_life').set({ broker_hash: hash }).where('gate', '=', gate).execute();
  }

  throwOut(gate: string): Promise<void> {
    return this.#options.throwOut(gate);
  }

  /** Out of the policy, without a roster, without admission. Done twice, it is done once more. */
  async end(
    gateId: string,
    { state, reason }: { readonly state: Ending; readonly reason: string },
  ): Promise<Result<GateState, LifeProblem>> {
    const { database, certificates, clock, log, registryChanged, clearRoster, throwOut, rotateRosterKeys } =
      this.#options;
    const now = clock.wall();
    const community = await alone(database, async (transaction) => {
      const gate = await transaction
        .selectFrom('gate')
        .select(['device_key', 'community'])
        .where('id', '=', gateId)
        .executeTakeFirst();
      if (gate === undefined) return undefined;
      await endKey(transaction, { gate: gateId, deviceKey: gate.device_key, at: now, why: state });
      // No password is 64 times x: nothing that is sent has this hash.
      await transaction
        .updateTable('gate')
        .set({ confirmed: 0, seal_key: null, password_hash: 'x'.repeat(64) })
        .where('id', '=', gateId)
        .execute();
      const life = { gate: gateId, state, since: now, reason, broker_hash: null };
      await transaction
        .insertInto('gate_life')
        .values(life)
        .onConflict((conflict) => conflict.column('gate').doUpdateSet(life))
        .execute();
      return gate.community;
    });
    if (community === undefined) return err('no-such-gate');
    await certificates.revokeAll(gateId);
    await throwOut(gateId);
    await clearRoster(gateId);
    if (state === 'stolen') {
      await rotateRosterKeys(community);
      // Every roster has look-ups under that key.
      await registryChanged();
    } else await registryChanged({ what: 'gates', communities: [community] });
    log.warn({ gate: gateId, state }, 'a gate’s life is over');
    return ok(state);
  }

  async states(): Promise<ReadonlyMap<string, GateState>> {
    const gates = await this.#options.database
      .selectFrom('gate')
      .leftJoin('gate_life', 'gate_life.gate', 'gate.id')
      .select(['gate.id', 'gate.confirmed', 'gate_life.state'])
      .execute();
    return new Map(
      gates.map(({ id, confirmed, state }) => [id, state ?? (confirmed === 1 ? 'confirmed' : 'waiting')]),
    );
  }

  async stateOf(gate: string): Promise<GateState | undefined> {
    return (await this.states()).get(gate);
  }

  /** For each message of a gate: one whose life is over is not listened to, and that it speaks is told. */
  async isHeard(gate: Pick<HeardGate, 'id' | 'ended'>): Promise<boolean> {
    const state = gate.ended;
    if (state === null) return true;
    await this.#tell(gate.id, state, `this gate is ${state}`);
    return false;
  }

  /** A batch that this gate’s key did not sign: whether a key did that its name has had before. */
  async unbelieved(gate: string, payload: Uint8Array): Promise<void> {
    const keys = await this.#options.database
      .selectFrom('gate_key')
      .select(['device_key', 'why'])
      .where('gate', '=', gate)
      .execute();
    const old = keys.find(({ device_key: key }) =>
      this.#options.isSignedBy(payload, { gate, deviceKey: key }),
    );
    if (old !== undefined) await this.#tell(gate, old.why, `a journal signed by a key that was ${old.why}`);
  }

  async #tell(gate: string, why: string, detail: string): Promise<void> {
    const { clock, random, log, alarm } = this.#options;
    const now = clock.monotonic();
    const before = this.#heard.get(`${gate} ${why}`);
    if (before !== undefined && now - before < HEARD_AGAIN_MS) return;
    if (this.#heard.size >= HEARD_MAX) this.#heard.clear();
    this.#heard.set(`${gate} ${why}`, now);
    log.error({ gate, why }, 'a gate whose life is over was heard');
    const at = new Date(clock.wall()).toISOString();
    const id = `ended-${toHex(random.bytes(8))}`;
    await alarm(gate, { id, at, alarm: 'gate-ended', cleared: false, detail });
  }
}

async function endKey(
  database: Database,
  { gate, deviceKey, at, why }: { gate: string; deviceKey: string; at: number; why: Ending | 'replaced' },
): Promise<void> {
  const row = { gate, device_key: deviceKey, ended_at: at, why };
  await database
    .insertInto('gate_key')
    .values(row)
    .onConflict((conflict) => conflict.columns(['gate', 'device_key']).doUpdateSet(row))
    .execute();
}
