import { DatabaseSync } from 'node:sqlite';

/**
 * A lock between processes of one machine that ends with its process, however that ends, and never before: nothing has to
 * be renewed, so nothing that keeps a process busy can lose it.
 */
export interface ProcessLock {
  release(): void;
}

/** SQLITE_BUSY: https://sqlite.org/rescode.html#busy */
const BUSY = 5;

/** @param path of a file of its own, made when there is none. @returns undefined while another has it */
export function takeProcessLock(path: string): ProcessLock | undefined {
  const file = new DatabaseSync(path, { timeout: 0 });
  try {
    file.exec('BEGIN EXCLUSIVE');
  } catch (fault) {
    file.close();
    if (fault instanceof Error && 'errcode' in fault && fault.errcode === BUSY) return undefined;
    throw fault;
  }
  return { release: () => file.close() };
}
