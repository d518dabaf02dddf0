import { hash } from 'node:crypto';
import { assert, concat, equalBytes, toHex, utf8 } from '../base/index.ts';
import {
  type BatchDraft,
  type ChainedRow,
  type PurgedRow,
  type RowContent,
  rowContent,
  rowContentText,
} from '../wire/index.ts';
import { Damage } from './faults.ts';

/**
 * The hash chain: digest = SHA-256(canonical content), hash = SHA-256(previous hash ‖ digest), on raw bytes.
 * What is read is checked with the same rule as what is written; a row that does not hold is never handed out.
 */

export const HASH_BYTES = 32;

/** A row as it stands in the database. */
export interface RawRow {
  readonly seq: number;
  /** Canonical JSON; null once it is past its retention. */
  readonly content: string | null;
  readonly digest: Uint8Array;
  readonly hash: Uint8Array;
}

export type StoredRow = ChainedRow | PurgedRow;

/** The newest row of a chain. */
export interface ChainEnd {
  readonly seq: number;
  readonly hash: Uint8Array;
}

/** Before the first row. */
export const CHAIN_START: ChainEnd = { seq: 0, hash: new Uint8Array(HASH_BYTES) };

export function sha256(...parts: readonly Uint8Array[]): Uint8Array {
  const [only] = parts;
  return hash('sha256', parts.length === 1 && only !== undefined ? only : concat(...parts), 'buffer');
}

/** Makes the next row of a chain. Content that is no row is a bug of the caller. */
export function link(end: ChainEnd, content: RowContent): { raw: RawRow; row: ChainedRow } {
  const checked = rowContent.safeParse(content);
  assert(checked.success, `a row has the fields of the wire: ${checked.error?.message ?? ''}`);
  assert(content.seq === end.seq + 1, 'rows are gapless');
  const text = rowContentText(content);
  const digest = sha256(utf8(text));
  const rowHash = sha256(end.hash, digest);
  return {
    raw: { seq: content.seq, content: text, digest, hash: rowHash },
    row: { ...content, previousHash: toHex(end.hash), digest: toHex(digest), hash: toHex(rowHash) },
  };
}

/** Links a batch, turning each `entryOf` into the sequence number of the row in the same batch. */
export function linkBatch(
  end: ChainEnd,
  drafts: readonly BatchDraft[],
): { raws: readonly RawRow[]; rows: readonly ChainedRow[]; end: ChainEnd } {
  const raws: RawRow[] = [];
  const rows: ChainedRow[] = [];
  let last = end;
  for (const [place, draft] of drafts.entries()) {
    const linked = link(last, contentOf(draft, end.seq, place));
    raws.push(linked.raw);
    rows.push(linked.row);
    last = linked.raw;
  }
  return { raws, rows, end: { seq: last.seq, hash: last.hash } };
}

function contentOf(draft: BatchDraft, before: number, place: number): RowContent {
  const { entryOf, ...content } = draft;
  const seq = before + place + 1;
  assert(content.entry === undefined || content.entry < seq, 'an entry is an earlier row');
  if (entryOf === undefined) return { seq, ...content };
  assert(content.entry === undefined, 'entry and entryOf never stand together');
  assert(
    Number.isInteger(entryOf) && entryOf >= 0 && entryOf < place,
    'entryOf is an earlier draft of the batch',
  );
  return { seq, ...content, entry: before + entryOf + 1 };
}

/** @throws Damage when the row is not the next one of this chain, or its content is not what was digested */
export function checkRow(end: ChainEnd, raw: RawRow): void {
  const expected = end.seq + 1;
  if (raw.seq !== expected) throw new Damage(`row ${expected} is missing`, expected);
  if (raw.content !== null && !equalBytes(sha256(utf8(raw.content)), raw.digest))
    throw new Damage(`row ${raw.seq} is not what was written`, raw.seq);
  if (!equalBytes(sha256(end.hash, raw.digest), raw.hash))
    throw new Damage(`row ${raw.seq} does not follow the row before it`, raw.seq);
}

/** Text whose digest holds is what `link` wrote, so its shape was checked then. */
export function parseContent(text: string): RowContent {
  return JSON.parse(text) as RowContent;
}

/** @throws Damage as `checkRow` does */
export function readRow(end: ChainEnd, raw: RawRow): StoredRow {
  checkRow(end, raw);
  const place = { previousHash: toHex(end.hash), digest: toHex(raw.digest), hash: toHex(raw.hash) };
  if (raw.content === null) return { seq: raw.seq, purged: true, ...place };
  const content = parseContent(raw.content);
  if (content.seq !== raw.seq) throw new Damage(`row ${raw.seq} says that it is row ${content.seq}`, raw.seq);
  return { ...content, ...place };
}
