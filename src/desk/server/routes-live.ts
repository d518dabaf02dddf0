import { eventStream } from '../../http/index.ts';
import { alarmSeen } from '../../wire/index.ts';
import { MESSAGES_WAITING_MAX } from '../live/limits.ts';
import type { DeskServerParts } from './parts.ts';
import { type DeskApp, guardRoute, refused } from './route.ts';

/** What a guard's page is told while it is open, and that somebody has seen an alarm. */
export function addLiveRoutes(app: DeskApp, { work }: DeskServerParts): void {
  guardRoute(app, { method: 'get', path: '/guard/api/events' }, ({ context, guard }) => {
    const lastId = context.req.header('last-event-id');
    const stream = eventStream(context, (ends) => work.live.listen(guard, ends, lastId), {
      waitingMax: MESSAGES_WAITING_MAX,
    });
    return stream ?? refused(context, 'busy');
  });
  guardRoute(
    app,
    { method: 'post', path: '/guard/api/alarms/acknowledge', body: alarmSeen },
    ({ context, guard, body }) => {
      const seen = work.alarms.acknowledge(body.alarm, guard);
      return seen.ok ? context.body(null, 204) : refused(context, seen.error);
    },
  );
}
