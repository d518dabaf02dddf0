/** What all servers of the house share: who may ask, what is answered, static pages, TLS. Knows no page by name. */
export { callerAddress, isThisMachine } from './caller.ts';
export { CERTIFICATE_DAYS_MAX, type ServerCertificate, selfSignedCertificate } from './certificate.ts';
export { errorAnswer, nothingHere } from './errors.ts';
export { eventStream, type StreamEnds, type StreamMessage, WAITING_MESSAGES_MAX } from './event-stream.ts';
export { allowedHosts, CONTENT_POLICY, type Hosts, ownOrigin, securityHeaders } from './guards.ts';
export { RateLimit, type RateLimitOptions } from './rate-limit.ts';
export { type Listening, listen, type ServeOptions } from './serve.ts';
export {
  readStaticFiles,
  STATIC_BYTES_MAX,
  STATIC_FILES_MAX,
  type StaticFile,
  type StaticFiles,
  servePage,
  serveStaticFiles,
} from './static-files.ts';
