/** What became of an ordered update, as a gate's row tells it: `update-outcome:7:refused:release-expired`. */

/** `done`: it runs. `back`: it was not healthy, and the version before runs again. `refused`: nothing was changed. `unsure`: somebody must look at the machine. */
export const UPDATE_OUTCOMES = ['done', 'back', 'refused', 'unsure'] as const;
export type UpdateOutcome = (typeof UPDATE_OUTCOMES)[number];

/** Why nothing was changed, beside what may be wrong with a release itself. */
export const UPDATE_WHYS = [
  /** The machine's configuration names no place to update from. */
  'not-configured',
  /** The program was not installed by its package, so nothing here can replace it. */
  'no-updater',
  /** An order before it is still being carried out. */
  'busy',
  /** The machine's updater has not answered. */
  'no-answer',
  /** The request could not be written, or was not understood. */
  'request',
  'address',
  'package',
  /** What runs there could not be kept, or the disk not written: without a way back nothing is begun. */
  'not-begun',
  /** Another release lies at the machine's address than was ordered. */
  'other-release',
  'older',
  'runs-already',
  'failed-before',
  'architecture',
] as const;
export type UpdateWhy = (typeof UPDATE_WHYS)[number];

export interface UpdateTold {
  readonly release: number;
  readonly outcome: UpdateOutcome;
  /** One of `UPDATE_WHYS` or `RELEASE_PROBLEMS`, or a later version's word. */
  readonly why?: string;
}

export const UPDATE_REASON = 'update-outcome';

/** The detail of the system row. */
export function updateDetail({ release, outcome, why }: UpdateTold): string {
  return [release, outcome, ...(why === undefined ? [] : [why])].join(':');
}

/** @param reason of a row; @returns undefined for a row that tells something else */
export function updateOfReason(reason: string): UpdateTold | undefined {
  const found = /^update-outcome:(?<release>[1-9]\d{0,9}):(?<outcome>[a-z]+)(?::(?<why>[a-z-]{1,40}))?$/.exec(
    reason,
  );
  const outcome = UPDATE_OUTCOMES.find((each) => each === found?.groups?.['outcome']);
  if (outcome === undefined) return undefined;
  const why = found?.groups?.['why'];
  return { release: Number(found?.groups?.['release']), outcome, ...(why === undefined ? {} : { why }) };
}
