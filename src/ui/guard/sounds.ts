import { gate, gateNow } from './live.ts';
import { volumeAt } from './quiet.ts';
import { loudness, preferences } from './settings.ts';
import { play } from './speaker.ts';

/** What is heard: once for somebody who waits, again and again for an alarm until it is seen to. */

export function callGuard(): void {
  sound('guard', false);
}

export function ringAlarm(wakes: boolean): void {
  sound('alarm', wakes);
}

function sound(tune: 'guard' | 'alarm', wakes: boolean): void {
  if (preferences.peek().sound || wakes) play(tune, volumeAt(loudness.peek(), hourAtGate(), wakes));
}

function hourAtGate(): number {
  const timeZone = gate.peek()?.timeZone ?? 'UTC';
  const hour = new Intl.DateTimeFormat('en-GB', { timeZone, hour: '2-digit', hourCycle: 'h23' });
  return Number(hour.format(gateNow()));
}
