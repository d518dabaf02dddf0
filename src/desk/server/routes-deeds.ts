import { RateLimit } from '../../http/index.ts';
import { type Deed, deedBody } from '../../wire/index.ts';
import { DEEDS_PER_MINUTE_MAX, TRIED_KEYS_MAX } from '../limits.ts';
import type { DeskServerParts } from './parts.ts';
import { addressOf, type DeskApp, guardRoute, refused } from './route.ts';

const MINUTE_MS = 60_000;
/** What must not wait until a shift has begun: help, and the end of what was begun. */
const AT_ANY_TIME: ReadonlySet<Deed> = new Set<Deed>(['emergency', 'undo', 'end-hold', 'lock-down']);

/** What a guard does: each deed has its row before it happens. */
export function addDeedRoutes(app: DeskApp, { work, shifts, clock }: DeskServerParts): void {
  const limit = new RateLimit({
    count: DEEDS_PER_MINUTE_MAX,
    withinMs: MINUTE_MS,
    callersMax: TRIED_KEYS_MAX,
    clock,
  });
  guardRoute(
    app,
    { method: 'post', path: '/guard/api/deeds', body: deedBody },
    async ({ context, guard, body }) => {
      if (!AT_ANY_TIME.has(body.deed) && shifts.current(guard.account) === undefined)
        return refused(context, 'no-shift');
      const waitMs = limit.take(guard.account);
      if (waitMs > 0) return refused(context, 'too-many', { waitSeconds: Math.ceil(waitMs / 1_000) });
      const done = await work.deeds.take(body, guard, addressOf(context).address);
      if (done.ok) return context.json(done.value);
      const { problem, waitSeconds } = done.error;
      return refused(context, problem, waitSeconds === undefined ? {} : { waitSeconds });
    },
  );
}
