import { createHmac } from 'node:crypto';
import { setImmediate as afterAll } from 'node:timers/promises';
import { ShortCodes } from '../../desk/index.ts';
import type { RunningGate } from './start-gate.ts';

/** How the guard's desk of a gate finds people by their short codes: by its own roster and its own time, with no network. */
export function gateShortCodes({ gate, trust, clock }: RunningGate): ShortCodes {
  return new ShortCodes({
    district: trust.snapshot().district,
    hmac: (key, message) => new Uint8Array(createHmac('sha256', key).update(message).digest()),
    monotonic: () => clock.monotonic(),
    pause: () => afterAll(undefined),
    roster: () => trust.snapshot().roster,
    now: () => gate.clock.now(),
    guessed: (wrong) =>
      gate.take({
        type: 'system',
        event: 'desk-abuse',
        detail: `${wrong} wrong short codes in a row: they may be guessed`,
      }),
  });
}
