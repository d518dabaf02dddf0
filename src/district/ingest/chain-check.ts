import { hash } from 'node:crypto';
import type { Clock } from '../../ports/index.ts';
import { chainedRow, GENESIS_HASH, rowContentBytes } from '../../wire/index.ts';
import type { Database } from '../database/database.ts';
import { chainHash, checkpointOf, type VerifySignature } from './batch-check.ts';
import { CHECK_PAUSE_MS, CHECK_ROWS } from './limits.ts';

/**
 * Follows one stored journal from its first row again: each row's content, digest and hash, its place behind the one
 * before, and the newest checkpoint under the gate's own key. So a row that was edited in the district's database is found.
 */
export type ChainProblem =
  /** The content, or a column that was read out of it, is not what the digest says. */
  | 'content'
  /** The hash does not follow from the row before and the digest. */
  | 'hash'
  /** A row that was acknowledged is not there, or does not hang on the one before it. */
  | 'missing'
  /** The gate's checkpoint is not there, is not signed by it, or names another row. */
  | 'checkpoint'
  /** Fewer rows than at the check before. */
  | 'shrunk';

export interface ChainResult {
  readonly gate: string;
  readonly journal: string;
  /** Rows that hold, from the first on. */
  readonly rows: number;
  /** The first row that does not. */
  readonly problem?: { readonly seq: number; readonly kind: ChainProblem };
}

export interface ChainCheckOptions {
  readonly district: string;
  readonly database: Database;
  readonly verifySignature: VerifySignature;
  readonly clock: Clock;
  /** Ends the check after the page in hand; it has no result then. */
  readonly stopped?: () => boolean;
}

export interface CheckedJournal {
  readonly gate: string;
  readonly journal: string;
  /** Hex; the present one, and those that the name had before. */
  readonly deviceKeys: readonly string[];
  /** Rows that held at the check before. */
  readonly heldBefore: number;
}

export async function checkChain(
  options: ChainCheckOptions,
  of: CheckedJournal,
): Promise<ChainResult | undefined> {
  const { database, clock, stopped = () => false } = options;
  const { gate, journal } = of;
  const stream = await database
    .selectFrom('stream')
    .selectAll()
    .where('gate', '=', gate)
    .where('journal', '=', journal)
    .executeTakeFirst();
  const end = stream?.seq ?? 0;
  const walk = new Walk(end, claimsOf(options, of, stream?.checkpoint ?? null));
  for (let from = 0; ; ) {
    const page = await rowsAfter(database, { gate, journal, seq: from });
    const found = walk.take(page);
    if (found !== undefined) return { gate, journal, ...found };
    const last = page.at(-1)?.seq;
    if (last === undefined || last === from || stopped()) break;
    from = last;
    await new Promise<void>((resolve) => void clock.after(CHECK_PAUSE_MS, resolve));
  }
  if (stopped()) return undefined;
  return { gate, journal, ...walk.end(stream?.hash, of.heldBefore) };
}

type Row = Awaited<ReturnType<typeof rowsAfter>>[number];
type Found = Omit<ChainResult, 'gate' | 'journal'>;

class Walk {
  readonly #end: number;
  readonly #checkpoint: { readonly seq: number; readonly hash: string } | undefined;
  #here = { seq: 0, hash: GENESIS_HASH };
  #hashAtEnd = GENESIS_HASH;
  #checkpointHolds = false;

  constructor(end: number, checkpoint: { readonly seq: number; readonly hash: string } | undefined) {
    this.#end = end;
    this.#checkpoint = checkpoint;
  }

  take(page: readonly Row[]): Found | undefined {
    for (const row of page) {
      if (row.seq > this.#here.seq + 1 && this.#here.seq < this.#end)
        return this.#found('missing', this.#here.seq + 1);
      const problem = problemOf(row);
      if (problem !== undefined) return this.#found(problem, row.seq);
      if (row.seq === this.#here.seq + 1 && row.previous_hash === this.#here.hash) this.#step(row);
    }
    return undefined;
  }

  end(headHash: string | undefined, heldBefore: number): Found {
    const { seq } = this.#here;
    if (seq < this.#end || (this.#end > 0 && this.#hashAtEnd !== headHash))
      return this.#found('missing', Math.min(seq + 1, this.#end));
    if (this.#end < heldBefore) return this.#found('shrunk', this.#end + 1);
    if (this.#end > 0 && !this.#checkpointHolds)
      return this.#found('checkpoint', this.#checkpoint?.seq ?? this.#end);
    return { rows: this.#end };
  }

  #step({ seq, hash: own }: Row): void {
    this.#here = { seq, hash: own };
    if (seq === this.#end) this.#hashAtEnd = own;
    if (seq === this.#checkpoint?.seq && own === this.#checkpoint.hash) this.#checkpointHolds = true;
  }

  #found(kind: ChainProblem, seq: number): Found {
    return { rows: Math.min(this.#here.seq, seq - 1), problem: { seq, kind } };
  }
}

function problemOf(row: Row): ChainProblem | undefined {
  if (chainHash(row.previous_hash, row.digest) !== row.hash) return 'hash';
  const { content, at, decision, refusal, place, pass } = row;
  const read = [at, decision, refusal, place, pass];
  if (content === null) return read.every((value) => value === null) ? undefined : 'content';
  const parsed = chainedRow.safeParse(parseJson(content)).data;
  if (parsed === undefined || parsed.seq !== row.seq) return 'content';
  const { previousHash, digest, hash: own, ...rest } = parsed;
  const isOwn = previousHash === row.previous_hash && digest === row.digest && own === row.hash;
  const said = [rest.at, rest.decision, rest.refusal ?? null, rest.index ?? null, rest.passId ?? null];
  if (!isOwn || said.some((value, each) => value !== read[each])) return 'content';
  return hash('sha256', rowContentBytes(rest), 'hex') === digest ? undefined : 'content';
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function claimsOf(
  { district, verifySignature }: ChainCheckOptions,
  { gate, journal, deviceKeys }: CheckedJournal,
  token: string | null,
) {
  if (token === null) return undefined;
  const claims = deviceKeys
    .map((deviceKey) => checkpointOf(token, { district, gate, deviceKey }, verifySignature))
    .find((found) => found !== undefined);
  return claims?.journal === journal ? claims : undefined;
}

/** In the order in which they are followed. A number that has several rows is not cut in two by the end of a page. */
async function rowsAfter(
  database: Database,
  { gate, journal, seq }: { gate: string; journal: string; seq: number },
) {
  const select = (from: number, limit: number) =>
    database
      .selectFrom('journal_row')
      .select([
        'seq',
        'hash',
        'previous_hash',
        'digest',
        'content',
        'at',
        'decision',
        'refusal',
        'place',
        'pass',
      ])
      .where('gate', '=', gate)
      .where('journal', '=', journal)
      .where('seq', '>', from)
      .orderBy('seq')
      .orderBy('received_at')
      .limit(limit)
      .execute();
  const page = await select(seq, CHECK_ROWS);
  const last = page.at(-1)?.seq;
  if (page.length < CHECK_ROWS || last === undefined) return page;
  const whole = page.filter((row) => row.seq < last);
  // So many rows under one number: only a gate that lies makes them, and all of them are looked at.
  return whole.length > 0 ? whole : page;
}
