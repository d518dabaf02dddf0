import { type CommandIo, EXIT, writeTo } from '../command.ts';
import { createLog } from '../log.ts';
import { askedOf } from '../simulate/arguments.ts';
import { type Outcome, simulate } from '../simulate/run.ts';
import { finalTable, tickLine } from '../simulate/table.ts';

/**
 * `menwei simulate`: many gates at a district, and a count of what it has stored. The count is the answer: the exit code is
 * 1 when a row is lost or doubled, or a chain does not hold.
 */
export async function run(args: readonly string[], io: CommandIo): Promise<number> {
  const asked = askedOf(args);
  if (!asked.ok) {
    await writeTo(io.error, asked.error.map((problem) => `${problem}\n`).join(''));
    return EXIT.usage;
  }
  const { json } = asked.value;
  const end = endOnSignal();
  let second = 0;
  const outcome = await simulate(asked.value, {
    log: createLog('error', io.error),
    ended: end.asked,
    onTick: (standing, measured) => {
      second += 1;
      (json ? io.error : io.output).write(`${tickLine(second, standing, measured)}\n`);
    },
  }).finally(end.forget);
  await writeTo(io.output, json ? `${JSON.stringify(outcome)}\n` : finalTable(outcome));
  return isWhole(outcome) ? EXIT.done : EXIT.failed;
}

function isWhole({ stored: { lost, doubled, broken } }: Outcome): boolean {
  return lost + doubled + broken === 0;
}

/** The first signal ends the people and counts what is there; a second one is the system's own. */
function endOnSignal(): { asked: () => boolean; forget: () => void } {
  let isAsked = false;
  const end = () => {
    isAsked = true;
    forget();
  };
  const forget = () => {
    for (const signal of SIGNALS) process.removeListener(signal, end);
  };
  for (const signal of SIGNALS) process.once(signal, end);
  return { asked: () => isAsked, forget };
}

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;
