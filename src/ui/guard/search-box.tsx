import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { LOOK_UP_PURPOSES, type LookUpPurpose } from '../../wire/index.ts';
import { Button } from '../kit/index.ts';
import { beginDeed, letInStart } from './context.ts';
import { focusSearch, holdSearch, noted, refocusSearch } from './focus.ts';
import { gate, gateNow, waiting } from './live.ts';
import { ask, choose, chosenMember, forgetPeople, found, looking } from './look-up.ts';
import { say } from './settings.ts';
import { type LookUp, type Recognised, recognise, TYPED_MAX } from './typed.ts';
import { lookUpNames, search, unfinished } from './words/search.ts';
import { purposes } from './words/sign-in.ts';

/** The box that everything typed goes to. It says what it understood; Enter asks what for, and a digit answers. */
export function SearchBox() {
  const box = useRef<HTMLInputElement>(null);
  useEffect(() => {
    holdSearch(box.current);
    refocusSearch();
    return () => holdSearch(null);
  }, []);
  const { typed, asking, recognised, meant, change, send, next, other, press } = useTyped();
  return (
    <section class="search" aria-labelledby="search-label">
      <label id="search-label" for="search">
        {say(search.label)}
      </label>
      <input
        id="search"
        ref={box}
        type="text"
        value={typed.value}
        readOnly={asking.value}
        maxLength={TYPED_MAX}
        placeholder={say(search.placeholder)}
        autoComplete="off"
        autoCapitalize="none"
        autoCorrect="off"
        spellcheck={false}
        enterKeyHint="search"
        aria-describedby="search-told"
        onInput={({ currentTarget }) => change(currentTarget.value)}
        onKeyDown={press}
      />
      <div id="search-told" class="search-told" aria-live="polite">
        {looking.value ? (
          <p>{say(search.looking)}…</p>
        ) : noted.value !== undefined ? (
          <p class="search-noted">{say(noted.value)}</p>
        ) : (
          <Told recognised={recognised} meant={meant} other={other} />
        )}
      </div>
      {asking.value && meant !== undefined && <Purposes first={firstPurpose(meant)} send={send} />}
      {!asking.value && meant !== undefined && (
        <Button press={next} look="main" hint="Enter" class="button-big search-go">
          {say(search.label)}
        </Button>
      )}
    </section>
  );
}

/** What stands in the box, what it means, and what its keys do. */
function useTyped() {
  const typed = useSignal('');
  const meaning = useSignal(0);
  const asking = useSignal(false);
  const recognised = recognise(typed.value, today());
  const meant = meaningOf(recognised, meaning.value);
  const change = (value: string) => {
    typed.value = value;
    meaning.value = 0;
    asking.value = false;
    if (found.peek() !== undefined && value !== '') forgetPeople();
  };
  const send = async (purpose: LookUpPurpose) => {
    if (meant === undefined) return;
    asking.value = false;
    if (await ask({ body: meant, purpose })) change('');
    focusSearch();
  };
  const next = () => {
    if (meant !== undefined) asking.value = true;
    else if (typed.value === '' && (chosenMember() !== undefined || waiting.value.length > 0))
      beginDeed(letInStart());
  };
  const other = () => {
    if (recognised.type === 'look-up') meaning.value = (meaning.value + 1) % recognised.meanings.length;
  };
  const press = (event: KeyboardEvent) => {
    if (event.isComposing) return;
    const done = asking.value
      ? purposeKey(event.key, { send, first: firstPurpose(meant), back: () => (asking.value = false) })
      : boxKey(event.key, { typed: typed.value, next, other, clear: () => change('') });
    if (done) event.preventDefault();
  };
  return { typed, asking, recognised, meant, change, send, next, other, press };
}

/** The gate's day: nobody is born after it. */
function today(): string {
  const timeZone = gate.value?.timeZone ?? 'UTC';
  // This language writes dates as ISO 8601 does.
  return new Intl.DateTimeFormat('sv-SE', { timeZone }).format(gateNow());
}

function meaningOf(recognised: Recognised, at: number): LookUp | undefined {
  return recognised.type === 'look-up' ? recognised.meanings[at] : undefined;
}

/** What a look-up of this kind is mostly for. */
function firstPurpose(meant: LookUp | undefined): LookUpPurpose {
  switch (meant?.by) {
    case 'room':
    case 'name':
    case 'pass':
      return 'visitor';
    case 'entry':
      return 'code-refused';
    default:
      return 'no-phone';
  }
}

interface PurposeKeys {
  readonly send: (purpose: LookUpPurpose) => Promise<void>;
  readonly first: LookUpPurpose;
  readonly back: () => void;
}

function purposeKey(key: string, { send, first, back }: PurposeKeys): boolean {
  const purpose = key === 'Enter' ? first : LOOK_UP_PURPOSES[Number(key) - 1];
  if (purpose !== undefined) void send(purpose);
  else if (key === 'Escape' || key === 'Backspace') back();
  else return false;
  return true;
}

interface BoxKeys {
  readonly typed: string;
  readonly next: () => void;
  readonly other: () => void;
  readonly clear: () => void;
}

function boxKey(key: string, { typed, next, other, clear }: BoxKeys): boolean {
  if (key === 'Enter') next();
  else if (key === 'Escape' && typed !== '') clear();
  else if (key !== 'ArrowDown' && key !== 'ArrowUp') return false;
  else if (typed !== '') other();
  else choose(key === 'ArrowDown' ? 1 : -1);
  return true;
}

interface ToldProps {
  readonly recognised: Recognised;
  readonly meant: LookUp | undefined;
  readonly other: () => void;
}

function Told({ recognised, meant, other }: ToldProps) {
  if (recognised.type === 'nothing') return <p class="search-hint">{say(search.hint)}</p>;
  if (recognised.type === 'unfinished') {
    const isWrong = ['id-long', 'id-birth-date', 'id-check', 'birth-date'].includes(recognised.why);
    return (
      <p class={isWrong ? 'search-wrong' : 'search-hint'}>
        {say(unfinished(recognised.why, recognised.length))}
      </p>
    );
  }
  if (meant === undefined) return null;
  return (
    <p class="search-meant">
      {say(search.as)} <strong>{say(lookUpNames[meant.by])}</strong> {say(search.asAfter)}
      {recognised.checked && <span class="search-checked"> ✓ {say(search.checked)}</span>}
      {recognised.meanings.length > 1 && (
        <Button press={other} hint="↓" class="button-small">
          {say(search.otherwise)}{' '}
          {recognised.meanings.filter((each) => each !== meant).map(({ by }) => say(lookUpNames[by]))}
        </Button>
      )}
    </p>
  );
}

function Purposes({ first, send }: Omit<PurposeKeys, 'back'>) {
  return (
    <fieldset class="purposes">
      <legend>
        <strong>{say(search.why)}</strong> {say(search.whyHint)} <b>{say(purposes[first])}</b>
      </legend>
      {LOOK_UP_PURPOSES.map((purpose, at) => (
        <Button
          key={purpose}
          press={() => void send(purpose)}
          hint={String(at + 1)}
          look={purpose === first ? 'main' : 'plain'}
        >
          {say(purposes[purpose])}
        </Button>
      ))}
    </fieldset>
  );
}
