/** Journal → district over MQTT; documents and commands come in here and go to trust and to the inbox. */

export type { BrokerSettings, ReportOptions } from './options.ts';
export type { NoPhoto, Photo, PhotoAsked } from './photos.ts';
export type { CertificateKeeper } from './renewal.ts';
export { createReport, type Report, type ReportState } from './report.ts';
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
