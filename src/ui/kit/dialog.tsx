import type { ComponentChildren } from 'preact';
import { useEffect, useId, useRef } from 'preact/hooks';

interface DialogProps {
  readonly title: string;
  readonly closeLabel: string;
  readonly close: () => void;
  readonly children: ComponentChildren;
  /** `sheet` fills the screen's height: lists and reports. */
  readonly size?: 'card' | 'sheet' | undefined;
  readonly look?: 'danger' | undefined;
}

/** Something to answer before anything else. The browser's own modal keeps the focus in it; Escape and the cross leave it. */
export function Dialog({ title, closeLabel, close, children, size = 'card', look }: DialogProps) {
  const shown = useRef<HTMLDialogElement>(null);
  const heading = useId();
  useEffect(() => {
    const dialog = shown.current;
    const before = document.activeElement;
    dialog?.showModal();
    const first = dialog?.querySelector<HTMLElement>('[data-first]');
    first?.focus();
    return () => {
      dialog?.close();
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, []);
  return (
    <dialog
      ref={shown}
      class={`dialog dialog-${size} ${look === undefined ? '' : `dialog-${look}`}`}
      aria-labelledby={heading}
      onCancel={(event) => {
        event.preventDefault();
        close();
      }}
    >
      <header>
        <h2 id={heading}>{title}</h2>
        <button type="button" class="button dialog-close" onClick={close}>
          <span class="unseen">{closeLabel}</span>
          <svg viewBox="0 0 24 24" aria-hidden="true">
            <path d="M6 6l12 12M18 6 6 18" />
          </svg>
          <span class="key" aria-hidden="true">
            Esc
          </span>
        </button>
      </header>
      <div class="dialog-body">{children}</div>
    </dialog>
  );
}
