import type { ExpressionBuilder } from 'kysely';
import { APPLICATION_KINDS, type ApplicationKind } from '../../wire/index.ts';
import type { Database, Tables } from '../database/database.ts';
import { LISTED_APPLICATIONS_MAX } from './limits.ts';
import type { ApplicationRow } from './tables.ts';

/** What waits at the review desk, and what is decided: the queues, and how long they are. */
export interface ListAsked {
  readonly kind?: ApplicationKind | undefined;
  readonly community?: number | undefined;
  /** `open`: what waits for review or to be applied, oldest first. `closed`: the newest decisions first. */
  readonly which?: 'open' | 'closed';
}

export type ApplicationCounts = Readonly<Record<ApplicationKind, number>> & { readonly overdue: number };

export function listedRows(
  database: Database,
  { kind, community, which = 'open' }: ListAsked,
): Promise<ApplicationRow[]> {
  return database
    .selectFrom('application')
    .selectAll()
    .limit(LISTED_APPLICATIONS_MAX)
    .$if(which === 'open', (select) => select.where(isOpen).orderBy('due_at').orderBy('id'))
    .$if(which === 'closed', (select) =>
      select
        .where((row) => row.not(isOpen(row)))
        .orderBy('decided_at', 'desc')
        .orderBy('id', 'desc'),
    )
    .$if(kind !== undefined, (select) => select.where('kind', '=', kind ?? ''))
    .$if(community !== undefined, (select) => select.where('community', '=', community ?? -1))
    .execute();
}

/** How many wait of each kind, and how many of all are overdue. */
export async function waitingCounts(database: Database, now: number): Promise<ApplicationCounts> {
  const rows = await database.selectFrom('application').select(['kind', 'due_at']).where(isOpen).execute();
  const of = (kind: ApplicationKind) => rows.filter((row) => row.kind === kind).length;
  const overdue = rows.filter(({ due_at: due }) => due !== null && due < now).length;
  const [registration, photo, appeal] = APPLICATION_KINDS.map(of);
  return { registration: registration ?? 0, photo: photo ?? 0, appeal: appeal ?? 0, overdue };
}

/** Waits for a reviewer, or, as an appeal that is right, to be applied. */
function isOpen(row: ExpressionBuilder<Tables, 'application'>) {
  return row.or([
    row('state', '=', 'waiting'),
    row.and([row('kind', '=', 'appeal'), row('state', '=', 'accepted')]),
  ]);
}
