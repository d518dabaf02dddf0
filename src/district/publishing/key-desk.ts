import type { Result } from '../../base/index.ts';
import type { Log } from '../../ports/index.ts';
import type { Issuers, IssuerState, RetirementProblem, RotationProblem } from '../keys/issuers.ts';
import type { OperatorKeys } from '../keys/operator-keys.ts';
import type { Publisher } from './publisher.ts';

/** What people may do with the district's keys. Each change is published before the answer; each is for two people to agree on. */
export interface KeyDeskParts {
  readonly issuers: Issuers;
  readonly operators: OperatorKeys;
  readonly publisher: Publisher;
  readonly log: Log;
}

export class KeyDesk {
  readonly #parts: KeyDeskParts;

  constructor(parts: KeyDeskParts) {
    this.#parts = parts;
  }

  get issuerNames(): readonly string[] {
    return this.#parts.issuers.names;
  }

  states(): IssuerState[] {
    return this.#parts.issuers.states();
  }

  /** The next key of an issuer is published now, and signs once gates could have it. @returns its kid */
  async rotateIssuer(name: string): Promise<Result<number, RotationProblem>> {
    const done = await this.#parts.issuers.rotate(name);
    if (done.ok) await this.#parts.publisher.keysChanged();
    return done;
  }

  /** Emergency: the key signs no more, gates hear it now, its issuer goes on with another key. @returns the kid withdrawn */
  async retireIssuerKey(
    kid: number,
    how: { readonly cutOff?: number } = {},
  ): Promise<Result<number, RetirementProblem>> {
    const done = await this.#parts.issuers.retire(kid, how);
    // Withdrawn it is, even when there is no number left for a next key.
    if (done.ok || done.error === 'kids-exhausted') await this.#parts.publisher.keysChanged();
    if (done.ok) this.#parts.log.warn({ kid }, 'an issuer key was withdrawn');
    return done;
  }

  /** @returns the next operator key's thumbprint */
  async rotateOperator(): Promise<Result<string, 'rotation-under-way'>> {
    const done = await this.#parts.operators.rotate();
    if (done.ok) await this.#parts.publisher.keysChanged();
    return done;
  }

  /** Emergency: commands of this key count nowhere from now on. @returns the thumbprint of the key that signs now */
  async retireOperator(kid: string): Promise<Result<string, 'no-such-key'>> {
    const done = await this.#parts.operators.retire(kid);
    if (done.ok) await this.#parts.publisher.keysChanged();
    return done;
  }

  /** Who may give orders has changed: a key is withdrawn before this ends, and gates hear of it as fast as the broker is. */
  async operatorsChanged(): Promise<void> {
    const { operators, publisher, log } = this.#parts;
    if (!(await operators.tick())) return;
    publisher
      .keysChanged()
      .catch(() => log.error({}, 'the list of operators could not be published; it is tried again'));
  }

  /** What the clock brings: keys that are due, keys that gates have by now, a root out of a ceremony. */
  async lookOver(): Promise<void> {
    const { issuers, operators, publisher } = this.#parts;
    await publisher.takeRoot();
    const changed = [await issuers.tick(), await operators.tick()];
    if (changed.includes(true)) await publisher.keysChanged();
  }
}
