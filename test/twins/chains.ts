import { chained, type keyPair, signToken } from './gate.ts';
import { CHECKPOINT_TYPE, type ChainedRow, type RowDraft } from '../../src/wire/index.ts';
import type { Gate } from '../../src/district/testing.ts';

/** For tests of ingest: gates that are enrolled, chains and batches as gates send them. */

type Keys = ReturnType<typeof keyPair>;

export const JOURNAL: string = 'a'.repeat(32);

export function gateOf(id: string, key: Keys): Gate {
  return {
    id,
    community: 7,
    device_key: key.publicKeyHex,
    seal_key: null,
    password_hash: '',
    enrolled_at: 0,
    confirmed: 1,
    status: null,
    seen_at: null,
  };
}

export function chainOf(count: number, draft: (seq: number) => Partial<RowDraft> = () => ({})): ChainedRow[] {
  const rows: ChainedRow[] = [];
  for (let seq = 1; seq <= count; seq += 1) rows.push(chained(rows.at(-1), draft(seq)));
  return rows;
}

export function batchOf(
  rows: readonly ChainedRow[],
  of: { gate: string; key: Keys; journal?: string; claims?: object },
): Uint8Array {
  const { gate, key, journal = JOURNAL, claims } = of;
  const last = rows.at(-1);
  const said = { iss: 'd-1', aud: gate, iat: 1, journal, seq: last?.seq, hash: last?.hash, clock: 'synced' };
  const checkpoint = signToken(key.privateKey, CHECKPOINT_TYPE, { ...said, ...claims });
  return Buffer.from(JSON.stringify({ journal, rows, checkpoint }));
}
