import type { Log } from '../ports/index.ts';
import { trustPayload } from '../wire/index.ts';
import { DOCUMENT_BYTES_MAX } from './limits.ts';
import type { Arrival, TrustPort } from './source.ts';

/**
 * Hands documents to trust, one after the other. Of each topic only the newest waits, and the one that the broker had kept:
 * documents are whole or cumulative, so an overtaken one is not missed, and the wait is bounded by the number of topics.
 */
export class Documents {
  readonly #trust: TrustPort;
  readonly #log: Log;
  readonly #wantWhole: (list: 'residents' | 'visitors') => void;
  readonly #waiting = new Map<string, { readonly topic: string; readonly payload: Uint8Array }>();
  #working = false;

  constructor(options: { trust: TrustPort; log: Log; wantWhole: (list: 'residents' | 'visitors') => void }) {
    this.#trust = options.trust;
    this.#log = options.log;
    this.#wantWhole = options.wantWhole;
  }

  /** @param retained the broker had kept it: it may come after a newer one, and must not push that aside */
  take(
    topic: string,
    { payload, retained }: { readonly payload: Uint8Array; readonly retained: boolean },
  ): void {
    if (payload.length === 0) return;
    if (payload.length > DOCUMENT_BYTES_MAX) {
      this.#log.error({ topic, bytes: payload.length }, 'a document is too large');
      return;
    }
    const place = retained ? `${topic} kept` : topic;
    this.#waiting.delete(place);
    this.#waiting.set(place, { topic, payload });
    if (!this.#working) void this.#work();
  }

  /** Takes one document at once, e.g. an answer. */
  async accept(document: string, arrival: Arrival): Promise<void> {
    const outcome = await this.#trust.accept(document, arrival);
    if (outcome.ok) return;
    this.#log.warn({ why: outcome.why }, 'a document was not accepted');
    if (outcome.wants !== undefined) this.#wantWhole(outcome.wants);
  }

  async #work(): Promise<void> {
    this.#working = true;
    for (const [place, { topic, payload }] of this.#waiting) {
      this.#waiting.delete(place);
      try {
        await this.accept(textOf(payload), { from: 'mqtt' });
      } catch (fault) {
        this.#log.error(
          { topic, fault: fault instanceof Error ? fault.name : 'unknown' },
          'a document could not be read',
        );
      }
    }
    this.#working = false;
  }
}

/** One document, or a list of them as a whole: of a list for all communities those of the others are passed over. */
function textOf(payload: Uint8Array): string {
  const text = Buffer.from(payload).toString('utf8').trim();
  const shaped: unknown = /^[[{]/.test(text) ? JSON.parse(text) : text;
  trustPayload.parse(shaped);
  return text;
}
