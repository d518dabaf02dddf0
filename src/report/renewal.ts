import type { Clock, Log } from '../ports/index.ts';
import type { RequestPayload } from '../wire/index.ts';
import { CERTIFICATE_LOOK_EVERY_MS, CERTIFICATE_LOOKS_A_SPAN } from './limits.ts';

/**
 * Renews the gate's certificate before it ends: over the broker while it is connected, and at the desk once it has run out.
 * The old one stays in use until a connection stands with the new one.
 */
export interface CertificateKeeper {
  /** now: two thirds of its life are over. expired: no broker takes it any more. */
  state(): 'good' | 'due' | 'expired';
  /** From its first to its last moment; none while there is none. */
  spanMs(): number | undefined;
  /** PKCS #10, PEM, for a new key that is kept until its certificate comes */
  request(): Promise<string>;
  /** @returns false for what is no certificate for the newest request */
  take(token: string): Promise<boolean>;
  /** Asks the desk over HTTPS, with a proof of the device key. @returns as `take` */
  askDesk(): Promise<boolean>;
  /** A connection stands with what was handed out last. */
  worked(): void;
}

export interface RenewalOptions {
  readonly keeper: CertificateKeeper;
  readonly clock: Clock;
  readonly log: Log;
  readonly connected: () => boolean;
  readonly send: (request: RequestPayload) => Promise<unknown>;
  /** Makes a new connection, which shows the new certificate. */
  readonly reconnect: () => void;
}

export class Renewal {
  readonly #options: RenewalOptions;
  #cancel: (() => void) | undefined;
  #stopped = false;

  constructor(options: RenewalOptions) {
    this.#options = options;
  }

  start(): void {
    if (this.#stopped) return;
    this.#cancel?.();
    const span = this.#options.keeper.spanMs() ?? Number.POSITIVE_INFINITY;
    const pauseMs = Math.min(CERTIFICATE_LOOK_EVERY_MS, span / CERTIFICATE_LOOKS_A_SPAN);
    this.#cancel = this.#options.clock.after(pauseMs, () => this.start());
    this.#look().catch((fault: unknown) =>
      this.#options.log.warn({ fault: nameOf(fault) }, 'the certificate could not be renewed'),
    );
  }

  stop(): void {
    this.#stopped = true;
    this.#cancel?.();
  }

  connected(): void {
    this.#options.keeper.worked();
    this.start();
  }

  /** An answer to this gate's request. */
  async take(token: string): Promise<void> {
    const { keeper, log, reconnect } = this.#options;
    if (!(await keeper.take(token))) return log.warn({}, 'a certificate was not for the key of this gate');
    log.info({}, 'a new certificate is there: connecting with it');
    reconnect();
  }

  async #look(): Promise<void> {
    const { keeper, connected, send, log } = this.#options;
    const state = keeper.state();
    if (state === 'good') return;
    if (connected()) return void (await send({ want: 'certificate', request: await keeper.request() }));
    if (state === 'expired' && (await keeper.askDesk()))
      log.info({}, 'the desk gave a new certificate; the old one had run out');
  }
}

function nameOf(fault: unknown): string {
  return fault instanceof Error ? fault.message : 'unknown';
}
