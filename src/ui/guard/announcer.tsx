import { GUARD_WORDS } from '../../wire/index.ts';
import { openAlarms, waiting } from './live.ts';
import { found } from './look-up.ts';
import { preferences, say } from './settings.ts';
import { wordsOfAlarm } from './words/gate.ts';
import { page } from './words/page.ts';
import { search, states } from './words/search.ts';

/** What a screen reader says by itself: who waits and alarms at once, what was found when it is quiet. */
export function Announcer() {
  const alarm = openAlarms.value[0];
  return (
    <>
      <p class="unseen" role="alert">
        {alarm !== undefined &&
          `${say(page.alarms)}: ${say(wordsOfAlarm(alarm).name)}. ${say(wordsOfAlarm(alarm).next)}`}
      </p>
      <p class="unseen" role="alert">
        {waitingText()}
      </p>
      <p class="unseen" role="status">
        {foundText()}
      </p>
    </>
  );
}

function waitingText(): string {
  const [first] = waiting.value;
  if (first === undefined) return '';
  const cause = first.refusal && GUARD_WORDS[preferences.value.language][first.refusal].cause;
  return [say(page.waiting), first.lane, cause].filter((part) => part !== undefined).join(', ');
}

function foundText(): string {
  const answer = found.value?.answer;
  if (answer === undefined) return '';
  if (answer.found.length === 0) return say(search.nobody);
  return answer.found
    .map((member) => `${member.display ?? say(search.resident)} ${say(states[member.state])}`)
    .join(', ');
}
