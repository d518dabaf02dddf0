import { useState } from 'preact/hooks';
import { type SetupState, setupChanged } from '../../wire/index.ts';
import { Banner, Field } from '../kit/index.ts';
import { call, type Failure } from './call.ts';
import { Choice } from './choices.tsx';
import { Failed } from './failed.tsx';
import { LaneChoice } from './lane-choice.tsx';
import { NumberField } from './number-field.tsx';
import { RelayTest } from './relay-test.tsx';
import type { StepProps } from './step.ts';
import { doorBody, isPulse, isSame, typedSeconds, type Wiring as Typed, wiringOf } from './wiring.ts';
import { door, words } from './words.ts';

/** Which lines the relay and the door's inputs hang on, and one opening to see that it moves. */

type Lane = SetupState['lanes'][number];

export function DoorStep({ state, language, look }: StepProps) {
  const [laneName, setLane] = useState(state.lanes[0]?.lane);
  const lane = state.lanes.find((each) => each.lane === laneName) ?? state.lanes[0];
  if (lane === undefined) return null;
  return (
    <>
      <section class="card">
        <h2>{door.title[language]}</h2>
        <LaneChoice lanes={state.lanes} chosen={lane.lane} choose={setLane} language={language} />
        {lane.door.relayLine === undefined && (
          <Banner look="warn" title={door.notReal[language]} next={door.notRealNext[language]} />
        )}
        <Wiring key={lane.lane} lane={lane} language={language} look={look} />
      </section>
      <RelayTest key={`${lane.lane}-test`} lane={lane.lane} language={language} />
    </>
  );
}

interface WiringProps extends Pick<StepProps, 'language' | 'look'> {
  readonly lane: Lane;
}

/** What was typed and not saved, by lane: whoever looks at another step finds it again. */
const drafts = new Map<string, Typed>();

function Wiring({ lane, language, look }: WiringProps) {
  const [wiring, setTyped] = useState(() => drafts.get(lane.lane) ?? wiringOf(lane.door));
  const [failure, setFailure] = useState<Failure>();
  const [holds, setHolds] = useState<'now' | 'next-start'>();
  const setWiring = (typed: Typed) => {
    drafts.set(lane.lane, typed);
    setHolds(undefined);
    setTyped(typed);
  };
  const isUnsaved = !isSame(wiring, wiringOf(lane.door));
  const put = (key: Line) => (typed: string) => setWiring({ ...wiring, [key]: typed });
  const choose = (key: 'relayLow' | 'contactCloses' | 'fireCloses') => (isChosen: boolean) =>
    setWiring({ ...wiring, [key]: isChosen });
  const save = async (event: Event) => {
    event.preventDefault();
    const answer = await call('PUT', `lanes/${lane.lane}/door`, {
      body: doorBody(wiring),
      read: setupChanged,
    });
    setFailure(answer.ok ? undefined : answer.error);
    if (answer.ok) drafts.delete(lane.lane);
    await look();
    setHolds(answer.ok ? answer.value.holds : undefined);
  };
  return (
    <form onSubmit={(event) => void save(event)}>
      <h3>{door.wiring[language]}</h3>
      <Lines wiring={wiring} put={put} language={language} />
      <Choice label={door.relayLow[language]} isChosen={wiring.relayLow} choose={choose('relayLow')} />
      {wiring.contact !== '' && (
        <Choice
          label={door.contactCloses[language]}
          isChosen={wiring.contactCloses}
          choose={choose('contactCloses')}
        />
      )}
      {wiring.fire !== '' && (
        <Choice
          label={door.fireCloses[language]}
          isChosen={wiring.fireCloses}
          choose={choose('fireCloses')}
        />
      )}
      <Failed failure={failure} language={language} />
      {isUnsaved && holds === undefined && <p class="warn">! {door.unsaved[language]}</p>}
      {holds !== undefined && (
        <p class="good" role="status">
          ✓ {(holds === 'now' ? words.saved : words.savedForLater)[language]}
        </p>
      )}
      <button
        type="submit"
        class="button button-main"
        disabled={wiring.relay === '' || !isPulse(wiring.seconds)}
      >
        {words.save[language]}
      </button>
    </form>
  );
}

type Line = 'relay' | 'contact' | 'exit' | 'fire' | 'seconds';

interface LinesProps extends Pick<StepProps, 'language'> {
  readonly wiring: Typed;
  readonly put: (key: Line) => (typed: string) => void;
}

function Lines({ wiring, put, language }: LinesProps) {
  const optional = door.optional[language];
  return (
    <div class="grid">
      <NumberField
        label={door.relay[language]}
        value={wiring.relay}
        change={put('relay')}
        hint={door.bcm[language]}
      />
      <Seconds value={wiring.seconds} change={put('seconds')} language={language} />
      <NumberField
        label={door.contact[language]}
        value={wiring.contact}
        change={put('contact')}
        hint={optional}
      />
      <NumberField label={door.exit[language]} value={wiring.exit} change={put('exit')} hint={optional} />
      <NumberField label={door.fire[language]} value={wiring.fire} change={put('fire')} hint={optional} />
    </div>
  );
}

interface SecondsProps extends Pick<StepProps, 'language'> {
  readonly value: string;
  readonly change: (value: string) => void;
}

/** 30.000 */
const SECONDS_LENGTH = 6;

function Seconds({ value, change, language }: SecondsProps) {
  const isWrong = value !== '' && !isPulse(value);
  return (
    <Field
      label={door.seconds[language]}
      value={value}
      change={(typed) => change(typedSeconds(typed))}
      inputMode="decimal"
      maxLength={SECONDS_LENGTH}
      hint={door.secondsHint[language]}
      error={isWrong ? door.secondsWrong[language] : undefined}
    />
  );
}
