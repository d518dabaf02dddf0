/** One MQTT connection that comes back by itself. Shared by a gate's report and the district; knows no topic. */
export { backoffMs, backoffWidthMs } from './backoff.ts';
export {
  type BrokerFacts,
  createLink,
  type Incoming,
  type Link,
  type LinkOptions,
  type LinkSettings,
  type LinkTls,
  type Outgoing,
  type PublishOutcome,
} from './link.ts';
export type { Subscription } from './subscribing.ts';
