import { unixSeconds, wallMs } from '../../base/index.ts';
import { phoneCode } from './codes.ts';
import { Histogram, type LatencySummary } from './histogram.ts';
import type { Phone, Refused } from './messages.ts';
import { preciseNow } from './sim-gate.ts';
import type { SimulatedDesk } from './simulated-desk.ts';
import type { Simulation } from './simulation.ts';

/**
 * From the desk's order to revoke a resident until each gate of the community refuses that resident's real code by its own
 * documents. A gate that does not refuse in time is counted, not left out.
 */
export interface Revoked {
  readonly revocations: number;
  /** Gates that were to refuse, all revocations together. */
  readonly expected: number;
  readonly missed: number;
  /** Of each gate. */
  readonly gate: LatencySummary;
  /** Of each revocation, until its last gate. */
  readonly last: LatencySummary;
}

const REFUSED_WITHIN_MS = 10_000;
/** Between two, so that each stands alone. */
const PAUSE_MS = 300;

export async function revokeMany(
  simulation: Simulation,
  desk: SimulatedDesk,
  { count, ended }: { count: number; ended: () => boolean },
): Promise<Revoked> {
  const [gate, last] = [new Histogram(), new Histogram()];
  let [done, expected, missed] = [0, 0, 0];
  // The last phones of each community: the first ones stay in the crowd.
  for (const phone of simulation.phones.toReversed().slice(0, count)) {
    if (ended()) break;
    const gates = simulation.seats.filter(({ community }) => community === phone.community).length;
    const took = await revokeOne(simulation, desk, { phone, gates });
    for (const ms of took) gate.add(ms);
    last.add(took.length === gates ? Math.max(...took) : REFUSED_WITHIN_MS);
    done += 1;
    expected += gates;
    missed += gates - took.length;
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
  return { revocations: done, expected, missed, gate: gate.summary(), last: last.summary() };
}

async function revokeOne(
  simulation: Simulation,
  desk: SimulatedDesk,
  { phone, gates }: { phone: Phone; gates: number },
): Promise<readonly number[]> {
  const seconds = unixSeconds(wallMs(Date.now()));
  const code = await phoneCode(phone, { district: simulation.district, seconds });
  simulation.tell({ type: 'watch', code, community: phone.community });
  const took: number[] = [];
  const { promise, resolve } = Promise.withResolvers<void>();
  let from = 0;
  const hear = ({ atMs }: Refused) => {
    took.push(atMs - from);
    if (took.length === gates) resolve();
  };
  simulation.events.on('refused', hear);
  // The gates judge the code for the first time: it is valid, and they begin to watch.
  await new Promise((watched) => setTimeout(watched, PAUSE_MS));
  from = preciseNow();
  const timer = setTimeout(resolve, REFUSED_WITHIN_MS);
  await desk.setState(phone.index, 'revoked');
  await promise;
  clearTimeout(timer);
  simulation.events.off('refused', hear);
  return took;
}
