import { type WallMs, wallMs } from '../../base/index.ts';
import type { Log } from '../../ports/index.ts';
import type { ReportedShift } from '../report/shift-report.ts';
import type { KeptShift } from '../shifts/shifts.ts';
import type { DeskServerParts } from './parts.ts';
import { type DeskApp, type DeskContext, guardRoute, refused } from './route.ts';

/** What is read out of the journal: the list for a fire, and a shift in numbers. */
export function addReportRoutes(app: DeskApp, { work, shifts, log }: DeskServerParts): void {
  guardRoute(app, { method: 'get', path: '/guard/api/inside' }, ({ context }) =>
    read(context, { log, what: () => work.inside() }),
  );
  guardRoute(app, { method: 'get', path: '/guard/api/shift/report' }, ({ context, guard }) => {
    const shift = shifts.newest(guard.account);
    return shift === undefined
      ? refused(context, 'no-shift')
      : read(context, { log, what: () => work.report(reported(shift)) });
  });
}

interface Reading {
  readonly log: Log;
  readonly what: () => Promise<object>;
}

/** A damaged disk is told as what it is, with what to do instead. */
async function read(context: DeskContext, { log, what }: Reading): Promise<Response> {
  try {
    return context.json(await what());
  } catch (cause) {
    log.error(
      { detail: String(cause).slice(0, DETAIL_MAX) },
      'the journal cannot be read back for the guard',
    );
    return refused(context, 'not-readable');
  }
}

const DETAIL_MAX = 200;

function reported({ account, startedAt, endedAt, note }: KeptShift): ReportedShift {
  const end: { endedAt?: WallMs } = endedAt === undefined ? {} : { endedAt: wallMs(endedAt) };
  return { account, startedAt: wallMs(startedAt), note, ...end };
}
