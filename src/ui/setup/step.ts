import type { Language, SetupState } from '../../wire/index.ts';

export interface StepProps {
  readonly state: SetupState;
  readonly language: Language;
  /** The gate is looked at again at once. */
  readonly look: () => Promise<void>;
}
