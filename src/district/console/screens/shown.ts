import { DESK_ROLES } from '../../accounts/roles.ts';
import type { Screen } from '../kit/screen.ts';

/** What was made for one screen: a symbol, an invitation. Its address is worth nothing to any other session. */
export const shown: Screen = {
  path: '/shown/:ticket',
  may: DESK_ROLES,
  async show(visit) {
    const kept = visit.tickets.look(visit.session, visit.param('ticket'));
    return kept === undefined ? undefined : kept(visit);
  },
};
