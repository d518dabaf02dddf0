import { createHash } from 'node:crypto';
import type { StoredRow } from '../../../src/journal/index.ts';
import type { ChainedRow } from '../../../src/wire/index.ts';
import type { Evidence, Proof, Say, Seen } from './evidence.ts';

/** J1 and J3: what opened is durable, what was acknowledged is there, and the chain holds; A1: so is what is remembered. */

const GENESIS = '0'.repeat(64);

export function journalProof(evidence: Evidence, say: Say): Proof {
  const acknowledged = new Map<string, { row: ChainedRow; life: number }>();
  const durable = new Map(evidence.rows.map((row) => [`${row.seq} ${row.hash}`, row]));
  const memory = new MemoryProof(say);
  const order = ({ lane, receipt, life }: Seen<'open'> | Seen<'hold'>) => {
    const name = `${receipt.seq} ${receipt.hash}`;
    const known = acknowledged.get(name);
    if (known === undefined)
      return say('J1', `lane ${lane} is opened for row ${receipt.seq}, which was never acknowledged`);
    if (known.life !== life) say('R1', `lane ${lane} is opened for row ${receipt.seq} of an earlier life`);
    if (!durable.has(name)) say('J1', `lane ${lane} is opened for row ${receipt.seq}, which is not durable`);
    const { decision } = known.row;
    if (known.row.lane !== lane) say('J1', `row ${receipt.seq} is not about lane ${lane}`);
    if (decision !== 'granted' && decision !== 'manual')
      say(
        'R1',
        `lane ${lane} is opened for row ${receipt.seq}, which says ${decision} ${known.row.refusal ?? ''}`,
      );
  };
  return {
    see(event) {
      memory.see(event);
      if (event.type === 'open' || event.type === 'hold') order(event);
      if (event.type !== 'appended') return;
      for (const row of event.rows) acknowledged.set(`${row.seq} ${row.hash}`, { row, life: event.life });
    },
    end() {
      for (const [name, { row }] of acknowledged)
        if (!durable.has(name)) say('J3', `row ${row.seq} was acknowledged and is gone`);
      checkChain(evidence.rows, say);
    },
  };
}

function checkChain(rows: readonly StoredRow[], say: Say): void {
  let [seq, hash] = [0, GENESIS];
  for (const row of rows) {
    if (row.seq !== seq + 1) say('J3', `after row ${seq} comes row ${row.seq}`);
    if (row.previousHash !== hash) say('J3', `row ${row.seq} does not name the hash of the row before`);
    if (!('purged' in row) && digestOf(row) !== row.digest)
      say('J3', `row ${row.seq} is not what was digested`);
    if (sha256(Buffer.from(row.previousHash + row.digest, 'hex')) !== row.hash)
      say('J3', `the hash of row ${row.seq} is not of its digest`);
    [seq, hash] = [row.seq, row.hash];
  }
}

/** RFC 8785 for a flat object: its members sorted, nothing between them. */
function digestOf(row: ChainedRow): string {
  const { previousHash: _previous, digest: _digest, hash: _hash, ...content } = row;
  const members = Object.entries(content).sort(([left], [right]) => (left < right ? -1 : 1));
  return sha256(Buffer.from(JSON.stringify(Object.fromEntries(members)), 'utf8'));
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** What a batch remembered is there at the next start, unless its time was over. */
class MemoryProof {
  readonly #say: Say;
  readonly #expected = new Map<string, { value: string; until: number | undefined }>();
  #purged = 0;

  constructor(say: Say) {
    this.#say = say;
  }

  see(event: Parameters<Proof['see']>[0]): void {
    if (event.type === 'purged') this.#purged = Math.max(this.#purged, event.seconds);
    if (event.type === 'start' && event.memory !== undefined) this.#compare(event.memory);
    if (event.type !== 'appended') return;
    for (const { key, value, until } of event.memory) {
      if (value === undefined) this.#expected.delete(key);
      else this.#expected.set(key, { value, until });
    }
  }

  #compare(memory: NonNullable<Seen<'start'>['memory']>): void {
    const found = new Map(memory.map(({ key, value }) => [key, value]));
    for (const [key, { value, until }] of this.#expected) {
      if (found.get(key) === value) continue;
      if (found.has(key) || until === undefined || until >= this.#purged)
        this.#say(
          'A1',
          `${key} was remembered as ${value} and is ${found.get(key) ?? 'forgotten'} after a start`,
        );
    }
    for (const key of found.keys())
      if (!this.#expected.has(key)) this.#say('A1', `${key} is remembered, though no batch said so`);
  }
}
