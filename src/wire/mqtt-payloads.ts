import { z } from 'zod';
import { ALARMS } from './alarm.ts';
import { STATUS_TEXT_MAX } from './documents.ts';
import {
  clockQuality,
  communityId,
  direction,
  districtId,
  gateId,
  journalId,
  laneId,
  readerId,
  sha256Hex,
} from './fields.ts';
import { authorityChain, certificateRequest, certificateText } from './enrolment.ts';
import { photoRequest } from './guard-photo.ts';
import { chainedRow, purgedRow } from './row.ts';

/**
 * What travels on each topic of docs/mqtt.md, and the claims of the tokens that only travel there
 * (acknowledgement, checkpoint, used code). docs/asyncapi.yaml is generated from these schemas.
 */

/** Most rows in one batch on `entries`. */
export const BATCH_ROWS_MAX = 200;
/** Most bytes of one batch on `entries`. */
export const BATCH_BYTES_MAX = 65_536;
const instant = z.iso.datetime({ precision: 3 });
const share = z.number().min(0);
const sentence = z.string().max(200);

/** A compact JWS or JWE. */
export const compactToken = z
  .string()
  .max(STATUS_TEXT_MAX)
  .regex(/^[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]*){2,4}$/, 'a compact JWS or JWE');

/** A session nonce or the nonce of a request: 16 random bytes, hex. */
export const nonceHex = z.string().regex(/^[0-9a-f]{32}$/);

/** The journal's newest row. An empty journal has sequence number 0 and a hash of zeros. */
export const journalHead = z.strictObject({ id: journalId, seq: z.int().min(0), hash: sha256Hex });

const doorState = z.strictObject({
  ok: z.boolean(),
  relayOn: z.boolean(),
  /** Absent: no contact is wired. */
  open: z.boolean().optional(),
  detail: sentence.optional(),
});

const laneState = z.strictObject({
  lane: laneId,
  direction,
  door: doorState.optional(),
  /** Locked down or held open by an order that still stands. */
  mode: z.enum(['normal', 'lock-down', 'held-open', 'fire']).default('normal'),
});

/** `gates/<gate>/status`, retained, and the will. */
export const statusPayload = z.strictObject({
  state: z.enum(['online', 'offline']),
  /** Of an `offline` will: when the connection that ended had begun. */
  since: instant,
  /** Why offline: stopped on purpose, or the broker noticed that the connection was gone. */
  ended: z.enum(['stopped', 'connection-lost']).optional(),
  /** New with every connection; commands name it. */
  session: nonceHex,
  software: z.string().min(1).max(64),
  journal: journalHead,
  /** Versions held, by document, e.g. `policy` or `roster`. */
  documents: z.record(z.string().min(1).max(40), z.int().min(0)),
  clock: z.strictObject({ quality: clockQuality, errorSeconds: share }),
  lanes: z.array(laneState).max(32),
  /** 4: a broker of MQTT 3.1.1, where a refused publish looks delivered. */
  protocol: z.union([z.literal(4), z.literal(5)]),
});

export const sentRow = z.union([chainedRow, purgedRow]);

/** `gates/<gate>/entries`: the journal from the last acknowledged row on, in order. */
export const entriesPayload = z.strictObject({
  journal: journalId,
  rows: z.array(sentRow).min(1).max(BATCH_ROWS_MAX),
  /** `menwei-checkpoint+jwt` of the last row of this batch. */
  checkpoint: compactToken,
});

/** `gates/<gate>/live`: one row as it happens; never replayed. */
export const livePayload = z.strictObject({ journal: journalId, row: chainedRow });

/** PostgreSQL keeps no zero byte in a text (its documentation, 8.3), so none that stands by itself may have one. */
export const keepableText = z
  .string()
  .refine((text) => !text.includes('\0'), 'has a zero byte; leave it out');

/** `gates/<gate>/alarms`. The same `id` comes again when the broker delivers twice, and when the alarm clears. */
export const alarmPayload = z.strictObject({
  id: keepableText.min(1).max(64),
  at: instant,
  alarm: z.enum(ALARMS),
  cleared: z.boolean().default(false),
  lane: laneId.optional(),
  reader: readerId.optional(),
  /** Row that it came with. */
  journal: journalId.optional(),
  seq: z.int().min(1).optional(),
  detail: sentence.optional(),
});

const latency = z.strictObject({ p50Ms: share, p99Ms: share, maxMs: share });

/** `gates/<gate>/health`, every 30 s. What a machine can not measure is left out. */
export const healthPayload = z.strictObject({
  at: instant,
  uptimeSeconds: share,
  /** Scan to relay, of the scans since the report before. */
  latency: latency.optional(),
  scans: z.int().min(0).optional(),
  queueDepth: z.int().min(0),
  /** Rows that the district has not acknowledged. */
  unsentRows: z.int().min(0),
  storage: z.strictObject({ freeBytes: share, totalBytes: share }).optional(),
  memoryBytes: share.optional(),
  temperatureC: z.number().optional(),
  power: z.enum(['ok', 'undervoltage', 'throttled']).optional(),
  readers: z
    .array(
      z.strictObject({
        reader: readerId,
        state: z.enum(['starting', 'ready', 'lost']),
        detail: sentence.optional(),
      }),
    )
    .max(32),
  versions: z.record(z.string().min(1).max(40), z.string().max(64)),
});

/** `gates/<gate>/replies`: what became of a command. */
export const replyPayload = z.strictObject({
  jti: z.string().min(1).max(64),
  at: instant,
  outcome: z.enum(['done', 'refused']),
  reason: z.string().max(200).optional(),
  journal: journalId,
  /** The row that tells it. */
  seq: z.int().min(1),
});

/** `gates/<gate>/requests`. */
export const requestPayload = z.discriminatedUnion('want', [
  /** The answer is a `menwei-time+jwt` with this nonce, on `commands`. */
  z.strictObject({ want: z.literal('time'), nonce: nonceHex }),
  /** A delta did not fit what the gate holds: publish the whole list again. */
  z.strictObject({ want: z.literal('snapshot'), list: z.enum(['residents', 'visitors']) }),
  /** PKCS #10, PEM; the answer is a `menwei-certificate+jwt` for its key, on `commands`. */
  z.strictObject({ want: z.literal('certificate'), request: certificateRequest }),
  photoRequest,
]);

/** `trust/<document>`: one document, or several in order (every root version; the policy of every community). */
export const trustPayload = z.union([
  compactToken,
  z
    .array(z.union([compactToken, z.record(z.string(), z.unknown())]))
    .min(1)
    .max(1_024),
]);

/** Claims of `menwei-ack+jwt`: all rows up to and with `seq` are stored. */
export const ackClaims = z.strictObject({
  iss: districtId,
  aud: gateId,
  iat: z.int(),
  journal: journalId,
  seq: z.int().min(0),
  hash: sha256Hex,
});

/** Claims of `menwei-certificate+jwt`, signed by the ack role: a gate's next certificate for its broker. */
export const certificateClaims = z.strictObject({
  iss: districtId,
  aud: gateId,
  iat: z.int(),
  /** For the key of the gate's request. */
  certificate: certificateText,
  /** By which the gate believes its broker from now on, newest first. */
  authorities: authorityChain,
});

/** Claims of `menwei-checkpoint+jwt`, signed by the gate's device key. */
export const checkpointClaims = z.strictObject({
  iss: districtId,
  aud: gateId,
  iat: z.int(),
  journal: journalId,
  seq: z.int().min(1),
  hash: sha256Hex,
  clock: clockQuality,
});

/** Claims of `menwei-used+jwt`, signed by the gate's device key: on `communities/<id>/used`. */
export const usedClaims = z.strictObject({
  iss: districtId,
  aud: communityId,
  gate: gateId,
  /** SHA-256 of the bytes of the code. */
  code: sha256Hex,
  direction,
  iat: z.int(),
  /** After this, time alone refuses the code. */
  exp: z.int().optional(),
});

export const CHECKPOINT_TYPE = 'menwei-checkpoint+jwt';
export const CERTIFICATE_TYPE = 'menwei-certificate+jwt';
export const ACK_TYPE = 'menwei-ack+jwt';
export const USED_TYPE = 'menwei-used+jwt';
export const COMMAND_TYPE = 'menwei-command+jwt';

export type StatusPayload = z.infer<typeof statusPayload>;
export type SentRow = z.infer<typeof sentRow>;
export type EntriesPayload = z.infer<typeof entriesPayload>;
export type LivePayload = z.infer<typeof livePayload>;
export type AlarmPayload = z.infer<typeof alarmPayload>;
export type HealthPayload = z.infer<typeof healthPayload>;
export type ReplyPayload = z.infer<typeof replyPayload>;
export type RequestPayload = z.infer<typeof requestPayload>;
export type AckClaims = z.infer<typeof ackClaims>;
export type CertificateClaims = z.infer<typeof certificateClaims>;
export type CheckpointClaims = z.infer<typeof checkpointClaims>;
export type UsedClaims = z.infer<typeof usedClaims>;
export type JournalHead = z.infer<typeof journalHead>;
