import { readFileSync } from 'node:fs';

/**
 * Loaded before a program (`node --import`): its wall clock is wrong by the milliseconds that stand in WRONG_CLOCK_FILE,
 * from the moment at which they are written there. The monotonic clock stays right, as on a machine whose date is set.
 */
const file = process.env['WRONG_CLOCK_FILE'] ?? '';
const RightDate = Date;

function wrongNow(): number {
  return RightDate.now() + Number(readFileSync(file, 'utf8'));
}

class WrongDate extends RightDate {
  constructor(...given: readonly unknown[]) {
    super(...((given.length === 0 ? [wrongNow()] : given) as [number]));
  }

  static override now(): number {
    return wrongNow();
  }
}

globalThis.Date = WrongDate as DateConstructor;
