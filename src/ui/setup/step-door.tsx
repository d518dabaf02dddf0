import { useState } from 'preact/hooks';
import { type SetupState, setupChanged } from '../../wire/index.ts';
import { Banner } from '../kit/index.ts';
import { call, type Failure } from './call.ts';
import { Failed } from './failed.tsx';
import { LaneChoice } from './lane-choice.tsx';
import { NumberField } from './number-field.tsx';
import { RelayTest } from './relay-test.tsx';
import type { StepProps } from './setup.tsx';
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

const figure = (line: number | undefined): string => (line === undefined ? '' : String(line));

function Wiring({ lane, language, look }: WiringProps) {
  const [lines, setLines] = useState({
    relay: figure(lane.door.relayLine),
    contact: figure(lane.door.contactLine),
    exit: '',
    fire: figure(lane.door.fireLine),
  });
  const [isLow, setLow] = useState(false);
  const [seconds, setSeconds] = useState(String(Math.round(lane.door.pulseMs / 1_000) || 1));
  const [failure, setFailure] = useState<Failure>();
  const [holds, setHolds] = useState<'now' | 'next-start'>();
  const put = (key: keyof typeof lines) => (line: string) => setLines({ ...lines, [key]: line });
  const save = async (event: Event) => {
    event.preventDefault();
    const input = (key: 'contact' | 'exit' | 'fire', name: string) =>
      lines[key] === '' ? {} : { [name]: { line: Number(lines[key]) } };
    const body = {
      relay: { line: Number(lines.relay), activeLow: isLow, pulseMs: Number(seconds) * 1_000 },
      ...input('contact', 'contact'),
      ...input('exit', 'exitButton'),
      ...input('fire', 'fire'),
    };
    const answer = await call('PUT', `lanes/${lane.lane}/door`, { body, read: setupChanged });
    setFailure(answer.ok ? undefined : answer.error);
    setHolds(answer.ok ? answer.value.holds : undefined);
    await look();
  };
  const optional = door.optional[language];
  return (
    <form onSubmit={(event) => void save(event)}>
      <h3>{door.wiring[language]}</h3>
      <div class="grid">
        <NumberField
          label={door.relay[language]}
          value={lines.relay}
          change={put('relay')}
          hint={door.bcm[language]}
        />
        <NumberField label={door.seconds[language]} value={seconds} change={setSeconds} />
        <NumberField
          label={door.contact[language]}
          value={lines.contact}
          change={put('contact')}
          hint={optional}
        />
        <NumberField label={door.exit[language]} value={lines.exit} change={put('exit')} hint={optional} />
        <NumberField label={door.fire[language]} value={lines.fire} change={put('fire')} hint={optional} />
      </div>
      <label class="choice">
        <input
          type="checkbox"
          checked={isLow}
          onChange={({ currentTarget }) => setLow(currentTarget.checked)}
        />
        {door.relayLow[language]}
      </label>
      <Failed failure={failure} language={language} />
      {holds !== undefined && (
        <p class="good" role="status">
          ✓ {(holds === 'now' ? words.saved : words.savedForLater)[language]}
        </p>
      )}
      <button type="submit" class="button button-main" disabled={lines.relay === '' || seconds === ''}>
        {words.save[language]}
      </button>
    </form>
  );
}
