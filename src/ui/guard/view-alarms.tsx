import { Button } from '../kit/index.ts';
import { AtGate } from './at-gate.tsx';
import { acknowledgeAlarms } from './context.ts';
import { alarms } from './live.ts';
import { say } from './settings.ts';
import { wordsOfAlarm } from './words/gate.ts';
import { page } from './words/page.ts';

/** All alarms that the gate still tells of, with who has seen to them. */
export function AlarmsView() {
  const all = alarms.value;
  return (
    <>
      {all.length === 0 && <p class="none">{say(page.noAlarms)}</p>}
      <ul class="alarm-list">
        {all.map((alarm) => {
          const { name, next } = wordsOfAlarm(alarm);
          const where = [alarm.lane, alarm.reader].filter((part) => part !== undefined).join(' · ');
          return (
            <li key={alarm.id} class={alarm.acknowledged === undefined ? 'alarm' : 'alarm alarm-seen'}>
              <p>
                <strong>{say(name)}</strong> {where}
                <span>{say(next)}</span>
              </p>
              <AtGate at={alarm.at} day />
              {alarm.acknowledged === undefined ? (
                <Button press={() => void acknowledgeAlarms([alarm])}>{say(page.acknowledge)}</Button>
              ) : (
                <span>
                  ✓ {say(page.acknowledgedBy)} {alarm.acknowledged.by}
                </span>
              )}
            </li>
          );
        })}
      </ul>
    </>
  );
}
