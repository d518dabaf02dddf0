import { err, ok, type Result, toHex, unixSeconds } from '../../base/index.ts';
import { signCommand } from '../../issue/index.ts';
import type { Clock, Random } from '../../ports/index.ts';
import { COMMAND_LIFE_MAX_SECONDS, type NewCommand, statusPayload } from '../../wire/index.ts';
import type { Database } from '../database/database.ts';
import type { OperatorKeys } from '../keys/operator-keys.ts';
import { OPERATOR_ACTOR } from '../publishing/publisher.ts';
import type { Registry } from '../registry/registry.ts';
import { alone } from '../database/transaction.ts';

/**
 * Orders to a gate, signed with the operator's key for the gate's present session alone. The counter is on the disk
 * before the order is out; an order lives for seconds and is never kept by a broker.
 */
export interface OrdersOptions {
  readonly district: string;
  readonly database: Database;
  readonly registry: Registry;
  readonly operators: OperatorKeys;
  readonly clock: Clock;
  readonly random: Random;
  /** Publishes on the gate's `commands`, never retained. @returns false when it is not out */
  readonly send: (gate: string, token: string) => Promise<boolean>;
}

export type OrderProblem = 'no-such-gate' | 'gate-offline' | 'not-sent';

export class Orders {
  readonly #options: OrdersOptions;

  constructor(options: OrdersOptions) {
    this.#options = options;
  }

  /** @returns the order's `jti`, under which its reply comes */
  async give(gateId: string, command: NewCommand): Promise<Result<string, OrderProblem>> {
    const { district, registry, operators, clock, random, send } = this.#options;
    const gate = await registry.gate(gateId);
    if (gate === undefined) return err('no-such-gate');
    const status = statusPayload.safeParse(JSON.parse(gate.status ?? 'null')).data;
    if (status?.state !== 'online') return err('gate-offline');
    const iat = unixSeconds(clock.wall());
    const jti = toHex(random.bytes(16));
    const { signer } = operators;
    const token = await signCommand(signer, {
      iss: district,
      aud: gateId,
      nonce: status.session,
      ...command,
      jti,
      counter: await this.#nextCounter(signer.kid, gateId),
      iat,
      exp: iat + COMMAND_LIFE_MAX_SECONDS,
      actor: OPERATOR_ACTOR,
    });
    return (await send(gateId, token)) ? ok(jti) : err('not-sent');
  }

  #nextCounter(key: string, gate: string): Promise<number> {
    const now = unixSeconds(this.#options.clock.wall());
    return alone(this.#options.database, async (transaction) => {
      const last = await transaction
        .selectFrom('command_counter')
        .select('counter')
        .where('key', '=', key)
        .where('gate', '=', gate)
        .executeTakeFirst();
      // By the clock where it is ahead: a database that was set back to an older copy repeats no counter.
      const counter = Math.max((last?.counter ?? 0) + 1, now);
      await transaction
        .insertInto('command_counter')
        .values({ key, gate, counter })
        .onConflict((conflict) => conflict.columns(['key', 'gate']).doUpdateSet({ counter }))
        .execute();
      return counter;
    });
  }
}
