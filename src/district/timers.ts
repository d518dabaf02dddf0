import type { Clock, Log } from '../ports/index.ts';

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
