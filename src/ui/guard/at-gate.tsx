import { clockText, dateText } from '../kit/index.ts';
import { gate } from './live.ts';
import { preferences } from './settings.ts';

/** A moment as the gate's own clock tells it, with its day when that is wanted. */
export function AtGate({ at, day = false }: { readonly at: string; readonly day?: boolean }) {
  const timeZone = gate.value?.timeZone ?? 'UTC';
  const time = Date.parse(at);
  return (
    <time dateTime={at}>
      {day && `${dateText(time, timeZone, preferences.value.language)} `}
      {clockText(time, timeZone).slice(0, 5)}
    </time>
  );
}
