import { assert, monotonicMs, wallMs } from '../../src/base/index.ts';
import { journalFolder, testDraft } from '../../src/journal/testing.ts';
import type { Clock, Receipt } from '../../src/ports/index.ts';
import { createDoor } from './door.ts';

/** For this room's tests: the machine's clock, a receipt from a real journal, and a gate in small that can be killed. */

export const machineClock: Clock = {
  wall: () => wallMs(Date.now()),
  monotonic: () => monotonicMs(Number(process.hrtime.bigint()) / 1e6),
  after(delayMs, then) {
    const timer = setTimeout(then, delayMs);
    return () => clearTimeout(timer);
  },
};

export function realReceipt(): Receipt {
  const folder = journalFolder();
  const journal = folder.open();
  try {
    const appended = journal.append([testDraft(1)], [], 'code');
    const receipt = appended.ok ? appended.value[0] : undefined;
    assert(receipt !== undefined, 'a journal on this machine takes a row');
    return receipt;
  } finally {
    journal.close();
    folder.remove();
  }
}

/** Run as a program: opens its door once, says how that went, and waits (or hangs) to be killed. */
if (import.meta.main) await openOnce(process.argv.slice(2));

async function openOnce([folder, pulseMs, behaviour]: readonly (string | undefined)[]): Promise<void> {
  const settings = { id: 'main', driver: 'folder', chip: folder, relay: { line: 17 } } as const;
  const door = createDoor(settings, { clock: machineClock });
  const receipt = realReceipt();
  await door.start();
  const outcome =
    behaviour === 'hold' ? await door.hold(receipt, true) : await door.open(receipt, Number(pulseMs));
  process.stdout.write(`${JSON.stringify(outcome)}\n`);
  if (behaviour === 'hang') for (;;);
}
