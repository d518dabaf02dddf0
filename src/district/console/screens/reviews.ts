import { APPLICATION_KINDS, communityId } from '../../../wire/index.ts';
import type { DeskRole } from '../../accounts/roles.ts';
import type { Screen } from '../kit/screen.ts';
import { REVIEWS_CLOSED_SHOWN } from '../limits.ts';
import { type QueueFilter, reviewsPage } from '../views/reviews-view.ts';

/** What waits for a reviewer, what is due first at first. */
export const READS_REVIEWS: readonly DeskRole[] = ['registrar', 'reviewer'];

export const reviews: Screen = {
  path: '/reviews',
  may: READS_REVIEWS,
  async show({ page, parts, query }) {
    const filter = filterOf(query);
    const [open, closed, counts] = [
      await parts.applications.list(filter),
      await parts.applications.list({ ...filter, which: 'closed' }),
      await parts.applications.counts(),
    ];
    const { communities } = parts;
    return reviewsPage(page, {
      open,
      closed: closed.slice(0, REVIEWS_CLOSED_SHOWN),
      counts,
      filter,
      communities,
    });
  },
};

function filterOf(query: (name: string) => string | undefined): QueueFilter {
  const community = communityId.safeParse(
    /^\d{1,10}$/.test(query('community') ?? '') ? Number(query('community')) : undefined,
  );
  return {
    kind: APPLICATION_KINDS.find((each) => each === query('kind')),
    community: community.success ? community.data : undefined,
  };
}
