/** Unpredictable bytes. Only `main/` makes a real one; tests hand in a seeded one. */
export interface Random {
  bytes(length: number): Uint8Array;
}
