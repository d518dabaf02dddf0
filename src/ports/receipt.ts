/**
 * Proof that a journal row is durable. Declared here, minted in `journal/` alone: a door opens only against one,
 * so an opening without a durable record does not compile. The house test finds casts.
 */
declare const receipt: unique symbol;

export interface Receipt {
  readonly [receipt]: true;
  readonly journalId: string;
  readonly seq: number;
  /** SHA-256 of the row in its chain, hex. */
  readonly hash: string;
}
