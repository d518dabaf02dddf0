import { createHmac } from 'node:crypto';
import { SHORT_CODE_SECRET_BYTES, shortCodeSecretMessage } from '../../code/index.ts';
import type { Random } from '../../ports/index.ts';
import type { KeyFolder } from './key-folder.ts';

/**
 * The key of each community's short codes: its gates have it in their rosters, its phones what is made of it for their index.
 * Read from the folder each time, so that every process of the district uses the newest one.
 */
export class ShortCodeKeys {
  readonly #folder: KeyFolder;
  readonly #random: Random;

  constructor(folder: KeyFolder, random: Random) {
    this.#folder = folder;
    this.#random = random;
  }

  /** @returns 32 bytes, made when they are first asked for */
  async of(community: number): Promise<Uint8Array> {
    const kept =
      (await this.#folder.secret(nameOf(community))) ??
      (await this.#folder.keepFirst(nameOf(community), this.#made()));
    return kept.secret;
  }

  /** The roster is to be published anew, and phones fetch their secrets again: until then they find nobody. */
  rotate(community: number): Promise<void> {
    return this.#folder.keep(nameOf(community), this.#made());
  }

  /** What a phone of that resident keeps. */
  async secretFor(resident: {
    readonly district: string;
    readonly community: number;
    readonly index: number;
  }): Promise<Uint8Array> {
    const key = await this.of(resident.community);
    const message = shortCodeSecretMessage(resident.district, resident.index);
    return new Uint8Array(createHmac('sha256', key).update(message).digest());
  }

  #made() {
    return { suite: 1, secret: this.#random.bytes(SHORT_CODE_SECRET_BYTES) } as const;
  }
}

function nameOf(community: number): string {
  return `shortcode-${community}`;
}
