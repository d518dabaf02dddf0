import type { Refusal } from '../../code/index.ts';
import { type FoundMemberAnswer, GUARD_WORDS } from '../../wire/index.ts';
import { Banner, Button, Countdown } from '../kit/index.ts';
import { useLayoutEffect } from 'preact/hooks';
import { beginDeed, beginVisitor, letInStart, lookUpHousehold } from './context.ts';
import { Failed } from './failed.tsx';
import { refocusSearch } from './focus.ts';
import { KEY } from './key-names.ts';
import { photoModule } from './later.ts';
import { gate } from './live.ts';
import { chosen, type Found, forgetPeople, found, lookUpFailure } from './look-up.ts';
import { secondsLeft } from './words/sign-in.ts';
import { preferences, say } from './settings.ts';
import { ToneSign } from './signs.tsx';
import { deeds } from './words/deeds.ts';
import { search, states } from './words/search.ts';

/** Who was found, masked, with what the gate's rules say of them. It leaves the screen by itself. */
export function Results() {
  const result = found.value;
  if (lookUpFailure.value !== undefined) return <Failed failure={lookUpFailure.value} />;
  return result === undefined ? null : <FoundPeople key={result.answer.row} result={result} />;
}

function FoundPeople({ result }: { readonly result: Found }) {
  useLayoutEffect(noteShown, []);
  const { answer } = result;
  return (
    <section class="results" aria-label={say(search.label)}>
      {answer.found.length === 0 && answer.pass === undefined && (
        <Banner look="info" title={say(search.nobody)} next={say(search.nobodyNext)} />
      )}
      {answer.clockUnsure === true && (
        <Banner look="warn" title={say(search.clockUnsure)} next={say(search.clockUnsureNext)} />
      )}
      {answer.pass !== undefined && <Pass {...answer.pass} />}
      <ul>
        {answer.found.map((member, at) => (
          <Member key={member.index} member={member} at={at} result={result} />
        ))}
      </ul>
      {answer.more && <Banner look="info" title={say(search.more)} next={say(search.moreNext)} />}
      <footer>
        <Countdown
          until={result.until}
          totalMs={answer.showMs}
          over={forgetPeople}
          say={(seconds) => say(secondsLeft(seconds))}
        />
        <span>
          {say(search.left)} {answer.leftThisHour} · {say(search.row)} {answer.row}
        </span>
        <Button
          press={() => {
            forgetPeople();
            refocusSearch();
          }}
          hint="Esc"
          class="button-small"
        >
          {say(search.clear)}
        </Button>
      </footer>
    </section>
  );
}

function Pass({ pass, state, gate: only }: NonNullable<Found['answer']['pass']>) {
  return (
    <p class={`member pass member-${state}`}>
      {say(search.pass)} <strong>{pass}</strong> <span class="member-state">{say(states[state])}</span>
      {only !== undefined && ` · ${say(search.passGate)} ${only}`}
    </p>
  );
}

interface MemberProps {
  readonly member: FoundMemberAnswer;
  readonly at: number;
  readonly result: Found;
}

function Member({ member, at, result }: MemberProps) {
  const isChosen = chosen.value === at;
  const part = photoModule.value;
  const choose = () => {
    chosen.value = at;
  };
  return (
    <li class={`member member-${member.state}`} aria-current={isChosen} onMouseDown={choose}>
      <p class="member-who">
        <strong>{member.display ?? say(search.resident)}</strong>
        <span class="member-state">{say(states[member.state])}</span>
        {member.minor && <span class="member-flag">{say(search.minor)}</span>}
        {member.needsMoreTime && <span class="member-flag">{say(search.slow)}</span>}
      </p>
      <p class="member-more">
        {member.household === undefined
          ? say(search.notListed)
          : `${say(search.household)} ${member.household}`}
        {member.lastDay !== undefined && ` · ${say(search.lastDay)} ${member.lastDay}`}
      </p>
      {isChosen && result.answer.photos === true && part !== undefined && (
        <part.Photo row={result.answer.row} index={member.index} />
      )}
      <Rules member={member} />
      {isChosen && (
        <div class="member-do">
          <Button
            press={() => {
              choose();
              beginDeed(letInStart());
            }}
            look="main"
            hint={KEY.letIn}
            class="button-big"
          >
            {say(deeds['let-in'].name)}
          </Button>
          <Button press={beginVisitor} hint={KEY.visitor} class="button-big">
            {say(search.asHost)}
          </Button>
          {member.household !== undefined && result.by !== 'household' && result.by !== 'room' && (
            <Button press={lookUpHousehold} hint={KEY.household}>
              {say(search.showHousehold)}
            </Button>
          )}
        </div>
      )}
    </li>
  );
}

/** One line when all lanes say the same, else one for each. */
function Rules({ member }: { readonly member: FoundMemberAnswer }) {
  const lanes = (gate.value?.lanes ?? []).map(({ lane }) => lane);
  const verdicts = lanes.map((lane) => ({ lane, refusal: member.refusals[lane] }));
  const [first] = verdicts;
  const alike = verdicts.every(({ refusal }) => refusal === first?.refusal);
  const told = alike && first !== undefined ? [{ lane: undefined, refusal: first.refusal }] : verdicts;
  return (
    <ul class="rules">
      {told.map(({ lane, refusal }) => (
        <li key={lane ?? ''}>
          <ToneSign tone={refusal === undefined ? 'granted' : 'refused'} />
          <span>
            {lane !== undefined && <b>{lane} </b>}
            {refusal === undefined
              ? say(lane === undefined ? search.mayEnterAll : search.mayEnter)
              : refused(refusal)}
          </span>
        </li>
      ))}
    </ul>
  );
}

function refused(refusal: string): string {
  const words = GUARD_WORDS[preferences.value.language][refusal as Refusal];
  // A gate of a later version may say a word that this page does not have.
  return words === undefined ? refusal : `${words.guard.sentence} ${words.guard.next}`;
}

/** From Enter to the frame that shows the answer; a guard waits for no more than the gate does. */
function noteShown(): void {
  requestAnimationFrame(() => {
    performance.clearMarks('look-up-shown');
    performance.mark('look-up-shown');
  });
}
