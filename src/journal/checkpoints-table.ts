import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { toHex } from '../base/index.ts';
import { CHECKPOINTS_MAX } from './limits.ts';

/** Signed statements about the chain, newest last. Old ones go: a younger one covers all rows before it. */
export interface Checkpoint {
  readonly seq: number;
  /** Lower-case hex. */
  readonly hash: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** `menwei-checkpoint+jwt` */
  readonly jwt: string;
}

export class CheckpointsTable {
  readonly #insert: StatementSync;
  readonly #thin: StatementSync;
  readonly #newest: StatementSync;

  constructor(database: DatabaseSync) {
    this.#insert = database.prepare('INSERT OR REPLACE INTO checkpoint VALUES (?, ?, ?, ?)');
    this.#thin = database.prepare(
      `DELETE FROM checkpoint WHERE seq <= (SELECT seq FROM checkpoint ORDER BY seq DESC LIMIT 1 OFFSET ${CHECKPOINTS_MAX})`,
    );
    this.#newest = database.prepare(
      'SELECT seq, hash, at, jwt FROM checkpoint WHERE seq <= ? ORDER BY seq DESC LIMIT 1',
    );
  }

  put(seq: number, hash: Uint8Array, signed: { readonly at: number; readonly jwt: string }): void {
    this.#insert.run(seq, hash, signed.at, signed.jwt);
    this.#thin.run();
  }

  /** The newest one that is about a row up to `seq`. */
  newest(seq: number = Number.MAX_SAFE_INTEGER): Checkpoint | undefined {
    const line = this.#newest.get(seq);
    if (line === undefined) return undefined;
    const { hash } = line;
    return {
      seq: Number(line['seq']),
      hash: hash instanceof Uint8Array ? toHex(hash) : '',
      at: Number(line['at']),
      jwt: String(line['jwt']),
    };
  }
}
