import { createLink, type Incoming, type Link, type Outgoing } from '../link/index.ts';
import { USED_CHANNEL_RULE, usedTopic } from '../wire/index.ts';
import { ALONE_AFTER_MS, SMALL_MESSAGE_BYTES_MAX } from './limits.ts';
import type { ReportOptions } from './options.ts';
import { signUsed, type UsedCode, verifyUsed } from './used.ts';

type Carrier = 'district' | 'community';

/**
 * The other gates of the community: used codes go to them over the district's broker and over the community's own, and
 * come from them. When neither carries them the gate says that it stands alone. It never stops a code that was not used.
 */
export class Sisters {
  readonly #options: ReportOptions;
  readonly #main: Pick<Link, 'publish'>;
  readonly #own: Link | undefined;
  /** Brokers that carry used codes to this gate now: connected, and the subscription granted. */
  readonly #carriers = new Set<Carrier>();
  #alone = false;
  #stopped = false;
  #cancelLook: (() => void) | undefined;

  /** @param main the connection to the district's broker */
  constructor(options: ReportOptions, main: Pick<Link, 'publish'>) {
    this.#options = options;
    this.#main = main;
    this.#own = this.#ownBrokerLink();
  }

  /** undefined: the community has no broker of its own. */
  get ownConnected(): boolean | undefined {
    return this.#own === undefined ? undefined : this.#carriers.has('community');
  }

  /** Other gates of the community that no broker reaches. */
  get outOfReach(): number {
    return this.#carriers.size > 0 ? 0 : this.#count();
  }

  start(): void {
    this.#own?.start();
    this.#look();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#cancelLook?.();
    await this.#own?.stop();
  }

  async announce(used: UsedCode): Promise<void> {
    if (this.#carriers.size === 0) return;
    const { district, community, signer } = this.#options;
    const { qos, retain } = USED_CHANNEL_RULE;
    const payload = await signUsed(used, this.#options, signer);
    const message: Outgoing = { topic: usedTopic(district, community), payload, qos, retain };
    await Promise.all([this.#main.publish(message), this.#own?.publish(message)]);
  }

  heard({ payload, retained }: Pick<Incoming, 'payload' | 'retained'>): void {
    if (retained || payload.length > SMALL_MESSAGE_BYTES_MAX) return;
    const { trust, inbox, log, verifySignature } = this.#options;
    const sisters = { gates: trust.sisterGates(), verifySignature };
    const used = verifyUsed(Buffer.from(payload).toString('utf8'), this.#options, sisters);
    if (used.ok) inbox.offer(used.value);
    else if (used.error !== 'own') log.warn({ why: used.error }, 'a used code was not believed');
  }

  carries(carrier: Carrier, does: boolean): void {
    if (does) this.#carriers.add(carrier);
    else this.#carriers.delete(carrier);
    this.#look();
  }

  /** Says a change once, and only when it lasts. */
  #look(): void {
    this.#cancelLook?.();
    if (this.#stopped) return;
    this.#cancelLook = this.#options.clock.after(ALONE_AFTER_MS, () => this.#say());
  }

  #say(): void {
    const gates = this.outOfReach;
    if (this.#alone === gates > 0) return;
    this.#alone = gates > 0;
    if (this.#alone)
      this.#options.log.warn(
        { gates },
        'no broker reaches the community’s other gates: this gate stands alone, a code used here is not known there',
      );
    else this.#options.log.info({}, 'used codes reach the community’s other gates again');
  }

  #count(): number {
    const { trust, gate } = this.#options;
    return Object.keys(trust.sisterGates()).filter((sister) => sister !== gate).length;
  }

  #ownBrokerLink(): Link | undefined {
    const { settings, district, gate, community, clock, random, log } = this.#options;
    if (settings.community === undefined) return undefined;
    return createLink({
      settings: { ...settings.community, clientId: `menwei-${district}-${gate}` },
      subscriptions: [{ topic: usedTopic(district, community), qos: USED_CHANNEL_RULE.qos }],
      onConnect: () => this.carries('community', true),
      onDisconnect: () => this.carries('community', false),
      onMessage: (message) => this.heard(message),
      clock,
      random,
      log,
    });
  }
}
