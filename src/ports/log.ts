/**
 * Where a room tells what happened to it, for whoever looks after the machine. Fields come by allow-list:
 * never a name, a document number, a phone number or a code (docs/architecture.md, P1).
 */
export interface Log {
  info(fields: LogFields, message: string): void;
  warn(fields: LogFields, message: string): void;
  error(fields: LogFields, message: string): void;
}

export type LogFields = Readonly<Record<string, string | number | boolean | undefined>>;
