import type { Trial, TrialResident } from '../../district/index.ts';

/** What is asked of the district's desk. */
export interface SimulatedDesk extends Pick<Trial, 'enrolGates' | 'setState' | 'gates'> {
  /** @returns the residents' indices, in their order */
  addResidents(residents: readonly SimulatedResident[]): Promise<readonly number[]>;
  /** Hears of each row as it happens, by the time that it names. @returns a function that ends it */
  followRows(heard: (at: number) => void): () => void;
}

export interface SimulatedResident extends TrialResident {
  /** Of the phone's key, hex: the desk wants a proof. */
  readonly seed: string;
}
