import { type ChainedRow, type GuardEntry, peopleOfReason } from '../../wire/index.ts';
import type { DeskWork } from '../work.ts';

/** What the guard sees of a row. Nothing of the gate's own doings, so that a silent alarm leaves no gap that tells of it. */
export function isShown({ decision, door }: ChainedRow): boolean {
  if (decision === 'system') return false;
  // Every passage opens and closes a door; who passed is told by the entry.
  return door !== 'opened' && door !== 'closed';
}

/** With the mask that the roster has now; the name of a pass's host is not the visitor's. */
export function entryOfRow(row: ChainedRow, trust: ReturnType<DeskWork['trust']>): GuardEntry {
  const { previousHash: _previous, digest: _digest, hash: _hash, ...content } = row;
  const { reader: _reader, passId: _pass, command: _command, party = [], ...shown } = content;
  const isPass = row.kind === 4 || row.passId !== undefined;
  const display = row.index === undefined || isPass ? undefined : trust.roster.get(row.index)?.display;
  return {
    type: 'entry',
    ...shown,
    people: Math.min(Math.max(1 + party.length, peopleOfReason(row.reason ?? '')), PEOPLE_MAX),
    ...(display === undefined ? {} : { display }),
  };
}

const PEOPLE_MAX = 9;
