import type { GuardAlarm } from '../../wire/index.ts';
import { Button, clockText } from '../kit/index.ts';
import { acknowledgeAlarms } from './context.ts';
import { alikeAlarms } from './entries.ts';
import { KEY } from './key-names.ts';
import { gate, openAlarms } from './live.ts';
import { say } from './settings.ts';
import { wordsOfAlarm } from './words/gate.ts';
import { page } from './words/page.ts';

/** Alarms that nobody has seen to yet; they go on sounding until somebody has. */
export function Alarms() {
  const open = openAlarms.value;
  if (open.length === 0) return null;
  return (
    <section class="alarms" aria-labelledby="alarms-title">
      <h2 id="alarms-title">
        {say(page.alarms)} ({open.length})
      </h2>
      <ul>
        {alikeAlarms(open)
          .slice(0, OPEN_SHOWN_MAX)
          .map((alarms, at) => (
            <OpenAlarms key={alarms[0]?.id} alarms={alarms} isFirst={at === 0} />
          ))}
      </ul>
    </section>
  );
}

const OPEN_SHOWN_MAX = 5;

interface OpenAlarmsProps {
  readonly alarms: readonly GuardAlarm[];
  readonly isFirst: boolean;
}

/** The same at the same place is one line, and seen to at once. */
function OpenAlarms({ alarms: [alarm, ...others], isFirst }: OpenAlarmsProps) {
  if (alarm === undefined) return null;
  const { name, next } = wordsOfAlarm(alarm);
  return (
    <li class="alarm">
      <svg class="sign" viewBox="0 0 24 24" aria-hidden="true">
        <path d="M6 17V11a6 6 0 0 1 12 0v6l2 2H4ZM10 21h4" />
      </svg>
      <p>
        <strong>{say(name)}</strong>
        {others.length > 0 && ` × ${others.length + 1}`}{' '}
        {[alarm.lane, alarm.reader].filter((part) => part !== undefined).join(' · ')}
        <span>{say(next)}</span>
      </p>
      <time dateTime={alarm.at}>{clockText(Date.parse(alarm.at), gate.value?.timeZone ?? 'UTC')}</time>
      <Button
        press={() => void acknowledgeAlarms([alarm, ...others])}
        hint={isFirst ? KEY.acknowledge : undefined}
      >
        {say(page.acknowledge)}
      </Button>
    </li>
  );
}
