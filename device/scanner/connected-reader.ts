import { stat } from 'node:fs/promises';
import type { Clock, Reader, ReaderHealth, ScanSink } from '../../src/ports/index.ts';
import { HealthTeller, sleep } from './delivery.ts';

/**
 * A reader that lives on a device node: opens it, notices when it goes away, and opens it again until stopped.
 * Never throws for a device that is absent, and never holds two connections at once.
 */
export interface Connector {
  readonly id: string;
  readonly path: string;
  /** Opens the device; rejects with what to tell the installer. */
  connect(session: SessionContext): Promise<Session>;
}

export interface SessionContext {
  readonly sink: ScanSink;
  readonly clock: Clock;
  readonly stopping: AbortSignal;
}

export interface Session {
  /** Resolves, never rejects, with why the connection ended, after everything that had arrived was handed on. */
  readonly ended: Promise<string>;
  /** Idempotent; `ended` follows. */
  close(): void;
}

/** A device that does not even answer to being opened keeps nobody waiting longer. */
const FIRST_TRY_MS_MAX = 2_000;
/** Waits between attempts to open grow from the first to the second. */
const RETRY_MIN_MS = 250;
const RETRY_MAX_MS = 2_000;
/** A reader that is lost sooner than this after it was opened hangs on a loose cable: it is waited for ever longer. */
const STEADY_MS = 30_000;
const UNSTEADY_MAX_MS = 8_000;
/** A port can go silent without a close event when it is unplugged: its node is looked at this often. */
const LIVENESS_MS = 1_000;

export function connectedReader(connector: Connector, clock: Clock): Reader {
  const stopper = new AbortController();
  let sink: ScanSink | undefined;
  let running: Promise<void> | undefined;
  let triedOnce: () => void = () => undefined;
  const teller = new HealthTeller(connector.id, () => sink);

  async function run(context: SessionContext): Promise<void> {
    let retryMs = RETRY_MIN_MS;
    let unsteadyMs = RETRY_MIN_MS;
    while (!context.stopping.aborted) {
      const outcome = await oneSession(connector, context, () => {
        teller.set('ready');
        triedOnce();
      });
      triedOnce();
      if (context.stopping.aborted) return;
      teller.set('lost', outcome.why);
      if (outcome.lastedMs === undefined) {
        retryMs = Math.min(retryMs * 2, RETRY_MAX_MS);
        await sleep(retryMs, context);
        continue;
      }
      retryMs = RETRY_MIN_MS;
      if (outcome.lastedMs >= STEADY_MS) unsteadyMs = RETRY_MIN_MS;
      await sleep(unsteadyMs, context);
      unsteadyMs = Math.min(unsteadyMs * 2, UNSTEADY_MAX_MS);
    }
  }

  return {
    id: connector.id,
    /** Resolves when the device listens, or is known not to be there. */
    start(to) {
      sink = to;
      return new Promise((resolve) => {
        const cancel = clock.after(FIRST_TRY_MS_MAX, resolve);
        triedOnce = () => {
          cancel();
          resolve();
        };
        running ??= run({ sink: to, clock, stopping: stopper.signal });
      });
    },
    async stop() {
      stopper.abort();
      await running;
    },
    health: (): ReaderHealth => teller.health,
  };
}

/** @returns `lastedMs` absent: it could not be opened */
async function oneSession(
  connector: Connector,
  context: SessionContext,
  ready: () => void,
): Promise<{ readonly lastedMs?: number; readonly why: string }> {
  let session: Session;
  const node = await nodeOf(connector.path);
  if (node === undefined) return { why: `${connector.path} is not there: plug the reader in` };
  try {
    session = await connector.connect(context);
  } catch (fault) {
    return { why: fault instanceof Error ? fault.message : String(fault) };
  }
  const openedAtMs = context.clock.monotonic();
  const close = () => session.close();
  context.stopping.addEventListener('abort', close);
  if (context.stopping.aborted) close();
  else ready();
  const stopWatching = watchNode(connector.path, node, { clock: context.clock, gone: close });
  const why = await session.ended;
  stopWatching();
  context.stopping.removeEventListener('abort', close);
  return { lastedMs: context.clock.monotonic() - openedAtMs, why };
}

/** Which node stands behind a path; a replugged device may come back under the same name as another node. */
async function nodeOf(path: string): Promise<string | undefined> {
  try {
    const { dev, ino, rdev } = await stat(path);
    return `${dev} ${ino} ${rdev}`;
  } catch {
    return undefined;
  }
}

function watchNode(
  path: string,
  opened: string,
  options: { readonly clock: Clock; readonly gone: () => void },
): () => void {
  let stopped = false;
  let cancel: (() => void) | undefined;
  const look = async () => {
    const node = await nodeOf(path);
    if (stopped) return;
    if (node !== opened) return options.gone();
    cancel = options.clock.after(LIVENESS_MS, () => void look());
  };
  cancel = options.clock.after(LIVENESS_MS, () => void look());
  return () => {
    stopped = true;
    cancel?.();
  };
}
