import { fromHex, type Result, toHex, unixSeconds } from '../../base/index.ts';
import { parseCode, type Refusal } from '../../code/index.ts';
import { deviceSigner, sha256 } from '../../crypto/index.ts';
import type { Clock, InboxItem, Log, Random, Signer } from '../../ports/index.ts';
import { createReport, type Report, type ReportOptions } from '../../report/index.ts';
import type { ClockReading } from '../../time/index.ts';
import { openTrust, type TrustKeeper } from '../../trust/index.ts';
import type { RowContent } from '../../wire/index.ts';
import { BUILD } from '../build.ts';
import { trustPort } from '../gate/trust-port.ts';
import { signatureVerifier } from '../verify-signature.ts';
import { judgeCode, type Shown } from './codes.ts';
import { LightJournal } from './light-journal.ts';
import { memoryDisk } from './memory-disk.ts';
import type { Crew, Refused, Seat } from './messages.ts';
import { sharedEngine } from './shared-engine.ts';

/**
 * One simulated gate: the gate's own report, trust cache, signer and chain over a journal in memory and without a door.
 * A person is a scan; what a scan writes is what a gate with a relay and no contact writes.
 */
export interface SimGateOptions {
  readonly crew: Crew;
  readonly seat: Seat;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly onAcknowledged: (tookMs: number) => void;
  /** @param code SHA-256 of its bytes, hex */
  readonly onUse: (what: 'used' | 'heard', code: string) => void;
  readonly onRefused: (refused: Refused) => void;
}

const LANE = 'main';
const READER = 'sim';
/** A backlog's rows stand so far apart: 120 hours are 40,000 rows. */
export const BACKLOG_ROW_EVERY_MS = 10_800;

export class SimGate {
  readonly seat: Seat;
  readonly journal: LightJournal;
  readonly trust: TrustKeeper;
  readonly #options: SimGateOptions;
  readonly #report: Report;
  readonly #watched = new Set<string>();

  private constructor(options: SimGateOptions, trust: TrustKeeper) {
    this.#options = options;
    this.seat = options.seat;
    this.trust = trust;
    this.journal = journalOf(options);
    this.#report = createReport(this.#reportOptions(signerOf(options.seat)));
    trust.onChange(() => this.#judgeWatched());
  }

  static async open(options: SimGateOptions): Promise<SimGate> {
    const { crew, seat } = options;
    const trust = await openTrust({
      directory: '/trust',
      disk: memoryDisk(),
      district: crew.district,
      community: seat.community,
      gate: seat.gate,
      root: { document: crew.root },
      engine: ENGINE,
      gateKey: seat.rosterKey,
      timeZone: crew.timeZone,
    });
    return new SimGate(options, trust);
  }

  get connected(): boolean {
    return this.#report.state().connected;
  }

  /** Holds every document that a judgement needs. */
  get ready(): boolean {
    const { versions } = this.trust.snapshot();
    return this.connected && NEEDED.every((name) => versions.has(name));
  }

  get unsent(): number {
    return this.journal.head().seq - this.journal.acked;
  }

  start(): void {
    this.#report.start();
  }

  /** Rows of the past are there now, and the newest of them wakes the reporting. */
  bringBacklog(): void {
    const { clock, seat } = this.#options;
    prefill(this.journal, { rows: seat.backlogRows - 1, before: clock.wall() });
    this.#write({ decision: 'granted', ...PLACE, kind: 3, index: 0 });
  }

  stop(): Promise<void> {
    return this.#report.stop();
  }

  /** A person whose code is not judged: the row alone. */
  passUnjudged(index: number): undefined {
    this.#enter({ kind: 3, index });
  }

  /** @returns why the code was refused, if it was */
  show(code: string): Refusal | undefined {
    const judged = this.#judge(code);
    if (!judged.ok) {
      this.#write({ decision: 'refused', refusal: judged.error, ...PLACE });
      return judged.error;
    }
    this.#enter(judged.value);
    this.#announce(code);
    return undefined;
  }

  watch(code: string): void {
    this.#watched.add(code);
    this.#judgeWatched();
  }

  #enter({ kind, index }: Shown): void {
    const person = kind === 4 ? { kind, passId: index } : { kind, index };
    const { seq } = this.#write({ decision: 'granted', ...PLACE, ...person });
    this.#write({ decision: 'door', door: 'opened', lane: LANE, entry: seq });
  }

  #announce(code: string): void {
    const claim = parseCode(code);
    if (!claim.ok) return;
    const hash = toHex(sha256(claim.value.bytes));
    this.#options.onUse('used', hash);
    const used = { code: hash, direction: 'in' as const, at: this.#seconds() };
    this.#report.announceUsed(used).catch((fault: unknown) => {
      this.#options.log.warn({ detail: String(fault) }, 'sister gates could not be told of a used code');
    });
  }

  #judge(code: string): Result<Shown, Refusal> {
    return judgeCode(code, { trust: this.trust.snapshot(), lane: LANE, seconds: this.#seconds() });
  }

  #judgeWatched(): void {
    for (const code of this.#watched) {
      const judged = this.#judge(code);
      if (judged.ok || judged.error !== 'revoked') continue;
      this.#watched.delete(code);
      this.#options.onRefused({ gate: this.seat.gate, atMs: preciseNow() });
    }
  }

  /** Carries out what the district orders, as far as there is anything to carry out. */
  #take(item: InboxItem): void {
    if (item.type === 'used') this.#options.onUse('heard', item.code);
    if (item.type === 'command')
      this.#write({
        decision: 'system',
        reason: `command:${item.verb}`,
        actor: item.actor,
        command: item.jti,
      });
    if (item.type === 'command-rejected')
      this.#write({ decision: 'system', reason: `command-rejected:${item.why}` });
  }

  #write(content: Omit<RowContent, 'seq' | 'at' | 'clock'>): { readonly seq: number } {
    return this.journal.append({
      at: new Date(this.#options.clock.wall()).toISOString(),
      clock: 'synced',
      ...content,
    });
  }

  /** The machine's own clock is the simulator's truth. */
  #now(): ClockReading {
    const wall = this.#options.clock.wall();
    return { at: wall, seconds: unixSeconds(wall), quality: 'synced', errorSeconds: 0 };
  }

  #seconds(): number {
    return unixSeconds(this.#options.clock.wall());
  }

  #reportOptions(signer: Signer): ReportOptions {
    const { crew, seat, clock, random, log } = this.#options;
    return {
      settings: { ...nodeOf(crew, seat), username: seat.gate, password: seat.password },
      district: crew.district,
      gate: seat.gate,
      community: seat.community,
      journal: this.journal,
      cursor: this.journal,
      trust: trustPort(this.trust, { now: () => this.#now(), take: () => undefined }, clock),
      inbox: {
        offer: (item) => {
          this.#take(item);
          return true;
        },
      },
      vitals: VITALS,
      signer,
      // Of one process: a gate of a machine of its own checks its sisters' keys once as well.
      verifySignature,
      clock,
      random,
      log,
    };
  }
}

const ENGINE = sharedEngine();
const verifySignature = signatureVerifier();
const NEEDED = ['root', 'keyset', 'policy', 'residents', 'roster'] as const;
const PLACE = { lane: LANE, direction: 'in', reader: READER } as const;

/** The same in every process of one machine, and finer than a millisecond. */
export function preciseNow(): number {
  return performance.timeOrigin + performance.now();
}

const NOTHING_TO_END = () => undefined;

const VITALS: ReportOptions['vitals'] = {
  status: () => ({
    software: `menwei-simulate ${BUILD.version}`,
    clock: { quality: 'synced', errorSeconds: 0 },
    lanes: [{ lane: LANE, direction: 'in', mode: 'normal' }],
  }),
  health: () => ({
    uptimeSeconds: process.uptime(),
    queueDepth: 0,
    memoryBytes: 0,
    readers: [{ reader: READER, state: 'ready' }],
    versions: { software: BUILD.version },
  }),
  onChange: () => NOTHING_TO_END,
  onAlarm: () => NOTHING_TO_END,
};

/** Of a cluster's nodes each gate names another one first, as its installer would. */
function nodeOf({ broker }: Crew, { place }: Seat): Crew['broker'] {
  const urls = [broker.url, ...(broker.otherUrls ?? [])];
  const first = place % urls.length;
  const [url = broker.url, ...otherUrls] = [...urls.slice(first), ...urls.slice(0, first)];
  return { ...broker, url, otherUrls };
}

function signerOf({ deviceSeed }: Seat): Signer {
  const seed = fromHex(deviceSeed);
  if (seed === undefined) throw new Error('invariant broken: a seed is hex');
  return deviceSigner(seed);
}

function journalOf({ seat, clock, random, onAcknowledged }: SimGateOptions): LightJournal {
  const journal = new LightJournal({
    id: toHex(random.bytes(16)),
    now: () => clock.monotonic(),
    onAcknowledged,
  });
  if (!seat.backlogConnected) prefill(journal, { rows: seat.backlogRows, before: clock.wall() });
  return journal;
}

function prefill(journal: LightJournal, { rows, before }: { rows: number; before: number }): void {
  const from = before - rows * BACKLOG_ROW_EVERY_MS;
  for (let row = 0; row < rows; row += 1) {
    const at = new Date(from + row * BACKLOG_ROW_EVERY_MS).toISOString();
    journal.prefill({ at, clock: 'synced', decision: 'granted', ...PLACE, kind: 3, index: row });
  }
}
