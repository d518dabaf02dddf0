import { err, ok, type Result, toHex, unixSeconds } from '../../base/index.ts';
import { signCommand } from '../../issue/index.ts';
import type { Clock, Random } from '../../ports/index.ts';
import { COMMAND_LIFE_MAX_SECONDS, type NewCommand, statusPayload } from '../../wire/index.ts';
import type { Database } from '../database/database.ts';
import { KEY_KNOWN_EVERY_MS, KEY_KNOWN_WITHIN_MS } from '../limits.ts';
import { type CommandKey, DISTRICT_ACTOR, type OperatorKeys } from '../keys/operator-keys.ts';
import type { Registry } from '../registry/registry.ts';
import { alone } from '../database/transaction.ts';

/**
 * Orders to a gate, each signed with the key of whoever gives it, for the gate's present session alone: the row that it
 * leaves there names them. The counter is on the disk before the order is out; an order lives for seconds and is never
 * kept by a broker.
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

export type OrderProblem = 'no-such-gate' | 'gate-offline' | 'not-sent' | 'no-command-key' | 'key-not-known';

export class Orders {
  readonly #options: OrdersOptions;

  constructor(options: OrdersOptions) {
    this.#options = options;
  }

  /**
   * @param by the account that gives it; left out, the district itself
   * @returns the order's `jti`, under which its reply comes
   */
  async give(
    gateId: string,
    command: NewCommand,
    by: string = DISTRICT_ACTOR,
  ): Promise<Result<string, OrderProblem>> {
    const { district, operators, clock, random, send } = this.#options;
    // Another process may have withdrawn it.
    await operators.reload();
    if (operators.signerOf(by) === undefined) return err('no-command-key');
    const ready = await this.#whenKnown(gateId, by);
    if (!ready.ok) return ready;
    const { signer, session } = ready.value;
    const iat = unixSeconds(clock.wall());
    const jti = toHex(random.bytes(16));
    const token = await signCommand(signer, {
      iss: district,
      aud: gateId,
      nonce: session,
      ...command,
      jti,
      counter: await this.#nextCounter(signer.kid, gateId),
      iat,
      exp: iat + COMMAND_LIFE_MAX_SECONDS,
      actor: by,
    });
    return (await send(gateId, token)) ? ok(jti) : err('not-sent');
  }

  /** A key that was made just now is on its way to the gate: an order that came before it would be an alarm there. */
  async #whenKnown(
    gateId: string,
    by: string,
  ): Promise<Result<{ signer: CommandKey['signer']; session: string }, OrderProblem>> {
    const { registry, operators, clock } = this.#options;
    const endsAt = clock.monotonic() + KEY_KNOWN_WITHIN_MS;
    for (;;) {
      const gate = await registry.gate(gateId);
      if (gate === undefined) return err('no-such-gate');
      const status = statusPayload.safeParse(JSON.parse(gate.status ?? 'null')).data;
      if (status?.state !== 'online') return err('gate-offline');
      const key = operators.signerOf(by);
      if (key === undefined) return err('no-command-key');
      const held = status.documents['operators'] ?? 0;
      const isKnown = key.version !== null && held >= key.version;
      if (isKnown || by === DISTRICT_ACTOR) return ok({ signer: key.signer, session: status.session });
      if (clock.monotonic() >= endsAt) return err('key-not-known');
      await new Promise<void>((resolve) => void clock.after(KEY_KNOWN_EVERY_MS, resolve));
    }
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
