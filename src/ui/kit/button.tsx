import type { ComponentChildren } from 'preact';

interface ButtonProps {
  readonly press: () => void;
  readonly children: ComponentChildren;
  /** The key that does the same, as it is printed on the keyboard. */
  readonly hint?: string | undefined;
  readonly look?: 'main' | 'danger' | 'plain' | undefined;
  readonly disabled?: boolean | undefined;
  readonly pressed?: boolean | undefined;
  readonly label?: string | undefined;
  readonly class?: string | undefined;
}

/** A button that names its key. It takes no focus from the mouse or a finger: what is typed next goes where it went before. */
export function Button({ press, children, hint, look = 'plain', ...rest }: ButtonProps) {
  return (
    <button
      type="button"
      class={`button button-${look} ${rest.class ?? ''}`}
      disabled={rest.disabled}
      aria-pressed={rest.pressed}
      aria-keyshortcuts={hint}
      onMouseDown={(event) => event.preventDefault()}
      onClick={press}
    >
      {/* In the text and not as an aria-label, which would hide the key from those who speak to their computer. */}
      {rest.label !== undefined && <span class="unseen">{rest.label}</span>}
      {children}
      {hint !== undefined && (
        <span class="key" aria-hidden="true">
          {hint}
        </span>
      )}
    </button>
  );
}
