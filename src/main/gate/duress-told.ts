import { isoTime } from '../../base/index.ts';
import type { Gate } from '../../gate/index.ts';
import type { ManualItem } from '../../ports/index.ts';

/**
 * What a guard wants done goes to the gate. Somebody who is forced is told to the district also when the journal takes no
 * row: the alarm is silent at the gate either way, and the deed is refused like anybody else's.
 */
export function takeManual(
  gate: Pick<Gate, 'takeManual' | 'vitals' | 'clock'>,
  item: ManualItem,
): ReturnType<Gate['takeManual']> {
  const taken = gate.takeManual(item);
  if (!taken.ok && item.duress === true)
    gate.vitals.alarm({
      id: `duress-${item.actor}`,
      at: isoTime(gate.clock.now().at),
      alarm: 'duress',
      cleared: false,
      detail: `${item.actor}; not recorded`,
    });
  return taken;
}
