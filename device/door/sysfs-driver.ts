import { sysfsBase } from './gpio-chips.ts';
import type { LineChange, LineDriver } from './line-driver.ts';
import type { RelayTask } from './relay-protocol.ts';

/**
 * Lines of /sys/class/gpio, through onoff, for machines without the character device. Weaker in three ways that the
 * installer is told of: no pull-ups, fast edges fall together, and a relay stays on when its process is killed until
 * the next one has started, which puts it to rest first.
 */
const CHANGES_MAX = 256;

export async function openSysfsDriver(task: RelayTask): Promise<LineDriver> {
  const { Gpio } = await import('onoff');
  const base = sysfsBase(task.chip);
  // 'low' and 'high' set the electric level in the same step that makes the line an output.
  const rest = task.relay.activeLow ? 'high' : 'low';
  const relay = new Gpio(base + task.relay.line, rest, 'none', {
    activeLow: task.relay.activeLow,
    reconfigureDirection: true,
  });
  const states: Record<string, boolean> = {};
  const changes: LineChange[] = [];
  const inputs = Object.entries(task.inputs).map(([input, spec]) => {
    const line = new Gpio(base + spec.line, 'in', 'both', {
      activeLow: spec.activeLow,
      debounceTimeout: spec.debounceMs,
    });
    states[input] = line.readSync() === Gpio.HIGH;
    line.watch((fault, value) => {
      const active = value === Gpio.HIGH;
      if (fault || states[input] === active) return;
      states[input] = active;
      if (changes.length < CHANGES_MAX) changes.push({ input, active });
    });
    return line;
  });
  return {
    set: (on) => relay.writeSync(on ? Gpio.HIGH : Gpio.LOW),
    reads: () => relay.readSync() === Gpio.HIGH,
    inputs: () => ({ ...states }),
    changes: () => changes.splice(0),
    close() {
      relay.writeSync(Gpio.LOW);
      for (const line of inputs) line.unexport();
    },
  };
}
