import { never } from '../base/index.ts';
import { decideCommand, decideRejectedCommand } from './command.ts';
import type { Evidence, Now, Setting } from './evidence.ts';
import { decideManual } from './manual.ts';
import type { Outcome } from './outcome.ts';
import { decideDoor, decideReader, decideSystem, decideTimer } from './reports.ts';
import { decideScan } from './scan.ts';
import { decideUsed } from './seen.ts';

/**
 * Says what one piece of evidence leads to: rows, memory, effects. It does nothing itself, asks nobody, and gives the
 * same answer to the same question. The state changes only when `apply` is given the outcome.
 */
export function decide(evidence: Evidence, setting: Setting, now: Now): Outcome {
  switch (evidence.type) {
    case 'scan':
      return decideScan(evidence, setting, now);
    case 'timer':
      return decideTimer(setting, now);
    case 'command':
      return decideCommand(evidence, setting, now);
    case 'command-rejected':
      return decideRejectedCommand(evidence, setting, now);
    case 'manual':
      return decideManual(evidence, setting, now);
    case 'used':
      return decideUsed(evidence, setting, now);
    case 'door':
      return decideDoor(evidence, setting, now);
    case 'reader':
      return decideReader(evidence, setting, now);
    case 'system':
      return decideSystem(evidence, setting, now);
    default:
      return never(evidence);
  }
}
