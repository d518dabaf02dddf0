import { Button, Countdown } from '../kit/index.ts';
import { deedDone, undo, undoFailure } from './deed.ts';
import { Failed } from './failed.tsx';
import { KEY } from './key-names.ts';
import { secondsLeft } from './words/sign-in.ts';
import { say } from './settings.ts';
import { deedForm as words } from './words/deed-form.ts';
import { deeds } from './words/deeds.ts';
import { useEffect } from 'preact/hooks';

/** What was just done, with its row's number, and the way to take it back while there is one. */
export function UndoBar() {
  const done = deedDone.value;
  const close = () => {
    deedDone.value = undefined;
    undoFailure.value = undefined;
  };
  useEffect(() => {
    if (done === undefined || done.undoUntil !== undefined) return undefined;
    const timer = setTimeout(close, done.undoMs);
    return () => clearTimeout(timer);
  }, [done]);
  return (
    <div class="undo-place">
      {done !== undefined && (
        <div class="undo">
          <p role="status">
            <svg class="sign" viewBox="0 0 24 24" aria-hidden="true">
              <path d="M4 13l5 5L20 6" />
            </svg>
            <strong>{say(deeds[done.deed].done)}</strong>
            <span>
              {say(words.row)} {done.row}
            </span>
          </p>
          <Failed failure={undoFailure.value} />
          {done.undoUntil !== undefined && (
            <>
              <Button press={() => void undo('did-not-enter')} hint={KEY.undo} look="main">
                {say(words.didNotEnter)}
              </Button>
              <Button press={() => void undo('mistake')}>{say(words.byMistake)}</Button>
              <Countdown
                until={done.undoUntil}
                totalMs={done.undoMs}
                over={close}
                say={(seconds) => say(secondsLeft(seconds))}
              />
            </>
          )}
        </div>
      )}
    </div>
  );
}
