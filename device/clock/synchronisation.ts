import { existsSync } from 'node:fs';
import koffi from 'koffi';

/** Whether the machine says that its wall clock follows a time server. Hearsay: the district's signed time weighs more. */
export interface Synchronisation {
  readonly synchronised: boolean;
  readonly source: 'kernel' | 'timesyncd' | 'unknown';
  /** The kernel's own bound on the error, where it keeps one. */
  readonly errorMaxMs?: number;
}

/** systemd-timesyncd touches this file each time it has set the clock (systemd-timesyncd.service(8)). */
const TIMESYNCD_FLAG = '/run/systemd/timesync/synchronized';
/** struct timex on a 64-bit machine (adjtimex(2)). */
const TIMEX_BYTES = 208;
const MAX_ERROR_AT = 24;
const STATUS_AT = 40;
/** adjtimex(2): status bit "clock unsynchronized", and the return value TIME_ERROR. */
const STA_UNSYNC = 0x40;
const TIME_ERROR = 5;

export function synchronisation(options: SynchronisationSources = {}): Synchronisation {
  const timex = (options.readTimex ?? readTimex)();
  if (timex !== undefined && isSynchronised(timex)) {
    return { synchronised: true, source: 'kernel', errorMaxMs: timexErrorMs(timex) };
  }
  if (existsSync(options.timesyncdFlag ?? TIMESYNCD_FLAG)) return { synchronised: true, source: 'timesyncd' };
  return { synchronised: false, source: timex === undefined ? 'unknown' : 'kernel' };
}

/** Where to look; tests give others. */
export interface SynchronisationSources {
  readonly timesyncdFlag?: string;
  readonly readTimex?: () => Timex | undefined;
}

export interface Timex {
  readonly returned: number;
  readonly bytes: Uint8Array;
}

function isSynchronised(timex: Timex): boolean {
  const status = view(timex).getInt32(STATUS_AT, true);
  return timex.returned >= 0 && timex.returned !== TIME_ERROR && (status & STA_UNSYNC) === 0;
}

function timexErrorMs(timex: Timex): number {
  return Number(view(timex).getBigInt64(MAX_ERROR_AT, true)) / 1_000;
}

function view(timex: Timex): DataView {
  return new DataView(timex.bytes.buffer, timex.bytes.byteOffset, timex.bytes.byteLength);
}

/** With `modes` zero the call reads and changes nothing. */
function readTimex(): Timex | undefined {
  try {
    const bytes = Buffer.alloc(TIMEX_BYTES);
    const adjtimex = koffi.load('libc.so.6').func('int adjtimex(void*)');
    return { returned: Number(adjtimex(bytes)), bytes };
  } catch {
    return undefined;
  }
}
