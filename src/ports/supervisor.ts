/** Whoever started the service and may start it again: told when it is ready, and, as long as it is healthy, that it is alive. */
export interface Supervisor {
  /** How often `alive` is wanted; undefined when nobody watches. */
  readonly watchdogMs: number | undefined;
  ready(): void;
  alive(): void;
  stopping(): void;
  /** One line for `systemctl status`. */
  status(text: string): void;
}
