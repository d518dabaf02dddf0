import { shiftEnd } from '../../wire/index.ts';
import type { DeskServerParts } from './parts.ts';
import { type DeskApp, guardRoute, refused } from './route.ts';
import { leave, sessionOf } from './routes-session.ts';

/** A shift's beginning and its end with the note for the next guard. */
export function addShiftRoutes(app: DeskApp, parts: DeskServerParts): void {
  const { shifts } = parts;
  guardRoute(app, { method: 'post', path: '/guard/api/shift/start' }, ({ context, guard }) => {
    shifts.start(guard);
    return context.json(sessionOf(context, { guard, parts }));
  });
  guardRoute(
    app,
    { method: 'post', path: '/guard/api/shift/end', body: shiftEnd },
    ({ context, guard, body }) => {
      if (looksPersonal(body.note)) return refused(context, 'personal-note');
      const ended = shifts.end(guard, body.note.trim());
      if (!ended.ok) return refused(context, ended.error);
      leave(context, parts);
      return context.body(null, 204);
    },
  );
}

/** A number as identity cards (GB 11643) and mobile phones (YD/T 1314) have it: the note is about the gate. */
function looksPersonal(note: string): boolean {
  const figures = note.normalize('NFKC').replaceAll(/(?<=\d)[\s.-](?=[\dXx])/g, '');
  return /(?<!\d)(\d{17}[\dXx]|\d{15}|1[3-9]\d{9})(?!\d)/.test(figures);
}
