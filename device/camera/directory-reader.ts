import { lstat, mkdir, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type Clock,
  type Reader,
  type ReaderHealth,
  SCAN_TEXT_MAX,
  type ScanSink,
} from '../../src/ports/index.ts';
import { createDecoder, type Decoder, type DecodeOutcome } from './decoder.ts';
import { offerPatiently } from './patient-offer.ts';
import { PICTURE_BYTES_MAX } from './pgm.ts';

/**
 * A folder as a reader: each picture dropped into it is read once and moved to `done/`, or to `unread/` when no code was
 * found in it. It waits while the gate's queue is full, and keeps no more than DONE_MAX pictures of either kind.
 */
export interface DirectorySettings {
  readonly id: string;
  readonly path: string;
  readonly pollMs?: number;
}

const POLL_MS = 250;
/** A file that was touched this lately may still be being written. */
const SETTLED_MS = 100;
/** A picture that is searched for as long as it may be, on a machine that does other things too. */
const PICTURE_MS = 8_000;
const DONE_MAX = 100;
/** A busy machine may take the decoder's time away: a picture that was not read through is tried again, so often in all. */
const TRIES_MAX = 3;
/** Pictures taken in one round; the rest waits for the next. */
const ROUND_MAX = 64;
const TOO_LARGE: DecodeOutcome = { type: 'refused', why: 'size' };
const UNREADABLE: DecodeOutcome = { type: 'refused', why: 'kind' };
const PICTURE_NAME = /^[^.].*\.(png|jpe?g|pgm)$/i;

export function directoryReader(
  settings: DirectorySettings,
  deps: { readonly clock: Clock; readonly decoder?: Decoder },
): Reader {
  const decoder = deps.decoder ?? createDecoder({ clock: deps.clock }, { budgetMs: PICTURE_MS });
  return new DirectoryReader(settings, deps.clock, decoder);
}

class DirectoryReader implements Reader {
  readonly id: string;
  readonly #settings: DirectorySettings;
  readonly #clock: Clock;
  readonly #decoder: Decoder;
  readonly #stopper = new AbortController();
  /** The picture that is to be tried again. */
  #tried: { readonly name: string; readonly times: number } | undefined;
  /** How often each picture could not be read; those of the round before. */
  #unreadable = new Map<string, number>();
  /** Size and time of pictures from the future, as the round before saw them. */
  #ahead = new Map<string, string>();
  #health: ReaderHealth;
  #running: Promise<void> | undefined;

  constructor(settings: DirectorySettings, clock: Clock, decoder: Decoder) {
    this.id = settings.id;
    this.#settings = settings;
    this.#clock = clock;
    this.#decoder = decoder;
    this.#health = { reader: settings.id, state: 'starting' };
  }

  async start(sink: ScanSink): Promise<void> {
    this.#running ??= this.#run(sink);
  }

  async stop(): Promise<void> {
    this.#stopper.abort();
    await this.#running;
    await this.#decoder.stop();
  }

  health(): ReaderHealth {
    return this.#health;
  }

  async #run(sink: ScanSink): Promise<void> {
    while (!this.#stopper.signal.aborted) {
      try {
        await this.#round(sink);
        this.#tell(sink, 'ready');
      } catch (fault) {
        this.#tell(sink, 'lost', fault instanceof Error ? fault.message : String(fault));
      }
      await this.#pause();
    }
  }

  async #round(sink: ScanSink): Promise<void> {
    const names = (await readdir(this.#settings.path)).filter((name) => PICTURE_NAME.test(name)).sort();
    this.#forgetAllBut(new Set(names));
    let taken = 0;
    for (const name of names) {
      if (this.#stopper.signal.aborted || taken >= ROUND_MAX) return;
      const file = join(this.#settings.path, name);
      const stats = await lstat(file).catch(() => undefined);
      if (stats?.isFile() !== true || !this.#isSettled(name, stats)) continue;
      taken += 1;
      const outcome = stats.size > PICTURE_BYTES_MAX ? TOO_LARGE : await this.#read(name);
      if (outcome === undefined) continue;
      if (this.#isTriedAgain(name, outcome)) return;
      const text = outcome.type === 'text' ? outcome.text : '';
      await this.#putAway(name, text === '' ? 'unread' : 'done');
      if (text !== '') await this.#offer(text, sink);
    }
  }

  /** A clock that was set back leaves pictures of the future: those are whole once they stay as they are. */
  #isSettled(name: string, { mtimeMs, size }: { readonly mtimeMs: number; readonly size: number }): boolean {
    const ageMs = this.#clock.wall() - mtimeMs;
    if (ageMs >= 0) return ageMs >= SETTLED_MS;
    const looks = `${mtimeMs} ${size}`;
    const before = this.#ahead.get(name);
    this.#ahead.set(name, looks);
    return before === looks;
  }

  #forgetAllBut(present: ReadonlySet<string>): void {
    for (const known of [this.#unreadable, this.#ahead])
      for (const name of known.keys()) if (!present.has(name)) known.delete(name);
  }

  /** @returns undefined for a picture that could not be read just now: it stands back for the others, not for ever */
  async #read(name: string): Promise<DecodeOutcome | undefined> {
    try {
      return await this.#decoder.decode(await readFile(join(this.#settings.path, name)));
    } catch {
      const times = 1 + (this.#unreadable.get(name) ?? 0);
      this.#unreadable.set(name, times);
      return times < TRIES_MAX ? undefined : UNREADABLE;
    }
  }

  /** Pictures keep their order, so the next ones wait; not for long. */
  #isTriedAgain(name: string, outcome: DecodeOutcome): boolean {
    const times = 1 + (this.#tried?.name === name ? this.#tried.times : 0);
    const again = outcome.type === 'refused' && outcome.why === 'budget' && times < TRIES_MAX;
    this.#tried = again ? { name, times } : undefined;
    return again;
  }

  async #offer(text: string, sink: ScanSink): Promise<void> {
    if (text.length > SCAN_TEXT_MAX) return sink.dropped('too-long');
    const scan = { reader: this.id, text, at: this.#clock.monotonic() };
    await offerPatiently(scan, sink, { clock: this.#clock, stopping: this.#stopper.signal });
  }

  /** Before the scan is handed on: a picture must not be read twice, whatever happens next. */
  async #putAway(name: string, kind: 'done' | 'unread'): Promise<void> {
    const folder = join(this.#settings.path, kind);
    await mkdir(folder, { recursive: true });
    await rename(join(this.#settings.path, name), join(folder, name));
    const kept = await readdir(folder);
    if (kept.length <= DONE_MAX) return;
    const aged = await Promise.all(
      kept.map(async (one) => ({ one, atMs: (await lstat(join(folder, one))).ctimeMs })),
    );
    aged.sort((left, right) => left.atMs - right.atMs);
    for (const { one } of aged.slice(0, kept.length - DONE_MAX)) await rm(join(folder, one), { force: true });
  }

  #pause(): Promise<void> {
    const { signal } = this.#stopper;
    return new Promise((resolve) => {
      const done = () => {
        cancel();
        signal.removeEventListener('abort', done);
        resolve();
      };
      const cancel = this.#clock.after(this.#settings.pollMs ?? POLL_MS, done);
      signal.addEventListener('abort', done);
      if (signal.aborted) done();
    });
  }

  #tell(sink: ScanSink, state: ReaderHealth['state'], detail?: string): void {
    const known = this.#health.state;
    this.#health = { reader: this.id, state, ...(detail === undefined ? {} : { detail }) };
    if (known !== state) sink.changed(this.#health);
  }
}
