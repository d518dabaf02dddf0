import type { DeedStart } from './deed.ts';
import type { DeedForm } from './deed-form.ts';

export interface DeedPart {
  readonly start: DeedStart;
  readonly form: DeedForm;
  readonly change: (part: Partial<DeedForm>) => void;
}

export function toggled(party: readonly number[], index: number): readonly number[] {
  return party.includes(index) ? party.filter((each) => each !== index) : [...party, index];
}
