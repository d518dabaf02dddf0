import { RateLimit } from '../../http/index.ts';
import { guardPhotoBody, lookUpBody } from '../../wire/index.ts';
import { LOOK_UPS_PER_MINUTE_MAX, TRIED_KEYS_MAX } from '../limits.ts';
import type { DeskServerParts } from './parts.ts';
import { type DeskApp, guardRoute, refused } from './route.ts';

const MINUTE_MS = 60_000;

/** Who somebody is, masked: the question comes in the body, the row before the answer. */
export function addLookUpRoutes(app: DeskApp, { work, shifts, clock }: DeskServerParts): void {
  const limit = new RateLimit({
    count: LOOK_UPS_PER_MINUTE_MAX,
    withinMs: MINUTE_MS,
    callersMax: TRIED_KEYS_MAX,
    clock,
  });
  guardRoute(
    app,
    { method: 'post', path: '/guard/api/look-ups', body: lookUpBody },
    async ({ context, guard, body }) => {
      if (shifts.current(guard.account) === undefined) return refused(context, 'no-shift');
      const waitMs = limit.take(guard.account);
      if (waitMs > 0) return refused(context, 'too-many', { waitSeconds: Math.ceil(waitMs / 1_000) });
      const answer = await work.lookUps.answer(body, guard);
      if (answer.ok) return context.json(answer.value);
      const { error } = answer;
      if (error.problem !== 'invalid') return refused(context, error.problem);
      return context.json({ error: `${error.field}: ${error.words}`, problem: 'invalid' }, 400);
    },
  );
  guardRoute(
    app,
    { method: 'post', path: '/guard/api/look-ups/photo', body: guardPhotoBody },
    async ({ context, guard, body }) => {
      if (shifts.current(guard.account) === undefined) return refused(context, 'no-shift');
      const photo = await work.lookUps.photo(body, guard);
      if (!photo.ok) return refused(context, photo.error);
      return context.body(Buffer.from(photo.value), 200, { 'content-type': 'image/jpeg' });
    },
  );
}
