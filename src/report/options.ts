import type { LinkSettings } from '../link/index.ts';
import type { Clock, Log, Random, Signer } from '../ports/index.ts';
import type { VerifyPhoto } from './photos.ts';
import type { CertificateKeeper } from './renewal.ts';
import type { CursorStore, InboxSink, JournalSource, TrustPort, VerifySignature, Vitals } from './source.ts';

export interface ReportOptions {
  readonly settings: BrokerSettings & {
    readonly community?: BrokerSettings;
    /** Whether the gate makes itself known to Home Assistant. */
    readonly homeAssistant?: boolean;
  };
  readonly district: string;
  readonly gate: string;
  readonly community: number;
  readonly journal: JournalSource;
  readonly cursor: CursorStore;
  readonly trust: TrustPort;
  readonly inbox: InboxSink;
  readonly vitals: Vitals;
  readonly signer: Signer;
  /** Of a gate that its broker knows by a certificate of the district's. */
  readonly certificate?: CertificateKeeper;
  /** Absent: the gate asks for no photos. */
  readonly verifyPhoto?: VerifyPhoto;
  readonly verifySignature: VerifySignature;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
}

export type BrokerSettings = Omit<LinkSettings, 'clientId'>;
