import { GUARD_WORDS } from '../../wire/index.ts';
import { Button, clockText } from '../kit/index.ts';
import { beginDeed, letInStart, lookUpWaiting } from './context.ts';
import { KEY } from './key-names.ts';
import { dismiss, gate, waiting } from './live.ts';
import { preferences, say } from './settings.ts';
import { ToneSign } from './signs.tsx';
import { kinds } from './words/gate.ts';
import { deeds } from './words/deeds.ts';
import { page } from './words/page.ts';
import { search } from './words/search.ts';

/** Somebody at a lane whom only the guard can let in: on top of everything, with one big button. */
export function Waiting() {
  const [first, ...others] = waiting.value;
  if (first === undefined) return null;
  const told =
    first.refusal === undefined ? undefined : GUARD_WORDS[preferences.value.language][first.refusal].guard;
  const kind = first.kind === undefined ? undefined : kinds[first.kind];
  return (
    <section class="waiting" aria-labelledby="waiting-title">
      <div class="waiting-about">
        <header>
          <ToneSign tone="guard" />
          <h2 id="waiting-title">
            {say(page.waiting)}
            {first.lane !== undefined && <span> · {first.lane}</span>}
          </h2>
          <time dateTime={first.at}>{clockText(Date.parse(first.at), gate.value?.timeZone ?? 'UTC')}</time>
        </header>
        <p class="waiting-who">
          <strong>{first.display ?? say(search.resident)}</strong>
          {first.index !== undefined && (
            <span>
              {say(page.index)} {first.index}
            </span>
          )}
          {kind !== undefined && <span>{say(kind)}</span>}
          {first.people > 1 && (
            <span>
              {first.people} {say(page.people)}
            </span>
          )}
        </p>
        {told !== undefined && (
          <p class="waiting-why">
            {told.sentence} {told.next}
          </p>
        )}
        {others.length > 0 && (
          <p class="waiting-more">
            {say(page.othersWait)}: {others.length}
          </p>
        )}
      </div>
      <div class="waiting-do">
        <Button press={() => beginDeed(letInStart(first))} look="main" hint={KEY.letIn} class="button-big">
          {say(deeds['let-in'].name)}
        </Button>
        <Button press={lookUpWaiting} hint={KEY.lookUpWaiting} class="button-big">
          {say(page.lookUp)}
        </Button>
        <Button press={() => dismiss(first.seq)} hint={KEY.dismiss}>
          {say(page.dismiss)}
        </Button>
      </div>
    </section>
  );
}
