import type { DeskRole } from '../../wire/index.ts';

/** The desk's roles, and whoever asks: what a request may do follows from these alone. */
export { DESK_ROLES, type DeskRole } from '../../wire/index.ts';

/** Whoever asks, as the desk knows them; a demonstration's unsigned visitor is `demo`. */
export interface Principal {
  /** Sign-in name */
  readonly account: string;
  readonly roles: ReadonlySet<DeskRole>;
}

/** Names that no account may take: they stand for somebody else in the audit log, or in a gate's rows. */
export const RESERVED_NAMES: ReadonlySet<string> = new Set([
  'demo',
  'machine',
  'nobody',
  'district',
  'centre',
  'portal',
]);

/** Who a command on the district's own machine is in the audit log. */
export const MACHINE = 'machine';
/** The residents' portal, which brings its token: it may do what routes name it for, and has no role. */
export const PORTAL: Principal = { account: 'portal', roles: new Set() };
/** Who nobody that is known is. */
export const NOBODY = 'nobody';
