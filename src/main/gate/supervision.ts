import { systemdSupervisor } from '../../../device/os/index.ts';
import type { GateHealth } from '../../gate/index.ts';
import type { Supervisor } from '../../ports/index.ts';

/** Of the process: it is watched as one, whichever of its services runs. */
let endHandOver = (): void => undefined;

/**
 * Tells whoever supervises the process that it is ready, and that it lives.
 * @returns a function that ends it: with the process, or as it hands over to the next service, which is supervised by this again
 */
export function supervised(
  health: () => GateHealth,
  supervisor: Supervisor = ofProcess(),
): (isProcessEnding: boolean) => void {
  endHandOver();
  const endWatch = watch(supervisor, health);
  supervisor.ready();
  // The next time is half a limit away.
  supervisor.alive();
  return (isProcessEnding) => {
    endWatch();
    if (isProcessEnding) supervisor.stopping();
    else endHandOver = handOver(supervisor);
  };
}

/** Often, as code is loaded and a journal opened in between, and no timer runs meanwhile. */
const HAND_OVER_FEED_MS = 1_000;
/** As TimeoutStartSec= of the unit: what takes longer hangs. */
const HAND_OVER_MS_MAX = 90_000;

/** No service lives that could be asked, so the watchdog is fed by a mere timer, and only for so long. */
function handOver(supervisor: Supervisor): () => void {
  const { watchdogMs } = supervisor;
  if (watchdogMs === undefined) return () => undefined;
  supervisor.alive();
  const feeding = setInterval(() => supervisor.alive(), Math.min(HAND_OVER_FEED_MS, watchdogMs));
  const bound = setTimeout(() => clearInterval(feeding), HAND_OVER_MS_MAX);
  // Neither keeps a process from its end.
  feeding.unref();
  bound.unref();
  return () => {
    clearInterval(feeding);
    clearTimeout(bound);
  };
}

function ofProcess(): Supervisor {
  return systemdSupervisor({
    notifySocket: process.env['NOTIFY_SOCKET'],
    watchdogMicroseconds: process.env['WATCHDOG_USEC'],
  });
}

/** The watchdog is fed while the event loop turns and the gate settles the scans that come; what is out of order is told as the status. */
function watch(supervisor: Supervisor, health: () => GateHealth): () => void {
  if (supervisor.watchdogMs === undefined) return () => undefined;
  const timer = setInterval(() => {
    const { alive, problems } = health();
    if (alive) supervisor.alive();
    supervisor.status(problems[0] ?? 'in order');
  }, supervisor.watchdogMs);
  return () => clearInterval(timer);
}
