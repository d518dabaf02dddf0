import type { Migration } from 'kysely/migration';
import { district } from './001-district.ts';
import { enrolment } from './002-enrolment.ts';
import { persons } from './004-persons.ts';
import { issuers } from './005-issuers.ts';
import { certificates } from './007-certificates.ts';
import { operators } from './008-operators.ts';
import { publishing } from './009-publishing.ts';
import { sharedGroup } from './010-shared-group.ts';
import { history } from './011-history.ts';
import { invitations } from './012-invitations.ts';
import { listUptake } from './013-list-uptake.ts';
import { updates } from './014-updates.ts';
import { applications } from './015-applications.ts';
import { guardPhotos } from './016-guard-photos.ts';
import { accounts } from './003-accounts.ts';
import { ingest } from './006-ingest.ts';

/**
 * The database's forms, each a step from the one before, the same on SQLite and PostgreSQL. A step that was published is
 * never changed: a new one follows it.
 */
export const MIGRATIONS: Record<string, Migration> = {
  '001-district': district,
  '002-enrolment': enrolment,
  '003-accounts': accounts,
  '004-persons': persons,
  '005-issuers': issuers,
  '006-ingest': ingest,
  '007-certificates': certificates,
  '008-operators': operators,
  '009-publishing': publishing,
  '010-shared-group': sharedGroup,
  '011-history': history,
  '012-invitations': invitations,
  '013-list-uptake': listUptake,
  '014-updates': updates,
  '015-applications': applications,
  '016-guard-photos': guardPhotos,
};
