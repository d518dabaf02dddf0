import type { Clock, Log } from '../../ports/index.ts';
import type { DemoOverview } from '../../wire/index.ts';
import type { Desk } from '../accounts/desk.ts';
import type { Centre } from '../centre/centre.ts';
import type { Database } from '../database/database.ts';
import type { Enrolments } from '../gates/enrolment.ts';
import type { GateLife } from '../gates/life.ts';
import type { Orders } from '../gates/orders.ts';
import type { Updates } from '../gates/updates.ts';
import type { Keeping } from '../ingest/keeping.ts';
import type { Issuing } from '../issuing/issuing.ts';
import type { KeyDesk } from '../publishing/key-desk.ts';
import type { ListUptake } from '../publishing/list-uptake.ts';
import type { Community, Publisher } from '../publishing/publisher.ts';
import type { Releases } from '../publishing/releases.ts';
import type { Warnings } from '../publishing/warnings.ts';
import type { GuardPhotos } from '../photos/guard-photos.ts';
import type { Imports } from '../registry/import/imports.ts';
import type { Persons } from '../registry/persons.ts';
import type { Registry } from '../registry/registry.ts';
import type { Applications } from '../reviews/applications.ts';
import type { ReviewSettings } from '../options.ts';
import type { ApplicationLimits } from './application-limits.ts';
import type { Feed } from './feed.ts';
import type { IssuingLimits } from './issuing-limits.ts';

/** What the routes of the district's `/api` work with. */
export interface ServerParts {
  readonly database: Database;
  readonly registry: Registry;
  readonly persons: Persons;
  readonly imports: Imports;
  readonly applications: Applications;
  readonly photos: Pick<GuardPhotos, 'remove'>;
  readonly applicationLimits: ApplicationLimits;
  readonly reviews?: ReviewSettings;
  readonly district: string;
  /** IANA name */
  readonly timeZone: string;
  readonly issuing: Issuing;
  readonly issuingLimits: IssuingLimits;
  readonly orders: Orders;
  readonly releases: Releases;
  readonly updates: Updates;
  readonly enrolments: Enrolments;
  readonly life: GateLife;
  readonly publisher: Publisher;
  readonly keyDesk: KeyDesk;
  readonly warnings: Pick<Warnings, 'list'>;
  readonly uptake: Pick<ListUptake, 'recent'>;
  readonly communities: readonly Community[];
  readonly feed: Feed;
  readonly clock: Clock;
  readonly log: Log;
  readonly keeping: Pick<Keeping, 'checks'>;
  readonly centre: Pick<Centre, 'counts'>;
  readonly connected: () => boolean;
  /** Another process leads while this one does not: nothing is changed here then. */
  readonly leads: () => boolean;
  /** Names and addresses under which browsers may call this server. */
  readonly hosts: readonly string[];
  /** Of a demonstration only. */
  readonly demo?: () => DemoOverview;
  readonly desk: Desk;
  /** The proxy on this machine writes `X-Forwarded-For` anew. */
  readonly forwardedFor?: boolean;
  readonly metricsToken?: string;
  /** Where others reach the desk; a proxy, as a rule. */
  readonly publicUrls?: { readonly desk?: string };
}
