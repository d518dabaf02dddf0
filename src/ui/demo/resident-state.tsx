import { useState } from 'preact/hooks';
import type { Language, ResidentView } from '../../wire/index.ts';
import { setResidentState } from './api.ts';
import { states, words } from './words.ts';

interface ResidentStateProps {
  readonly resident: ResidentView;
  readonly reload: () => Promise<void>;
  readonly language: Language;
}

/** Revokes and restores, to see a gate refuse within a second. */
export function ResidentState({ resident, reload, language }: ResidentStateProps) {
  const [busy, setBusy] = useState(false);
  const [failed, setFailed] = useState(false);
  const valid = resident.state === 'valid';
  const turn = async () => {
    setBusy(true);
    setFailed(!(await setResidentState(resident.index, valid ? 'revoked' : 'valid')));
    await reload();
    setBusy(false);
  };
  return (
    <div class="resident-state">
      <span class={valid ? 'state state-valid' : 'state state-bad'}>
        {valid ? '✓' : '✗'} {states[resident.state][language]}
      </span>
      <button type="button" class="button" disabled={busy} onClick={() => void turn()}>
        {(busy ? words.working : valid ? words.revoke : words.restore)[language]}
      </button>
      <span role="status">{failed ? words.stateFailed[language] : ''}</span>
    </div>
  );
}
