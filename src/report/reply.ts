import type { ChainedRow, ReplyPayload } from '../wire/index.ts';

/** A reply follows from the row of its command, and from nothing else. @returns undefined for a row without a command */
export function replyOfRow(journal: string, row: ChainedRow): ReplyPayload | undefined {
  if (row.command === undefined) return undefined;
  const reason = row.refusal ?? row.reason;
  return {
    jti: row.command,
    at: row.at,
    outcome: row.decision === 'refused' || row.decision === 'guard' ? 'refused' : 'done',
    ...(reason === undefined ? {} : { reason }),
    journal,
    seq: row.seq,
  };
}
