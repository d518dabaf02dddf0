/** Journal → district over MQTT; documents and commands come in here and go to trust and to the inbox. */
export {
  type BrokerSettings,
  createReport,
  type Report,
  type ReportOptions,
  type ReportState,
} from './report.ts';
export type {
  Accepted,
  Arrival,
  Cursor,
  CursorStore,
  InboxSink,
  JournalSource,
  TrustPort,
  VerifySignature,
  Vitals,
} from './source.ts';
export type { UsedCode } from './used.ts';
export type { CertificateKeeper } from './renewal.ts';
