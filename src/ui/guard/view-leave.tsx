import { useState } from 'preact/hooks';
import type { Failure } from './call.ts';
import { endShift } from './api.ts';
import { Failed } from './failed.tsx';
import { leave, signOut } from './session.ts';
import { say } from './settings.ts';
import { closeView } from './views.ts';
import { leaving, menu } from './words/sheets.ts';

const NOTE_MAX = 500;

/** Somebody goes for a while: the shift goes on. */
export function LeaveView() {
  const go = () => {
    closeView();
    void signOut();
  };
  return (
    <>
      <p class="sheet-about">{say(leaving.leaveNext)}</p>
      <button type="button" class="button button-main button-big" data-first="" onClick={go}>
        {say(menu.leave)}
        <span class="key" aria-hidden="true">
          Enter
        </span>
      </button>
    </>
  );
}

/** A word for the next guard, and out. Ctrl+Enter does it from within the note. */
export function EndShiftView() {
  const [note, setNote] = useState('');
  const [failure, setFailure] = useState<Failure | undefined>(undefined);
  const [working, setWorking] = useState(false);
  const submit = async (event: Event) => {
    event.preventDefault();
    if (working) return;
    setWorking(true);
    const answer = await endShift(note.trim());
    setWorking(false);
    if (!answer.ok) return setFailure(answer.error);
    closeView();
    return leave();
  };
  return (
    <form
      class="deed"
      onSubmit={(event) => void submit(event)}
      onKeyDown={(event) => {
        if (event.key === 'Enter' && event.ctrlKey) void submit(event);
      }}
    >
      <div class="field">
        <label for="hand-over-note">{say(leaving.note)}</label>
        <textarea
          id="hand-over-note"
          rows={5}
          maxLength={NOTE_MAX}
          autoComplete="off"
          data-first=""
          value={note}
          onInput={({ currentTarget }) => setNote(currentTarget.value)}
        />
        <p class="field-hint">
          {note.length} / {NOTE_MAX}
        </p>
      </div>
      <Failed failure={failure} />
      <button type="submit" class="button button-main button-big" disabled={working}>
        {say(leaving.end)}
        <span class="key" aria-hidden="true">
          Ctrl+Enter
        </span>
      </button>
    </form>
  );
}
