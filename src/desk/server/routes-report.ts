import { type WallMs, wallMs } from '../../base/index.ts';
import type { ReportedShift } from '../report/shift-report.ts';
import type { KeptShift } from '../shifts/shifts.ts';
import { type DeskApp, guardRoute, refused } from './route.ts';
import type { DeskServerParts } from './server.ts';

/** What is read out of the journal: the list for a fire, and a shift in numbers. */
export function addReportRoutes(app: DeskApp, { work, shifts }: DeskServerParts): void {
  guardRoute(app, { method: 'get', path: '/guard/api/inside' }, async ({ context }) =>
    context.json(await work.inside()),
  );
  guardRoute(app, { method: 'get', path: '/guard/api/shift/report' }, async ({ context, guard }) => {
    const shift = shifts.newest(guard.account);
    return shift === undefined
      ? refused(context, 'no-shift')
      : context.json(await work.report(reported(shift)));
  });
}

function reported({ account, startedAt, endedAt, note }: KeptShift): ReportedShift {
  const end: { endedAt?: WallMs } = endedAt === undefined ? {} : { endedAt: wallMs(endedAt) };
  return { account, startedAt: wallMs(startedAt), note, ...end };
}
