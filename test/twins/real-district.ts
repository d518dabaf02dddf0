import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { toHex } from '../../src/base/index.ts';
import {
  type Community,
  type District,
  type DistrictOptions,
  startDistrict,
} from '../../src/district/index.ts';
import { type HolderKey, showProof } from '../../src/holder/index.ts';
import { testJpeg } from '../../src/district/testing.ts';
import { GUARD_PHOTO, type NewCommand, type ResidentView } from '../../src/wire/index.ts';
import { memoryLog, realClock } from './broker.ts';
import { districtCrypto } from './district-crypto.ts';
import { enrolledKeys, newPhone, nowSeconds, random } from './paper-community.ts';
import { type SignedIn, signedIn } from './signed-in.ts';

/** The real district centre at a broker of the test's, with residents who have phones and a gate that is enrolled. */

export const DISTRICT = 'd-1';
export const COMMUNITY = 7;
export const PULSE_MS = 200;
/** How far ahead of this machine a phone dates its codes; less than the window, which is on both sides of now. */
const AHEAD_SECONDS = 600;

export interface RealDistrictOptions {
  readonly folder: string;
  readonly brokerUrl: string;
  readonly gate: string;
  /** Where the gate keeps its data: its keys are laid there. */
  readonly gateData: string;
  readonly residents?: number;
  /** Whose releases the desk registers. */
  readonly makers?: DistrictOptions['makers'];
}

interface Phone {
  readonly key: HolderKey;
  readonly index: number;
}

export class RealDistrict {
  readonly gate: string;
  /** Everything that it keeps. */
  readonly dataDir: string;
  readonly #brokerUrl: string;
  #centre: District;
  #operator: SignedIn;
  readonly #file: string;
  readonly #phones: readonly Phone[];
  readonly #dated = new Set<string>();
  #shown = 0;

  private constructor(
    centre: District,
    of: { gate: string; dataDir: string; brokerUrl: string; phones: readonly Phone[]; operator: SignedIn },
  ) {
    this.#centre = centre;
    this.#operator = of.operator;
    this.gate = of.gate;
    this.dataDir = of.dataDir;
    this.#brokerUrl = of.brokerUrl;
    this.#file = join(of.dataDir, 'district.sqlite');
    this.#phones = of.phones;
  }

  static async start({
    folder,
    brokerUrl,
    gate,
    gateData,
    residents = 4,
    makers,
  }: RealDistrictOptions): Promise<RealDistrict> {
    const dataDir = join(folder, 'district');
    const centre = await centreOf(dataDir, brokerUrl, makers);
    const { deviceKey, sealKey } = enrolledKeys(gateData);
    await centre.enrolGate({ gate, community: COMMUNITY, deviceKey, sealKey: sealKey.x });
    const operator = await signedIn(centre);
    const phones: Phone[] = [];
    for (let at = 0; at < residents; at += 1) phones.push(await residentWithPhone(operator, centre, at));
    return new RealDistrict(centre, { gate, dataDir, brokerUrl, phones, operator });
  }

  get centre(): District {
    return this.#centre;
  }

  /** Somebody of every role. */
  get operator(): SignedIn {
    return this.#operator;
  }

  /** Indices of the residents, in the order in which they show codes. */
  get indices(): readonly number[] {
    return this.#phones.map(({ index }) => index);
  }

  /** Once more out of its folder, after it was stopped. */
  async startAgain(): Promise<void> {
    this.#centre = await centreOf(this.dataDir, this.#brokerUrl);
    this.#operator = await signedIn(this.#centre);
  }

  /** Kind 3, of one phone after the other; every one is another code. */
  async code(): Promise<string> {
    const phone = this.#phones[this.#shown % this.#phones.length];
    if (phone === undefined) throw new Error('a district of the test has residents');
    this.#shown += 1;
    const seconds = this.#secondFor(phone.index);
    const of = { district: DISTRICT, index: phone.index, slot: 0, party: 0, seconds };
    return (await showProof(phone.key, of)).canonical;
  }

  async codes(count: number): Promise<string[]> {
    return Promise.all(Array.from({ length: count }, () => this.code()));
  }

  /**
   * Each second of a phone is one code, and the window of the rules has room for many: the last in it that none is dated by.
   * It is counted from now, since a test may run for longer than the window.
   */
  #secondFor(index: number): number {
    let seconds = nowSeconds() + AHEAD_SECONDS;
    while (this.#dated.has(`${index} ${seconds}`)) seconds -= 1;
    this.#dated.add(`${index} ${seconds}`);
    return seconds;
  }

  /** From now on its gates may show guards a photo of whom they look up. */
  async allowPhotos(): Promise<void> {
    await this.#post(this.operator, {
      path: `/api/communities/${COMMUNITY}/rules`,
      method: 'PUT',
      body: { ...RULES, guardPhotos: true },
    });
  }

  /** Sent in with consent, and accepted by another person with its small copy. */
  async givePhoto(index: number): Promise<void> {
    const picture = Buffer.from(testJpeg()).toString('base64');
    const { widthPixels, heightPixels } = GUARD_PHOTO;
    const guardPhoto = Buffer.from(testJpeg(widthPixels, heightPixels)).toString('base64');
    const sent = await this.#post(this.operator, {
      path: '/api/applications/photos',
      body: { resident: index, picture, forGuards: true },
    });
    const { receipt } = (await sent.json()) as { receipt: string };
    const reviewer = await signedIn(this.#centre, ['reviewer']);
    await this.#post(reviewer, { path: `/api/applications/${receipt}/accept`, body: { guardPhoto } });
  }

  async #post(
    who: SignedIn,
    { path, method = 'POST', body }: { path: string; method?: string; body: object },
  ): Promise<Response> {
    const headers = { 'content-type': 'application/json' };
    const answer = await who(path, { method, headers, body: JSON.stringify(body) });
    if (!answer.ok) throw new Error(`${path}: ${await answer.text()}`);
    return answer;
  }

  /** Rows of the gate as they are stored, doubles and all. */
  stored(): { seq: number; hash: string }[] {
    const database = new DatabaseSync(this.#file, { readOnly: true });
    try {
      const rows = database
        .prepare('select seq, hash from journal_row where gate = ? order by seq')
        .all(this.gate);
      return rows.map(({ seq, hash }) => ({ seq: Number(seq), hash: String(hash) }));
    } finally {
      database.close();
    }
  }

  /** By the gate's own last word. */
  async gateHolds(documents: readonly string[]): Promise<boolean> {
    const answer = await this.operator('/api/gates');
    const { gates } = (await answer.json()) as {
      gates: { gate: string; status: { documents: Record<string, number> } | null }[];
    };
    const held = gates.find(({ gate }) => gate === this.gate)?.status?.documents ?? {};
    return documents.every((name) => held[name] !== undefined);
  }

  /** @returns the command's `jti` */
  async command(command: NewCommand): Promise<string> {
    const answer = await this.operator(`/api/gates/${this.gate}/commands`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(command),
    });
    const said = (await answer.json()) as { jti?: string; error?: string };
    if (said.jti === undefined) throw new Error(`the command was not sent: ${said.error}`);
    return said.jti;
  }

  stop(): Promise<void> {
    return this.centre.stop();
  }
}

function centreOf(dataDir: string, brokerUrl: string, makers?: DistrictOptions['makers']): Promise<District> {
  return startDistrict({
    dataDir,
    district: DISTRICT,
    timeZone: 'Asia/Shanghai',
    communities: [{ id: COMMUNITY, rules: RULES }],
    places: 4_096,
    http: { host: '127.0.0.1', port: 0 },
    broker: { url: brokerUrl, protocolVersion: 5 },
    crypto: districtCrypto,
    clock: realClock,
    random: { bytes: random },
    log: memoryLog(),
    ...(makers === undefined ? {} : { makers }),
  });
}

const RULES: NonNullable<Community['rules']> = {
  windowSeconds: 900,
  lane: {
    who: 'roster',
    visitors: true,
    minimumAssurance: 0,
    printedCard: 'guard',
    passback: 'off',
    lockdown: false,
    pulseMs: PULSE_MS,
    longPulseMs: PULSE_MS,
  },
};

async function residentWithPhone(operator: SignedIn, centre: District, at: number): Promise<Phone> {
  const resident = await centre.addResident({
    community: COMMUNITY,
    room: `1-${100 + at}`,
    assurance: 1,
    needsMoreTime: false,
    minor: false,
  });
  if (resident === undefined) throw new Error('the resident was not added');
  const key = newPhone();
  await register(operator, resident, key);
  return { key, index: resident.index };
}

async function register(operator: SignedIn, { index }: ResidentView, key: HolderKey): Promise<void> {
  const of = { district: DISTRICT, index, slot: 0, party: 0, seconds: nowSeconds() };
  const body = { publicKey: toHex(key.publicKey), proof: (await showProof(key, of)).canonical };
  const answer = await operator(`/api/residents/${index}/keys`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`the phone was not registered: ${await answer.text()}`);
}
