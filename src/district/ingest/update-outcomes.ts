import { chainedRow, UPDATE_REASON, type UpdateTold, updateOfReason } from '../../wire/index.ts';
import type { Database } from '../database/database.ts';

/** What gates have written about an ordered update, out of the rows that are stored. It only reads. */
export interface StoredOutcome extends UpdateTold {
  readonly gate: string;
  /** Unix milliseconds, by the district's clock. */
  readonly receivedAt: number;
}

/** The newest of each gate. @param from Unix milliseconds by the district's clock: what was stored before is left out */
export async function updateOutcomes(
  database: Database,
  {
    release,
    gates,
    from,
  }: { readonly release: number; readonly gates: readonly string[]; readonly from: number },
): Promise<ReadonlyMap<string, StoredOutcome>> {
  if (gates.length === 0) return new Map();
  const rows = await database
    .selectFrom('journal_row')
    .select(['gate', 'content', 'received_at'])
    .where('gate', 'in', [...gates])
    .where('decision', '=', 'system')
    .where('received_at', '>=', from)
    .where('content', 'like', `%"reason":"${UPDATE_REASON}:${release}:%`)
    .orderBy('received_at')
    .orderBy('seq')
    .execute();
  return new Map(
    rows.flatMap(({ gate, content, received_at: receivedAt }) => {
      const told = updateOfReason(chainedRow.parse(JSON.parse(content ?? '')).reason ?? '');
      return told?.release === release ? [[gate, { ...told, gate, receivedAt }] as const] : [];
    }),
  );
}
