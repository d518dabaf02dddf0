import { randomBytes } from 'node:crypto';
import { fromHex, toHex } from '../../base/index.ts';
import { ed25519Signer } from '../../crypto/index.ts';
import {
  type HolderKey,
  makeShortCodeKey,
  showCredential,
  showProof,
  showShortCode,
} from '../../holder/index.ts';
import {
  issuedShortCodeSecret,
  type ResidentState,
  type ResidentView,
  residentList,
  residentView,
} from '../../wire/index.ts';

/** The residents of the story, with what they hold in their hands: they reach the district as a phone does, by its `/api`. */

export interface Phone {
  readonly index: number;
  readonly slot: number;
  readonly key: HolderKey;
  readonly district: string;
}

export class DistrictDesk {
  readonly #url: string;
  readonly district: string;

  constructor(url: string, district: string) {
    this.#url = url;
    this.district = district;
  }

  async residents(): Promise<readonly ResidentView[]> {
    return residentList.parse(await this.#ask('/api/residents')).residents;
  }

  async code(index: number, kind: 'token' | 'card'): Promise<string> {
    return codeOf(await this.#ask(`/api/residents/${index}/${kind}`, {}));
  }

  async pass(host: ResidentView): Promise<string> {
    return codeOf(await this.#ask(`/api/residents/${host.index}/passes`, { community: host.community }));
  }

  async setState(index: number, state: ResidentState): Promise<void> {
    residentView.parse(await this.#ask(`/api/residents/${index}/state`, { state }));
  }

  /** A new phone makes its key and proves that it has it. */
  async registerPhone(resident: ResidentView, seconds: number): Promise<Phone> {
    const signer = ed25519Signer(new Uint8Array(randomBytes(32)));
    const key: HolderKey = {
      publicKey: signer.publicKey,
      sign: (message) => Promise.resolve(signer.sign(message)),
    };
    const { index, nextSlot } = resident;
    if (nextSlot === undefined) throw new Error('this resident has two phones already');
    const phone: Phone = { index, slot: nextSlot, key, district: this.district };
    const proof = await proofOf(phone, { seconds, party: 0 });
    await this.#ask(`/api/residents/${index}/keys`, { publicKey: toHex(key.publicKey), proof });
    return phone;
  }

  /** Kind 2: the district signs the phone's key for days, the phone the present second. */
  async credential(phone: Phone, seconds: number): Promise<string> {
    const answer = (await this.#ask(`/api/residents/${phone.index}/credential`, {
      publicKey: toHex(phone.key.publicKey),
    })) as { credential: string };
    const credential = fromHex(answer.credential) ?? new Uint8Array();
    const shown = await showCredential(phone.key, { district: this.district, credential, seconds });
    if (!shown.ok) throw new Error(`the district's credential does not fit: ${shown.error}`);
    return shown.value.canonical;
  }

  /** The eight digits beneath a resident's code, as their phone makes them. */
  async shortCode(index: number, seconds: number): Promise<string> {
    const answer = issuedShortCodeSecret.parse(await this.#ask(`/api/residents/${index}/short-code`, {}));
    const { subtle } = globalThis.crypto;
    const key = await makeShortCodeKey(subtle, fromHex(answer.secret) ?? new Uint8Array());
    if (key === undefined) throw new Error('the district gave no secret of short codes');
    return (await showShortCode(subtle, key, seconds)).text;
  }

  async #ask(path: string, body?: object): Promise<unknown> {
    const post = {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    };
    const answer = await fetch(this.#url + path, body === undefined ? {} : post);
    const said: unknown = await answer.json();
    if (!answer.ok)
      throw new Error(`the district answered ${answer.status}: ${(said as { error?: string }).error ?? ''}`);
    return said;
  }
}

/** Kind 3: the phone alone, with no network. */
export async function proofOf(phone: Phone, of: { seconds: number; party: number }): Promise<string> {
  const { district, index, slot, key } = phone;
  return (await showProof(key, { district, index, slot, ...of })).canonical;
}

function codeOf(answer: unknown): string {
  return (answer as { code: string }).code;
}
