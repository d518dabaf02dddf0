import { useState } from 'preact/hooks';
import { type Camera, sendScan, type Text, useCamera } from '../kit/index.ts';
import { gate, verdictAt } from './live.ts';
import { say } from './settings.ts';
import { ToneSign } from './signs.tsx';
import { decisions } from './words/gate.ts';
import { camera as words } from './words/sheets.ts';

/** This device as the reader of a side gate: what its camera reads goes to the lane, which alone decides. */
export function CameraView() {
  const lanes = (gate.value?.lanes ?? []).filter(({ pageReads }) => pageReads === true);
  const [lane, setLane] = useState(lanes[0]?.lane);
  const [on, setOn] = useState(false);
  const [told, setTold] = useState<Text | undefined>(undefined);
  const send = async (read: string) => {
    if (lane !== undefined) setTold(words[await sendScan(lane, read)]);
  };
  const camera = useCamera(on, (read) => void send(read), 'environment');
  if (lane === undefined) return <p class="sheet-about">{say(words.noLane)}</p>;
  const trouble = TROUBLE[camera.state];
  return (
    <div class="side-gate">
      <fieldset class="choices choices-lanes">
        <legend>{say(words.lane)}</legend>
        {lanes.map((each, at) => (
          <label key={each.lane} class={lane === each.lane ? 'choice choice-on' : 'choice'}>
            <input
              type="radio"
              name="camera-lane"
              checked={lane === each.lane}
              data-first={at === 0 ? '' : undefined}
              onChange={() => setLane(each.lane)}
            />
            {each.lane}
          </label>
        ))}
      </fieldset>
      <video
        ref={camera.video}
        muted
        playsInline
        hidden={camera.state !== 'on'}
        aria-label={say(words.aim)}
      />
      <p role="status" class="side-gate-told">
        {trouble !== undefined
          ? say(trouble)
          : told !== undefined
            ? say(told)
            : camera.state === 'on' && say(words.aim)}
      </p>
      <Verdict lane={lane} />
      <button
        type="button"
        class={on ? 'button button-big' : 'button button-main button-big'}
        onClick={() => {
          setTold(undefined);
          setOn(!on);
        }}
      >
        {say(on ? words.stop : words.start)}
      </button>
    </div>
  );
}

const TROUBLE: Readonly<Partial<Record<Camera['state'], Text>>> = { denied: words.denied, none: words.none };

function Verdict({ lane }: { readonly lane: string }) {
  const last = verdictAt(lane);
  if (last === undefined) return null;
  return (
    <p class={`side-gate-verdict side-gate-${last.decision}`} aria-live="polite">
      <ToneSign tone={last.decision} />
      {say(decisions[last.decision])} {last.display}
    </p>
  );
}
