import { useEffect } from 'preact/hooks';
import { openAlarms, waiting } from './live.ts';
import { callGuard, ringAlarm } from './sounds.ts';
import { unlockSound } from './speaker.ts';
import { alarmWords } from './words/gate.ts';

/** Between two rounds of an alarm: long enough to speak in, too short to be forgotten. */
const RING_EVERY_MS = 5_000;

/** Calls once for each who waits, and rings until the last alarm is seen to. */
export function useAlarmSounds(): void {
  useEffect(unlockSound, []);
  const newest = waiting.value.at(-1)?.seq;
  useEffect(() => {
    if (newest !== undefined) callGuard();
  }, [newest]);
  const open = openAlarms.value;
  const rings = open.length > 0;
  const wakes = open.some(({ alarm }) => alarmWords[alarm].wakes === true);
  useEffect(() => {
    if (!rings) return undefined;
    ringAlarm(wakes);
    const timer = setInterval(() => ringAlarm(wakes), RING_EVERY_MS);
    return () => clearInterval(timer);
  }, [rings, wakes]);
}
