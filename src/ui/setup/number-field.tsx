import { Field } from '../kit/index.ts';

interface NumberFieldProps {
  readonly label: string;
  readonly value: string;
  readonly change: (value: string) => void;
  readonly hint?: string;
}

/** A whole number, as it is typed. */
export function NumberField({ label, value, change, hint }: NumberFieldProps) {
  const digits = (typed: string) => change(typed.replace(/\D/g, ''));
  return <Field label={label} value={value} change={digits} inputMode="numeric" maxLength={5} hint={hint} />;
}
