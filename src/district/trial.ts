import type { NewGate, NewResident, ResidentState } from '../wire/index.ts';
import type { Publisher } from './publishing/publisher.ts';
import type { Registry } from './registry/registry.ts';
import type { Feed, FeedEvent } from './server/feed.ts';

/**
 * What a simulation does at the district's desk from within its process: many gates and residents at once, each change
 * published once. Nothing of it can be reached from outside.
 */
export interface Trial {
  /** @returns the gates' broker passwords, in their order */
  enrolGates(gates: readonly NewGate[]): Promise<readonly string[]>;
  /** @returns the residents' indices, in their order */
  addResidents(residents: readonly TrialResident[]): Promise<readonly number[]>;
  setState(index: number, state: ResidentState): Promise<void>;
  gates(): Promise<readonly string[]>;
  /** Hears what screens hear. @returns a function that ends it */
  follow(listener: (event: FeedEvent) => void): () => void;
}

export interface TrialResident {
  readonly resident: NewResident;
  /** Ed25519 public key of the resident's phone, hex. */
  readonly phone: string;
}

export function trialOf({
  registry,
  publisher,
  feed,
}: {
  readonly registry: Registry;
  readonly publisher: Publisher;
  readonly feed: Feed;
}): Trial {
  return {
    enrolGates: async (gates) => {
      const passwords: string[] = [];
      for (const gate of gates) passwords.push(await registry.enrolGate(gate));
      await publisher.registryChanged({ what: 'gates' });
      return passwords;
    },
    addResidents: async (residents) => {
      const indices: number[] = [];
      for (const each of residents) indices.push(await addResident(registry, each));
      await publisher.registryChanged({ what: 'people' });
      return indices;
    },
    setState: async (index, state) => {
      await registry.setState(index, state);
      await publisher.statusChanged('residents', [index]);
    },
    gates: async () => (await registry.gates()).map(({ id }) => id),
    follow: (listener) => follow(feed, listener),
  };
}

async function addResident(registry: Registry, { resident, phone }: TrialResident): Promise<number> {
  const added = await registry.addResident(resident);
  if (added === undefined) throw new Error('this household has eight members; no order is left');
  const kept = await registry.addHolderKey(added.index, 0, phone);
  if (!kept.ok) throw new Error(`the phone was not registered: ${kept.error}`);
  return added.index;
}

function follow(feed: Feed, listener: (event: FeedEvent) => void): () => void {
  const heard = feed.listen();
  if (heard === undefined) throw new Error('too many listen to the district already');
  const pump = async () => {
    for (let event = await heard.queue.take(); event !== undefined; event = await heard.queue.take())
      listener(event);
  };
  void pump();
  return () => heard.end();
}
