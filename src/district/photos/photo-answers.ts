import { localTime, unixSeconds } from '../../base/index.ts';
import { RateLimit } from '../../http/index.ts';
import { type DocumentSigner, sealPhoto, signPhoto } from '../../issue/index.ts';
import type { Clock, Log } from '../../ports/index.ts';
import { type PhotoRequest, RESIDENT_STATES } from '../../wire/index.ts';
import type { Audit } from '../accounts/audit.ts';
import type { Database, Gate } from '../database/database.ts';
import type { Community } from '../publishing/community.ts';
import { storedRules } from '../publishing/community-rules.ts';
import type { GuardPhotos } from './guard-photos.ts';
import {
  GATES_LIMITED_MAX,
  PHOTOS_PER_HOUR_MAX,
  PHOTOS_PER_MINUTE_MAX,
  TOO_OFTEN_TOLD_MS,
} from './limits.ts';

/**
 * Answers a gate whose guard has looked somebody up: with a photo only where the community's rules and the resident allow it,
 * sealed to that gate, and never before it is written down who was shown to whom. Every other answer is one without a
 * picture, and says no reason.
 */
export interface PhotoAnswersOptions {
  readonly district: string;
  /** IANA name; last days are held against its day. */
  readonly timeZone: string;
  readonly communities: readonly Community[];
  readonly database: Database;
  readonly photos: Pick<GuardPhotos, 'picture'>;
  readonly signer: () => DocumentSigner;
  readonly audit: Pick<Audit, 'note'>;
  /** Of one gate; PHOTOS_PER_HOUR_MAX when left out. */
  readonly perHourMax?: number;
  readonly clock: Clock;
  readonly log: Log;
}

/** Who is meant in the audit log: an answer has no account. */
const ACCOUNT = 'district';
const [MINUTE_MS, HOUR_MS] = [60_000, 3_600_000];
const REVOKED = RESIDENT_STATES.indexOf('revoked');

export class PhotoAnswers {
  readonly #options: PhotoAnswersOptions;
  /** Of a minute and of an hour. */
  readonly #shares: readonly RateLimit[];
  readonly #told: RateLimit;

  constructor(options: PhotoAnswersOptions) {
    this.#options = options;
    const { clock, perHourMax = PHOTOS_PER_HOUR_MAX } = options;
    const of = (count: number, withinMs: number) =>
      new RateLimit({ count, withinMs, callersMax: GATES_LIMITED_MAX, clock });
    this.#shares = [of(PHOTOS_PER_MINUTE_MAX, MINUTE_MS), of(perHourMax, HOUR_MS)];
    this.#told = of(1, TOO_OFTEN_TOLD_MS);
  }

  /** @param gate as it is now. @returns a token for its `commands`; undefined: it has no key that one could be sealed to */
  async answer(gate: Gate, request: PhotoRequest): Promise<string | undefined> {
    const { district, clock, log, signer } = this.#options;
    if (gate.seal_key === null) {
      log.warn({ gate: gate.id }, 'a gate without a key of its own asked for a photo');
      return undefined;
    }
    const picture = await this.#pictureFor(gate, request);
    const signed = await signPhoto(signer(), {
      iss: district,
      aud: gate.id,
      iat: unixSeconds(clock.wall()),
      nonce: request.nonce,
      index: request.index,
      ...(picture === undefined ? {} : { picture }),
    });
    return sealPhoto(signed, { kty: 'OKP', crv: 'X25519', x: gate.seal_key });
  }

  async #pictureFor(gate: Gate, { index, row }: PhotoRequest): Promise<string | undefined> {
    const { photos, audit } = this.#options;
    if (this.#shares.some((share) => share.take(gate.id) > 0)) return this.#tooOften(gate.id);
    if (gate.confirmed !== 1 || !(await this.#allows(gate.community))) return undefined;
    if (!(await this.#livesIn(gate.community, index))) return undefined;
    const picture = await photos.picture(index);
    if (picture === undefined) return undefined;
    // First: when this fails, nothing is shown.
    await audit.note({
      account: ACCOUNT,
      action: 'photo shown',
      subject: `${index}/${gate.id}/${row}`,
      outcome: 'done',
    });
    return picture;
  }

  async #tooOften(gate: string): Promise<undefined> {
    if (this.#told.take(gate) > 0) return undefined;
    this.#options.log.warn({ gate }, 'a gate asks for more photos than it is shown');
    await this.#options.audit.note({
      account: ACCOUNT,
      action: 'photo shown',
      subject: gate,
      outcome: 'too-often',
    });
    return undefined;
  }

  /** By the rules that the policy is made of. */
  async #allows(community: number): Promise<boolean> {
    const { database, communities } = this.#options;
    const configured = communities.find(({ id }) => id === community)?.rules;
    return ((await storedRules(database, community)) ?? configured)?.guardPhotos === true;
  }

  /** One who is suspended, or whom a guard is to be asked about, is shown: then most of all a guard must know who it is. */
  async #livesIn(community: number, index: number): Promise<boolean> {
    const { database, timeZone, clock } = this.#options;
    const holder = await database
      .selectFrom('resident')
      .innerJoin('household', 'household.id', 'resident.household')
      .select(['household.community', 'resident.state', 'resident.ended', 'resident.last_day'])
      .where('resident.place', '=', index)
      .executeTakeFirst();
    if (holder === undefined || holder.community !== community) return false;
    if (holder.ended !== null || holder.state === REVOKED) return false;
    const today = localTime(unixSeconds(clock.wall()), timeZone).day;
    return holder.last_day === null || holder.last_day >= today;
  }
}
