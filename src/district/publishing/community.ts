import type { Policy } from '../../wire/index.ts';

/**
 * A community's policy, and its roster for each of its gates. A document is signed only when what it says has changed, and
 * a gate is sent its roster only when it is another one than it was sent before.
 */
export interface Community {
  readonly id: number;
  /** Rules that differ from the defaults of the policy; those that were set while the district ran go before them. */
  readonly rules?: Partial<
    Pick<
      Policy,
      | 'skewSeconds'
      | 'windowSeconds'
      | 'wideningMaxSeconds'
      | 'clockAdvanceMaxSeconds'
      | 'staleness'
      | 'retention'
      | 'guardPhotos'
      | 'lane'
      | 'lanes'
    >
  >;
}
