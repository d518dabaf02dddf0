import type { Hosts, StaticFiles } from '../../http/index.ts';
import type { Clock, Log } from '../../ports/index.ts';
import type { AbuseWatch } from '../abuse.ts';
import type { GuardAccounts } from '../accounts/guard-accounts.ts';
import type { GuardSessions } from '../accounts/sessions.ts';
import type { DeskGate } from '../gate-port.ts';
import type { GuardWork } from '../guard-work.ts';
import type { Shifts } from '../shifts/shifts.ts';

/** What the routes of the guard's desk work with. */
export interface DeskServerParts {
  readonly gate: DeskGate;
  readonly clock: Clock;
  readonly log: Log;
  /** Names and addresses under which browsers may reach the gate. */
  readonly hosts: Hosts;
  readonly pages: StaticFiles;
  readonly accounts: GuardAccounts;
  readonly sessions: GuardSessions;
  readonly shifts: Shifts;
  readonly abuse: AbuseWatch;
  readonly work: GuardWork;
}
