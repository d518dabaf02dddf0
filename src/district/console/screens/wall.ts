import { gateFacts, gateViews } from '../gate-views.ts';
import type { Screen } from '../kit/screen.ts';
import { sinceOf } from '../live/line-routes.ts';
import { filterOf, READS_GATES, wallView } from '../views/wall-view.ts';

/** Every gate on one page, and what ends soon. */
export const wall: Screen = {
  path: '/gates',
  may: READS_GATES,
  async show({ parts, page, query, lines }) {
    // Before anything is read: what comes after it is told on the page's line.
    const since = sinceOf(lines.watch.since());
    const [facts, warnings] = await Promise.all([gateFacts(parts), parts.warnings.list()]);
    return wallView(page, {
      views: gateViews(facts),
      communities: parts.communities,
      warnings,
      filter: filterOf(query),
      since,
    });
  },
};
