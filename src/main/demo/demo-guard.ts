/** A guard of the demonstration, as told at its start. */
export interface DemoGuard {
  readonly account: string;
  readonly pin: string;
}
