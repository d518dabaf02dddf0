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
const DONE_MAX = 100;
/** A busy machine may take the decoder's time away: a picture that was not read through is tried again, so often in all. */
const TRIES_MAX = 3;
/** Pictures taken in one round; the rest waits for the next. */
const ROUND_MAX = 64;
const TOO_LARGE: DecodeOutcome = { type: 'refused', why: 'size' };
const PICTURE_NAME = /^[^.].*\.(png|jpe?g|pgm)$/i;

export function directoryReader(
  settings: DirectorySettings,
  deps: { readonly clock: Clock; readonly decoder?: Decoder },
): Reader {
  return new DirectoryReader(settings, deps.clock, deps.decoder ?? createDecoder({ clock: deps.clock }));
}

class DirectoryReader implements Reader {
  readonly id: string;
  readonly #settings: DirectorySettings;
  readonly #clock: Clock;
  readonly #decoder: Decoder;
  readonly #stopper = new AbortController();
  /** The picture that is to be tried again. */
  #tried: { readonly name: string; readonly times: number } | undefined;
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
    let taken = 0;
    for (const name of names) {
      if (this.#stopper.signal.aborted || taken >= ROUND_MAX) return;
      const file = join(this.#settings.path, name);
      const stats = await lstat(file);
      if (!stats.isFile() || this.#clock.wall() - stats.mtimeMs < SETTLED_MS) continue;
      taken += 1;
      const outcome = stats.size > PICTURE_BYTES_MAX ? TOO_LARGE : await this.#read(file);
      if (this.#isTriedAgain(name, outcome)) return;
      const text = outcome.type === 'text' ? outcome.text : '';
      await this.#putAway(name, text === '' ? 'unread' : 'done');
      if (text !== '') await this.#offer(text, sink);
    }
  }

  async #read(file: string): Promise<DecodeOutcome> {
    return this.#decoder.decode(await readFile(file));
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
