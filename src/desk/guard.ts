import type { GuardRole } from '../wire/index.ts';

/** Who is signed in at the desk: what every deed is written down with. */
export interface Guard {
  readonly account: string;
  readonly role: GuardRole;
  /** Signed in with the second PIN: no answer, screen or log may tell; each item that goes to the gate carries it. */
  readonly duress: boolean;
  /** Names the session to this process; it is not its token. */
  readonly session: string;
}
