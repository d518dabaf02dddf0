import { useEffect } from 'preact/hooks';
import type { GuardSessionAnswer } from '../../wire/index.ts';
import { Actions } from './actions.tsx';
import { Alarms } from './alarms.tsx';
import { Announcer } from './announcer.tsx';
import { deedStart } from './deed.ts';
import { EntryList } from './entry-list.tsx';
import { onDeskKey } from './keys.ts';
import { Lanes } from './lanes.tsx';
import { deedModule, fetchWhenAsked, sheetModule } from './later.ts';
import { listen } from './live.ts';
import { Problems } from './problems.tsx';
import { Results } from './results.tsx';
import { SearchBox } from './search-box.tsx';
import { leave, lookAgain } from './session.ts';
import { say } from './settings.ts';
import { TopBar } from './top-bar.tsx';
import { UndoBar } from './undo-bar.tsx';
import { useAlarmSounds } from './use-alarm-sounds.ts';
import { Waiting } from './waiting.tsx';
import { screen } from './words/screen.ts';

/** One view for a shift: who needs the guard on top, the search box with what it found, the gate beside it. */
export function Desk({ session }: { readonly session: GuardSessionAnswer }) {
  useEffect(() => listen({ signedOut: leave, lost: () => void lookAgain() }), []);
  useEffect(fetchWhenAsked, []);
  useEffect(() => {
    document.addEventListener('keydown', onDeskKey);
    return () => document.removeEventListener('keydown', onDeskKey);
  }, []);
  useAlarmSounds();
  const [deed, sheet] = [deedModule.value, sheetModule.value];
  return (
    <div class="desk">
      <TopBar account={session.account} />
      <main>
        <h1 class="unseen">{say(screen.title)}</h1>
        <div class="desk-first">
          <Waiting />
          <Problems />
        </div>
        <div class="desk-work">
          <SearchBox />
          <Results />
          <Actions />
        </div>
        <div class="desk-gate">
          <Alarms />
          <Lanes />
          <EntryList />
        </div>
      </main>
      <UndoBar />
      {deed !== undefined && deedStart.value !== undefined && <deed.DeedDialog start={deedStart.value} />}
      {sheet !== undefined && <sheet.ViewSheet session={session} />}
      <Announcer />
    </div>
  );
}
