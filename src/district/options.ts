import type { PasswordCrypto } from '../access/index.ts';
import type { ServerCertificate } from '../http/index.ts';
import type { LinkSettings } from '../link/index.ts';
import type { Clock, Log, Random } from '../ports/index.ts';
import type { DemoOverview, PhotoRules } from '../wire/index.ts';
import type { MosquittoOptions } from './centre/mosquitto.ts';
import type { KeepingOptions } from './ingest/keeping.ts';
import type { IssuerSettings } from './keys/issuer-key.ts';
import type { DistrictCrypto } from './keys/key-ring.ts';
import type { Community } from './publishing/publisher.ts';
import type { ReleasesOptions } from './publishing/releases.ts';
import type { DeskApp } from './server/route.ts';

/** What a district is told about itself and the machine it is on. */
export interface DistrictOptions {
  readonly dataDir: string;
  readonly district: string;
  /** IANA name */
  readonly timeZone: string;
  readonly communities: readonly Community[];
  /** Places of the residents' status list; 65,536 when left out. */
  readonly places?: number;
  /** Who signs codes; one that may sign everything, when left out. */
  readonly issuers?: readonly IssuerSettings[];
  /** An issuer's next key waits so long before it signs, unless all connected gates have it before. */
  readonly keyLeadSeconds?: number;
  /** false: rosters and phones are given no short codes, until every gate is of a build that knows them. */
  readonly shortCodes?: boolean;
  /** How long a gate's certificate at the broker holds; 90 days when left out. */
  readonly gateCertificateMs?: number;
  readonly http: {
    readonly host: string;
    readonly port: number;
    readonly hosts?: readonly string[];
    readonly certificate?: ServerCertificate;
    /** The proxy on this machine writes `X-Forwarded-For` anew: its last entry is the caller. */
    readonly forwardedFor?: boolean;
    /** Whoever brings it may read `/metrics`; left out, this machine alone may. */
    readonly metricsToken?: string;
  };
  /** The embedded broker, or one that runs already. */
  readonly broker: EmbeddedBroker | ServerBroker;
  readonly crypto: DistrictCrypto & PasswordCrypto;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  /** Routes of a demonstration's page are answered only with this. */
  readonly demo?: () => DemoOverview;
  /** `postgres://…` of a PostgreSQL server; left out, SQLite in `dataDir`. */
  readonly database?: string;
  /** Where the persons' keys lie; `keys/persons.json` in `dataDir` when left out. */
  readonly personKeys?: string;
  /** How long the content of rows is kept; entries 90 days, all else 183, when left out. */
  readonly retention?: NonNullable<KeepingOptions['retention']>;
  /** How applications are reviewed; defaults, and no portal, when left out. */
  readonly reviews?: ReviewSettings;
  /** Where gates reach the desk and the broker, when that is not where they listen. */
  readonly publicUrls?: { readonly desk?: string; readonly broker?: string };
  /** Whose releases may be registered, as the machine has their keys now; left out, nobody's. */
  readonly makers?: NonNullable<ReleasesOptions['makers']>;
  /** Adds pages beside `/api`. */
  readonly pages?: (app: DeskApp) => void;
}

export interface ReviewSettings {
  /** SHA-256 of the token that the residents' portal sends as Bearer, hex; absent: there is none. */
  readonly portalTokenHash?: string | undefined;
  /** Days until what was sent is erased: after a decision, and of a photo that was accepted. */
  readonly contentDays?: number;
  readonly photoDays?: number;
  /** `2027-01-01`: days of the week that are not worked, and others that are. */
  readonly holidays?: readonly string[];
  readonly workdays?: readonly string[];
  readonly photo?: PhotoRules;
}

export interface EmbeddedBroker {
  readonly host: string;
  readonly port: number;
  readonly certificate?: ServerCertificate;
  /** TLS under a certificate of the district's own authority. */
  readonly ownTls?: boolean;
}

/** One that runs already; a mosquitto whose files the district writes gets in with the district's own certificate. */
export interface ServerBroker extends Omit<LinkSettings, 'clientId'> {
  /** Whether several processes share what gates send by `$share`; as the broker says, when left out. */
  readonly shared?: 'auto' | boolean;
  readonly mosquitto?: Omit<MosquittoOptions, 'district' | 'names'> & {
    readonly reload?: () => Promise<void>;
  };
}
