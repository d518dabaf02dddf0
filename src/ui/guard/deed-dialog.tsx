import { useRef, useState } from 'preact/hooks';
import type { Refusal } from '../../code/index.ts';
import { GUARD_WORDS } from '../../wire/index.ts';
import { Banner, Dialog } from '../kit/index.ts';
import type { Failure } from './call.ts';
import { type DeedStart, deedStart, onceToken, perform } from './deed.ts';
import { Extras } from './deed-extras.tsx';
import { bodyOf, type DeedForm, firstForm, knowsAllLanes, REASONS } from './deed-form.ts';
import { type DeedPart, toggled } from './deed-part.ts';
import { Failed } from './failed.tsx';
import { refocusSearch } from './focus.ts';
import { gate } from './live.ts';
import { forgetPeople } from './look-up.ts';
import { preferences, say } from './settings.ts';
import { deedForm as words } from './words/deed-form.ts';
import { deeds, reasons } from './words/deeds.ts';
import { search } from './words/search.ts';

/** One deed: which lane, why, and what it needs besides. Enter does it; its answer is told below the desk. */
export function DeedDialog({ start }: { readonly start: DeedStart }) {
  const lanes = gate.value?.lanes ?? [];
  const [form, setForm] = useState(() => firstForm(start, lanes));
  const [failure, setFailure] = useState<Failure | undefined>(undefined);
  const [missing, setMissing] = useState<string | undefined>(undefined);
  const [working, setWorking] = useState(false);
  const once = useRef(onceToken());
  const change = (part: Partial<DeedForm>) => {
    setMissing(undefined);
    setForm((now) => ({ ...now, ...part }));
  };
  const submit = async (event: Event) => {
    event.preventDefault();
    if (working) return;
    const made = bodyOf(start, form, once.current);
    if ('missing' in made) return setMissing(made.missing);
    setWorking(true);
    const failed = await perform(made.body);
    setWorking(false);
    setFailure(failed);
    if (failed === undefined) return done(start);
    // The gate has said no, so the next try is another deed; without an answer it must stay the same one.
    if (failed.problem !== 'no-answer' && failed.problem !== 'busy') once.current = onceToken();
    if (start.deed === 'hold') change({ secret: '' });
    return undefined;
  };
  const danger = start.deed === 'emergency' || start.deed === 'lock-down';
  return (
    <Dialog
      title={say(deeds[start.deed].name)}
      closeLabel={say(words.cancel)}
      close={closeDeed}
      look={danger ? 'danger' : undefined}
    >
      <form
        class="deed"
        onSubmit={(event) => void submit(event)}
        onKeyDown={(event) => onDeedKey(event, { start, form, change })}
      >
        <About start={start} lane={form.lane} />
        <Reasons start={start} form={form} change={change} missing={missing === 'reason'} />
        <Extras start={start} form={form} change={change} missing={missing === 'second'} />
        <LaneChoice start={start} form={form} change={change} />
        <Failed failure={failure} />
        <button
          type="submit"
          class={`button button-big ${danger ? 'button-danger' : 'button-main'}`}
          disabled={working}
        >
          {say(working ? words.working : failure === undefined ? deeds[start.deed].doIt : words.tryAgain)}
          <span class="key" aria-hidden="true">
            Enter
          </span>
        </button>
      </form>
    </Dialog>
  );
}

function closeDeed(): void {
  deedStart.value = undefined;
  refocusSearch();
}

function done(start: DeedStart): void {
  // Whoever was let in has gone in: what is still on the screen is nobody's business any more.
  if (start.who !== undefined) forgetPeople();
  closeDeed();
}

/** Digits choose the reason, letters the rest, except where somebody is typing. */
function onDeedKey(event: KeyboardEvent, { start, form, change }: DeedPart): void {
  const { target, key } = event;
  const isText = target instanceof HTMLInputElement && ['text', 'password'].includes(target.type);
  if (isText || event.ctrlKey || event.altKey || event.metaKey) return;
  const reason = REASONS[start.deed][Number(key) - 1];
  const member = start.family?.[key.toLowerCase().charCodeAt(0) - 'a'.charCodeAt(0)];
  if (reason !== undefined && /^\d$/.test(key)) {
    change({ reason });
    (event.currentTarget as HTMLElement).querySelector<HTMLElement>(`[value="${reason}"]`)?.focus();
  } else if (key === '+' || key === '=') change({ people: Math.min(8, form.people + 1) });
  else if (key === '-') change({ people: Math.max(1, form.people - 1) });
  else if (key.toLowerCase() === 'l') change({ long: !form.long });
  else if (key.toLowerCase() === 'k') change({ hold: !form.hold });
  else if (key.length === 1 && member !== undefined) change({ party: toggled(form.party, member.index) });
  else return;
  event.preventDefault();
}

function About({ start, lane }: { readonly start: DeedStart; readonly lane: string | undefined }) {
  const { who, deed } = start;
  const refusal = lane === undefined ? undefined : who?.refusals?.[lane];
  const told =
    refusal === undefined ? undefined : GUARD_WORDS[preferences.value.language][refusal as Refusal]?.guard;
  return (
    <>
      {(deed === 'let-in' || deed === 'visitor') && (
        <p class="deed-who">
          {say(deed === 'visitor' ? words.host : words.who)}{' '}
          <strong>
            {who === undefined
              ? say(words.nobodyNamed)
              : (who.display ?? `${say(search.resident)} ${who.index}`)}
          </strong>
        </p>
      )}
      {told !== undefined && <Banner look="warn" title={told.sentence} next={told.next} />}
      {deed === 'lock-down' && <Banner look="warn" title={say(words.lockWarning)} />}
      {deed === 'emergency' && <p class="deed-note">{say(words.emergencyNext)}</p>}
    </>
  );
}

function Reasons({ start, form, change, missing }: DeedPart & { readonly missing: boolean }) {
  const list: readonly (keyof typeof reasons)[] = REASONS[start.deed];
  return (
    <fieldset class="choices">
      <legend>{say(deeds[start.deed].ask)}</legend>
      {list.map((reason, at) => (
        <label key={reason} class={form.reason === reason ? 'choice choice-on' : 'choice'}>
          <input
            type="radio"
            name="reason"
            value={reason}
            checked={form.reason === reason}
            data-first={reason === (form.reason ?? list[0]) ? '' : undefined}
            onChange={() => change({ reason })}
          />
          <span class="key" aria-hidden="true">
            {at + 1}
          </span>
          {say(reasons[reason])}
        </label>
      ))}
      {missing && (
        <p class="field-error" role="alert">
          {say(words.chooseReason)}
        </p>
      )}
    </fieldset>
  );
}

function LaneChoice({ start, form, change }: DeedPart) {
  const lanes = gate.value?.lanes ?? [];
  if (lanes.length < 2) return null;
  return (
    <fieldset class="choices choices-lanes">
      <legend>{say(words.lane)}</legend>
      {knowsAllLanes(start) && (
        <label class={form.lane === undefined ? 'choice choice-on' : 'choice'}>
          <input
            type="radio"
            name="lane"
            checked={form.lane === undefined}
            onChange={() => change({ lane: undefined })}
          />
          {say(words.allLanes)}
        </label>
      )}
      {lanes.map(({ lane }) => (
        <label key={lane} class={form.lane === lane ? 'choice choice-on' : 'choice'}>
          <input type="radio" name="lane" checked={form.lane === lane} onChange={() => change({ lane })} />
          {lane}
        </label>
      ))}
    </fieldset>
  );
}
