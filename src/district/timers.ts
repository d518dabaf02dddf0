import type { Clock, Log } from '../ports/index.ts';
import type { Running } from './assemble.ts';
import { HEALTH_WRITTEN_EVERY_MS } from './ingest/limits.ts';
import {
  BROKER_EVERY_MS,
  KEYS_LOOKED_OVER_EVERY_MS,
  NEWS_LOOKED_OVER_EVERY_MS,
  REFRESH_EVERY_MS,
  TIME_EVERY_MS,
  UPDATES_LOOKED_OVER_EVERY_MS,
} from './limits.ts';

/** What the district does by the clock. Publishing is the leader's alone. @returns a function that ends it */
export function startTimers(
  options: { readonly clock: Clock; readonly log: Log },
  { publisher, keyDesk, warnings, broker, lead, persons, health, updates, applications, photos }: Running,
): () => void {
  const timers = openTimers(options);
  const led = (work: () => Promise<unknown>) => async () => (lead.leads ? work() : undefined);
  timers.every(
    'time',
    TIME_EVERY_MS,
    led(() => publisher.publishTime()),
  );
  timers.every(
    'keys',
    KEYS_LOOKED_OVER_EVERY_MS,
    led(() => keyDesk.lookOver()),
  );
  timers.every(
    'news',
    NEWS_LOOKED_OVER_EVERY_MS,
    led(() => publisher.takeNews()),
  );
  timers.every(
    'documents',
    REFRESH_EVERY_MS,
    led(() => publisher.refresh().then(() => publisher.publishAll())),
  );
  timers.every(
    'updates',
    UPDATES_LOOKED_OVER_EVERY_MS,
    led(() => updates.lookOver()),
  );
  timers.every('persons', REFRESH_EVERY_MS, led(persons.keep));
  timers.every('applications', REFRESH_EVERY_MS, led(applications.keep));
  timers.every('photos', REFRESH_EVERY_MS, led(photos.keep));
  timers.every('warnings', REFRESH_EVERY_MS, () => warnings.lookOver());
  timers.every('health', HEALTH_WRITTEN_EVERY_MS, () => health.write());
  timers.every('broker', BROKER_EVERY_MS, () => broker.refresh());
  return () => timers.end();
}

/** Work that comes again and again; one that fails is told and tried at its next time. */
export interface Timers {
  every(name: string, milliseconds: number, work: () => Promise<unknown>): void;
  end(): void;
}

export function openTimers({ clock, log }: { readonly clock: Clock; readonly log: Log }): Timers {
  const cancels = new Map<string, () => void>();
  const every: Timers['every'] = (name, milliseconds, work) => {
    const next = () =>
      cancels.set(
        name,
        clock.after(milliseconds, () => {
          next();
          work().catch(() => log.error({ work: name }, 'work of the clock failed'));
        }),
      );
    next();
  };
  return {
    every,
    end: () => {
      for (const cancel of cancels.values()) cancel();
    },
  };
}
