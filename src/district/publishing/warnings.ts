import { unixSeconds } from '../../base/index.ts';
import type { Clock, Log } from '../../ports/index.ts';
import type { DistrictWarning } from '../../wire/index.ts';
import { documentName } from '../console/words/documents.ts';
import { type Text, text } from '../console/words/text.ts';
import type { IssuerState } from '../keys/issuers.ts';
import type { KeyRing } from '../keys/key-ring.ts';
import { WARNINGS_SAID_EVERY_MS } from '../limits.ts';
import type { Publisher } from './publisher.ts';

/**
 * What ends soon, said 30, 7 and 1 days before, or hours for what lives shorter than a month; and what stands as it should
 * not stay. What the district renews by itself is warned of only when that did not happen.
 */
export interface Expiry {
  /** A document's name, or words of ours; never a person's. */
  readonly name: string;
  /** Unix seconds */
  readonly from: number;
  readonly until: number;
}

export interface WarningsOptions {
  readonly publisher: Pick<Publisher, 'spans'>;
  readonly issuers: { states(): readonly IssuerState[] };
  readonly operators: { listed(): readonly { readonly from: number; readonly until: number }[] };
  readonly keys: Pick<KeyRing, 'root' | 'missing'>;
  /** Certificates, and whatever else ends. */
  readonly others?: () => Promise<readonly Expiry[]>;
  /** What stands as it should not, seen elsewhere. */
  readonly more?: () => Promise<readonly DistrictWarning[]>;
  readonly clock: Clock;
  readonly log: Log;
}

const HOUR = 3_600;
const DAY = 86_400;
/** As at a gate (docs/trust-documents.md, rule 4). */
const LONG_LIFE_SECONDS = 31 * DAY;
const STEPS = [1, 7, 30] as const;

export class Warnings {
  readonly #options: WarningsOptions;
  /** What was said, when, by name and step. */
  #said = new Map<string, number>();

  constructor(options: WarningsOptions) {
    this.#options = options;
  }

  /** The next to end first. */
  async list(): Promise<DistrictWarning[]> {
    const now = unixSeconds(this.#options.clock.wall());
    const ending = (await this.#expiries()).flatMap((each) => warningOf(each, now));
    ending.sort((left, right) => (left.secondsLeft ?? 0) - (right.secondsLeft ?? 0));
    return [...this.#standing(), ...((await this.#options.more?.()) ?? []), ...ending];
  }

  /** Writes each into the log when it is new or has come a step nearer, and once a day. */
  async lookOver(): Promise<void> {
    const now = this.#options.clock.wall();
    const said = new Map<string, number>();
    for (const { name, zh, en, step = 0 } of await this.list()) {
      const id = `${name} ${step}`;
      const before = this.#said.get(id);
      const isDue = before === undefined || now - before >= WARNINGS_SAID_EVERY_MS;
      if (isDue) this.#options.log.warn({ what: name, zh }, en);
      said.set(id, isDue ? now : before);
    }
    this.#said = said;
  }

  #standing(): DistrictWarning[] {
    const { root, missing } = this.#options.keys;
    const here: DistrictWarning = {
      name: 'root-keys-here',
      zh: '根密钥还在这台机器上。请运行 menwei root export，把三个文件分给三个人保管。',
      en: 'The root keys lie on this machine. Please run `menwei root export` and give its files to three people.',
    };
    const lost = missing.map((role) => ({
      name: `role-key-missing ${role}`,
      zh: `本机没有 ${role} 的签名密钥，相关文件不能更新。请从备份恢复 keys 文件夹，或更换根文件（menwei root draft --rotate ${role}）。`,
      en: `This machine has no key for ${role}: its documents are not renewed. Please restore the keys folder, or change the root (menwei root draft --rotate ${role}).`,
    }));
    return [...(root.length > 0 ? [here] : []), ...lost];
  }

  async #expiries(): Promise<Expiry[]> {
    const { publisher, issuers, operators, others } = this.#options;
    const documents = (await publisher.spans())
      .filter(({ name }) => !name.endsWith('-delta'))
      .map(({ name, issued_at_seconds: from, expires_at_seconds: until }) => ({ name, from, until }));
    const signing = issuers
      .states()
      .filter(({ state }) => state === 'signing')
      .map(({ issuer, kid, notBefore: from, signUntil: until }) => ({
        name: `issuer ${issuer} kid ${kid}`,
        from,
        until,
      }));
    const commands = operators
      .listed()
      .slice(-1)
      .map(({ from, until }) => ({ name: 'operator key', from, until }));
    return [...documents, ...signing, ...commands, ...((await others?.()) ?? [])];
  }
}

function warningOf({ name, from, until }: Expiry, now: number): DistrictWarning[] {
  const unit = until - from > LONG_LIFE_SECONDS ? 'days' : 'hours';
  const secondsLeft = until - now;
  const length = unit === 'days' ? DAY : HOUR;
  const step = STEPS.find((one) => secondsLeft <= one * length);
  if (step === undefined) return [];
  return [
    {
      name,
      expiresAt: until,
      secondsLeft,
      step,
      unit,
      ...words(name, Math.ceil(secondsLeft / length), unit),
    },
  ];
}

function words(name: string, left: number, unit: 'days' | 'hours'): { zh: string; en: string } {
  const [zh, en] = remedyOf(name);
  const what = subjectOf(name);
  if (left <= 0) return { zh: `${what['zh-CN']}已过期。${zh}`, en: `${what.en} has expired. ${en}` };
  const only = left === 1 ? unit.slice(0, -1) : unit;
  return {
    zh: `${what['zh-CN']}还有 ${left} ${unit === 'days' ? '天' : '小时'}到期。${zh}`,
    en: `${what.en} expires in ${left} ${only}. ${en}`,
  };
}

/** As people call it; the name itself is for the log. */
function subjectOf(name: string): Text {
  const issuer = /^issuer (.+) kid (\d+)$/.exec(name);
  if (issuer !== null)
    return text(`签发单位 ${issuer[1]} 的密钥 ${issuer[2]} `, `Key ${issuer[2]} of the issuer ${issuer[1]}`);
  if (name === 'operator key') return text('操作员的指令密钥', 'The operators’ command key');
  const certificate = /^certificate (.+)$/.exec(name)?.[1];
  if (certificate !== undefined) return text(`证书 ${certificate} `, `The certificate ${certificate}`);
  const { 'zh-CN': zh, en } = documentName(name);
  return text(name.includes('/') ? `${zh} ` : zh, `The ${en}`);
}

function remedyOf(name: string): [zh: string, en: string] {
  if (name === 'root')
    return [
      '请召集根密钥保管人，更换根文件（menwei root draft）。',
      'Please call the holders of the root keys together (menwei root draft).',
    ];
  if (name.startsWith('issuer ') || name === 'operator key')
    return ['到期前 14 天会自动换新。', 'The next key is made by itself 14 days before.'];
  if (name.startsWith('certificate ')) return ['请更换证书。', 'Please replace the certificate.'];
  return ['本应已自动更新，请查看日志。', 'It should have been renewed by now; please look at the log.'];
}
