import { existsSync, mkdirSync, renameSync } from 'node:fs';
import { basename, join } from 'node:path';
import { enrolmentFile } from '../../../config/load.ts';
import { lockJournal } from '../../journal/index.ts';
import { DESK_FILE } from './gate-desk.ts';
import { JOURNAL_FILE } from './start-gate.ts';

/**
 * A physical reset: what made this machine a gate of its district is moved aside, the root first, so that whatever interrupts
 * it leaves a gate that is not enrolled. The journal is kept: its rows are evidence.
 * @returns the folder where the old things lie
 * @throws when the gate runs, or a file cannot be moved
 */
export function resetGate(place: { readonly dataDir: string; readonly root: string }, now: Date): string {
  const { dataDir, root } = place;
  refuseRunning(join(dataDir, JOURNAL_FILE));
  const folder = join(dataDir, `before-reset-${now.toISOString().replaceAll(/[:.]/g, '-')}`);
  mkdirSync(folder, { mode: 0o700 });
  const parts = [
    root,
    enrolmentFile(dataDir),
    join(dataDir, DESK_FILE),
    ...['keys', 'trust', 'bundles'].map((name) => join(dataDir, name)),
  ];
  for (const part of parts) if (existsSync(part)) renameSync(part, join(folder, basename(part)));
  return folder;
}

/** A running gate holds its journal's lock; its keys must not be taken from under it. */
function refuseRunning(journal: string): void {
  if (!existsSync(journal)) return;
  try {
    lockJournal(journal)();
  } catch (cause) {
    throw new Error('the gate is running; stop it first (systemctl stop menwei-gate)', { cause });
  }
}
