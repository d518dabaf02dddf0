import type { ISubscriptionMap, MqttClient } from 'mqtt';
import type { Clock, Log } from '../ports/index.ts';
import { SUBSCRIBE_AGAIN_MS, SUBSCRIBE_TRIES_MAX, TOPICS_AT_ONCE } from './limits.ts';

/**
 * Subscribes until everything is granted: what a broker refuses is asked for again in the same session, since a node of a
 * cluster in election refuses some and grants the rest. It never leaves a session deaf on a topic: it throws.
 */
export interface Subscription {
  readonly topic: string;
  readonly qos: 0 | 1;
}

interface Session {
  readonly client: MqttClient;
  /** Whether this client's session still stands. */
  readonly stands: () => boolean;
  readonly clock: Clock;
  readonly log: Log;
}

/** First reason code that means no (MQTT 3.1.1, 3.9.3; MQTT 5, 3.9.3). */
const REFUSED = 0x80;

/** @throws when the connection goes, or when nothing more was granted `SUBSCRIBE_TRIES_MAX` times in a row */
export async function subscribeAll(session: Session, wanted: readonly Subscription[]): Promise<void> {
  let left = [...new Map(wanted.map((each) => [each.topic, each])).values()];
  for (let fruitless = 0; ; ) {
    const refused = await askFor(session, left);
    if (refused.length === 0) return;
    fruitless = refused.length < left.length ? 0 : fruitless + 1;
    left = refused;
    session.log.warn({ topics: left.length }, 'the broker refused subscriptions: asking again');
    if (fruitless === SUBSCRIBE_TRIES_MAX) throw new Error('the broker refuses subscriptions');
    await new Promise<void>((resolve) => void session.clock.after(SUBSCRIBE_AGAIN_MS, resolve));
    if (!session.stands()) throw new Error('the connection went while subscribing');
  }
}

/** @returns what was refused */
async function askFor({ client }: Session, wanted: readonly Subscription[]): Promise<Subscription[]> {
  const refused: Subscription[] = [];
  for (let from = 0; from < wanted.length; from += TOPICS_AT_ONCE) {
    const some = wanted.slice(from, from + TOPICS_AT_ONCE);
    const codes = await codesFor(client, some);
    refused.push(...some.filter((_, at) => (codes[at] ?? REFUSED) >= REFUSED));
  }
  return refused;
}

/** One SUBSCRIBE. @returns its SUBACK's code for each, in their order */
function codesFor(client: MqttClient, some: readonly Subscription[]): Promise<readonly number[]> {
  const map: ISubscriptionMap = Object.fromEntries(some.map(({ topic, qos }) => [topic, { qos }]));
  return new Promise((resolve, reject) => {
    client.subscribe(map, (error, _grants, packet) => {
      const codes = packet?.granted;
      // A SUBACK with a refusal comes as an error and with its packet; without one the connection went.
      if (codes?.length === some.length) resolve(codes.map(Number));
      else reject(error ?? new Error('a SUBACK is not about its SUBSCRIBE'));
    });
  });
}
