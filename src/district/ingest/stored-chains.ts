import { hash } from 'node:crypto';
import { chainedRow, GENESIS_HASH, rowContentBytes } from '../../wire/index.ts';
import { type Database, openDatabase } from '../database/database.ts';
import { FOLLOW_ROWS } from '../limits.ts';
import { chainHash } from './batch-check.ts';

/**
 * Looks at what a database holds of gates' journals, row by row, with no help from what the district says of itself:
 * which rows are missing, which are there twice, and whether the chain leads to the head that the gate has.
 */
export interface ExpectedJournal {
  readonly gate: string;
  readonly journal: string;
  /** The gate's newest row. */
  readonly seq: number;
  readonly hash: string;
}

export interface StoredJournal extends ExpectedJournal {
  readonly stored: number;
  readonly lost: number;
  readonly doubled: number;
  /** The first row whose content, digest or place in the chain does not hold. */
  readonly brokenAt?: number;
}

/** @param place as `openDatabase` takes it; @returns one answer for each journal that is expected */
export async function storedChains(
  place: string,
  journals: readonly ExpectedJournal[],
): Promise<readonly StoredJournal[]> {
  const database = await openDatabase(place);
  try {
    const found: StoredJournal[] = [];
    for (const journal of journals) found.push(await storedChain(database, journal));
    return found;
  } finally {
    await database.destroy();
  }
}

async function storedChain(database: Database, expected: ExpectedJournal): Promise<StoredJournal> {
  let [stored, doubled, lost, last] = [0, 0, 0, 0];
  let end: string = GENESIS_HASH;
  let brokenAt: number | undefined;
  for await (const row of storedRowsOf(database, expected)) {
    stored += 1;
    if (row.seq === last) {
      doubled += 1;
      continue;
    }
    lost += row.seq - last - 1;
    if (row.seq !== last + 1 || row.previous_hash !== end || !holds(row)) brokenAt ??= row.seq;
    last = row.seq;
    end = row.hash;
  }
  lost += Math.max(0, expected.seq - last);
  if (lost === 0 && end !== expected.hash) brokenAt ??= last;
  return { ...expected, stored, lost, doubled, ...(brokenAt === undefined ? {} : { brokenAt }) };
}

interface Row {
  readonly seq: number;
  readonly hash: string;
  readonly previous_hash: string;
  readonly digest: string;
  readonly content: string | null;
}

/** By number; two under one number follow each other, across the pages too. */
async function* storedRowsOf(database: Database, { gate, journal }: ExpectedJournal): AsyncGenerator<Row> {
  for (let skip = 0; ; skip += FOLLOW_ROWS) {
    const page = await database
      .selectFrom('journal_row')
      .select(['seq', 'hash', 'previous_hash', 'digest', 'content'])
      .where('gate', '=', gate)
      .where('journal', '=', journal)
      .orderBy('seq')
      .orderBy('hash')
      .limit(FOLLOW_ROWS)
      .offset(skip)
      .execute();
    yield* page;
    if (page.length < FOLLOW_ROWS) return;
  }
}

function holds({ hash: rowHash, previous_hash, digest, content }: Row): boolean {
  if (chainHash(previous_hash, digest) !== rowHash) return false;
  if (content === null) return true;
  const row = chainedRow.safeParse(JSON.parse(content)).data;
  if (row === undefined) return false;
  const { previousHash: _previous, digest: _digest, hash: _hash, ...fields } = row;
  return hash('sha256', rowContentBytes(fields), 'hex') === digest;
}
