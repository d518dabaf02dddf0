import type { RefObject, TargetedInputEvent } from 'preact';
import { useId } from 'preact/hooks';

interface FieldProps {
  readonly label: string;
  readonly value: string;
  readonly change: (value: string) => void;
  readonly type?: 'text' | 'password' | undefined;
  readonly hint?: string | undefined;
  readonly error?: string | undefined;
  readonly inputMode?: 'none' | 'text' | 'numeric' | 'decimal' | 'url' | undefined;
  readonly maxLength?: number | undefined;
  readonly input?: RefObject<HTMLInputElement | null> | undefined;
  /** Has the focus when its dialog opens. */
  readonly first?: boolean | undefined;
}

/** One line to fill in, with what is wrong with it beside it. Browsers keep nothing of what is typed. */
export function Field({ label, value, change, type = 'text', ...more }: FieldProps) {
  const id = useId();
  const told = more.error ?? more.hint;
  const common = {
    id,
    ref: more.input ?? null,
    value,
    ...(more.maxLength === undefined ? {} : { maxLength: more.maxLength }),
    ...(more.inputMode === undefined ? {} : { inputMode: more.inputMode }),
    autoCapitalize: 'none',
    spellcheck: false,
    'data-first': more.first === true ? '' : undefined,
    'aria-invalid': more.error !== undefined,
    'aria-describedby': told === undefined ? undefined : `${id}-told`,
    onInput: ({ currentTarget }: TargetedInputEvent<HTMLInputElement>) => change(currentTarget.value),
  } as const;
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {type === 'password' ? (
        <input {...common} type="password" autoComplete="new-password" />
      ) : (
        <input {...common} type="text" autoComplete="off" />
      )}
      {told !== undefined && (
        <p id={`${id}-told`} class={more.error === undefined ? 'field-hint' : 'field-error'}>
          {told}
        </p>
      )}
    </div>
  );
}
