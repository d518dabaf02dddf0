import type { MonotonicMs, Result } from '../base/index.ts';
import type { CommandItem, InboxItem, RejectedCommandItem } from '../ports/index.ts';
import type {
  AckClaims,
  AlarmPayload,
  ChainedRow,
  HealthPayload,
  SentRow,
  StatusPayload,
} from '../wire/index.ts';

/** What reporting needs of the rest of the gate, and nothing more of it. */

/** The journal, read-only. */
export interface JournalSource {
  /** 32 hex digits */
  readonly id: string;
  /** The newest row; `seq` 0 for an empty journal. */
  head(): { readonly seq: number; readonly hash: string };
  /** Rows from that sequence number on, in order. */
  rows(from: number, limit: number): readonly SentRow[];
  /** Called after a row is durable. @returns a function that ends it */
  onAppend(listener: (row: ChainedRow) => void): () => void;
}

/** Where the district's acknowledgement is kept, durably. */
export interface CursorStore {
  load(): Cursor | undefined;
  store(cursor: Cursor): void;
}

export interface Cursor {
  readonly journal: string;
  readonly seq: number;
  readonly hash: string;
}

/** The gate's belief in documents, as reporting sees it. */
export interface TrustPort {
  /** Versions held, by document. */
  versions(): Readonly<Record<string, number>>;
  /** Takes in one document: the text of a compact JWS or JWE, or of a general JWS (JSON); or a JSON list of one kind. */
  accept(document: string, arrival: Arrival): Promise<Accepted>;
  verifyAck(token: string): Promise<Result<AckClaims, string>>;
  verifyCommand(
    token: string,
    expected: { readonly session: string },
  ): Promise<Result<Omit<CommandItem, 'type' | 'receivedAt'>, Omit<RejectedCommandItem, 'type'>>>;
  /** Device keys of the community's gates (32 bytes hex), from the signed policy. */
  sisterGates(): Readonly<Record<string, string>>;
  /** @returns a function that ends it */
  onChange(listener: () => void): () => void;
}

export interface Arrival {
  readonly from: 'mqtt';
  /** The document answers the gate's own question of this nonce, asked then. */
  readonly answers?: { readonly nonce: string; readonly askedAt: MonotonicMs };
}

export type Accepted =
  | { readonly ok: true; readonly changed: boolean }
  | {
      readonly ok: false;
      /** One word for the log. */
      readonly why: string;
      /** A delta did not fit: this list is wanted whole. */
      readonly wants?: 'residents' | 'visitors';
    };

/** The gate's present state, for status and health. */
export interface Vitals {
  status(): Pick<StatusPayload, 'software' | 'clock' | 'lanes'>;
  health(): Omit<HealthPayload, 'at' | 'unsentRows'>;
  /** Something that `status` tells has changed. @returns a function that ends it */
  onChange(listener: () => void): () => void;
  /** Alarms that are not a row's door event: `alarmOfRow` finds those. @returns a function that ends it */
  onAlarm(listener: (alarm: AlarmPayload) => void): () => void;
}

export interface InboxSink {
  /** @returns false when the inbox is full */
  offer(item: InboxItem): boolean;
}

/**
 * Ed25519 under the strict rules of docs/code-format.md.
 * Total: false for a key or signature that is not one, never throws.
 */
export type VerifySignature = (
  publicKey: Uint8Array,
  signed: { readonly message: Uint8Array; readonly signature: Uint8Array },
) => boolean;
