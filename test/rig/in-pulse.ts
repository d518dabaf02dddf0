import { type Pulse, pulsesOf } from '../../device/rig/index.ts';
import type { PiTrial } from './pi-trial.ts';
import { LINE } from './place.ts';
import { count } from './promises.ts';

/** What is done while the relay of a virtual Pi is on: the guest itself waits for that, since whoever asks from here comes too late. */

/** In the guest: waits, without a pause, until the relay's line is up. */
export const UNTIL_UP = `while read -r level </sys/devices/platform/gpio-sim.0/gpiochip0/sim_gpio${LINE.relay}/value; [ "$level" = 0 ]; do :; done`;
export const RELAY_PID = "pgrep -f '^/usr/bin/node.*relay-child'";

export function pulsesIn(pi: PiTrial): Pulse[] {
  return pulsesOf(pi.machine.lines, { line: LINE.relay });
}

export async function rests(pi: PiTrial): Promise<void> {
  await pi.until(() => pulsesIn(pi).every(({ offMs }) => Number.isFinite(offMs)), 'the relay rests');
}

/** Shows a code at the cable; the processes are killed as soon as the line is up, and the line goes down all the same. */
export async function killInPulse(pi: PiTrial, pids: string): Promise<void> {
  const before = pulsesIn(pi).length;
  await pi.machine.run(
    `pids=$(${pids}); (${UNTIL_UP}; kill -9 $pids; echo $? >/run/killed) >/dev/null 2>&1 &`,
  );
  pi.machine.scan(pi.code());
  await pi.until(() => pulsesIn(pi).length > before, 'the line goes up');
  await rests(pi);
  if ((await pi.machine.run('cat /run/killed; rm /run/killed')) !== '0')
    throw new Error('nothing was killed in the pulse');
  count('a pulse ends though its process was killed in the middle of it (R2)', 1);
}
