import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What a door made of files did, seen from outside the gate: each switching of its relay with the wall clock's time. */
export interface Switching {
  readonly on: boolean;
  /** Unix milliseconds. */
  readonly atMs: number;
}

export interface Opening {
  readonly onMs: number;
  /** Infinity: it is on still. */
  readonly offMs: number;
}

export class RelayTrace {
  readonly folder: string;

  constructor(folder: string) {
    mkdirSync(folder, { recursive: true });
    this.folder = folder;
  }

  switchings(): Switching[] {
    const file = join(this.folder, 'relay');
    if (!existsSync(file)) return [];
    // The trace has the monotonic clock's time, which on Linux all processes share.
    const offsetMs = Date.now() - Number(process.hrtime.bigint()) / 1e6;
    return readFileSync(file, 'utf8')
      .trim()
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => {
        const [state, at] = line.split(' ');
        return { on: state === 'on', atMs: Number(at) + offsetMs };
      });
  }

  openings(): Opening[] {
    const found: { onMs: number; offMs: number }[] = [];
    for (const { on, atMs } of this.switchings()) {
      const last = found.at(-1);
      const isOn = last?.offMs === Number.POSITIVE_INFINITY;
      if (on && !isOn) found.push({ onMs: atMs, offMs: Number.POSITIVE_INFINITY });
      else if (!on && isOn && last !== undefined) last.offMs = atMs;
    }
    return found;
  }
}

/** How long somebody holds the door that they have opened. */
const HELD_OPEN_MS = 1_000;

/** The contact of a door that is pushed open once its relay has switched, however late that is seen here, and falls shut. */
export function pushedOpen(relay: RelayTrace): { readonly stop: () => void } {
  const before = relay.openings().length;
  let openedMs: number | undefined;
  let isOpen = false;
  const contact = (open: boolean) => {
    if (open !== isOpen) writeFileSync(join(relay.folder, 'contact'), open ? '1' : '0');
    isOpen = open;
  };
  writeFileSync(join(relay.folder, 'contact'), '0');
  const mover = setInterval(() => {
    if (relay.openings().length > before) openedMs ??= Date.now();
    contact(openedMs !== undefined && Date.now() - openedMs < HELD_OPEN_MS);
  }, 30);
  const stop = () => {
    clearInterval(mover);
    contact(false);
  };
  return { stop };
}

/** Sentences about openings that no row explains: none, or the relay moved without cause. */
export function unexplained(
  openings: readonly Opening[],
  rows: readonly { readonly at: string; readonly decision: string; readonly lane?: string | undefined }[],
  { pulseMs, slackMs = 2_500 }: { readonly pulseMs: number; readonly slackMs?: number },
): string[] {
  const causes = rows
    .filter(({ decision }) => decision === 'granted' || decision === 'manual')
    .map(({ at }) => Date.parse(at));
  return openings.flatMap(({ onMs, offMs }) => {
    const mine = causes.filter((at) => at <= onMs + CLOCKS_DIFFER_MS && at >= onMs - slackMs);
    const last = Math.max(...causes.filter((at) => at <= offMs + CLOCKS_DIFFER_MS), Number.NEGATIVE_INFINITY);
    return [
      ...(mine.length === 0 ? [`on at ${new Date(onMs).toISOString()} without a row before it`] : []),
      ...(offMs - last > pulseMs + slackMs ? [`on until ${new Date(offMs).toISOString()}, too long`] : []),
    ];
  });
}

/** A gate's time is the district's, known to within the way there and back; the trace has this machine's. */
const CLOCKS_DIFFER_MS = 1_000;
