import type { Transaction } from 'kysely';
import { err, ok, type Result } from '../../base/index.ts';
import {
  checkRoom,
  documentLookup,
  type FieldError,
  type NewAppeal,
  type NewPhoto,
  type NewRegistration,
  type PhotoRules,
} from '../../wire/index.ts';
import type { Tables } from '../database/database.ts';
import { alone } from '../database/transaction.ts';
import type { Persons } from '../registry/persons.ts';
import type { Registry } from '../registry/registry.ts';
import type { Taken } from '../registry/taken.ts';
import { insertApplication, type NewApplication, type StorePlace } from './application-store.ts';
import { APPEALS_MAX, APPEALS_WITHIN_MS, PICTURES_AT_ONCE, WAITING_MAX } from './limits.ts';
import { cleanPicture } from './pictures/picture.ts';
import type { CleanPicture, PictureProblem } from './pictures/picture-form.ts';

/**
 * What is sent in is looked through whole before it is kept: an application that could never be accepted is told so at once,
 * with what to do. Nothing here says whose data it is that somebody else has.
 */
export type SubmitProblem =
  | Taken
  | PictureProblem
  | 'picture-text'
  | 'picture-small'
  | 'picture-wide'
  | 'pictures-busy'
  | 'no-such-community'
  | 'no-such-resident'
  | 'consent-ahead'
  | 'phone-missing'
  | 'waits-already'
  | 'too-many-waiting'
  | 'too-many-appeals'
  | { readonly errors: readonly (FieldError | { readonly field: 'room' })[] };

export interface SubmittingPlace extends StorePlace {
  readonly registry: Pick<Registry, 'resident' | 'record'>;
  readonly persons: Pick<Persons, 'check' | 'taken'>;
  readonly communities: readonly { readonly id: number }[];
  readonly photoRules: PhotoRules;
}

/** Who sends it, and when it is to be decided. */
export interface Sender {
  /** Account, or `portal` */
  readonly by: string;
  readonly now: number;
  readonly dueAt: number;
}

type Submitted = Promise<Result<string, SubmitProblem>>;

/** A clock of a phone may be ahead so far. */
const CONSENT_AHEAD_MS = 300_000;

export class Submitting {
  readonly #place: SubmittingPlace;
  #pictures = 0;

  constructor(place: SubmittingPlace) {
    this.#place = place;
  }

  async registration({ community, room, person, ...wanted }: NewRegistration, sender: Sender): Submitted {
    const { persons, vault } = this.#place;
    if (!this.#isOurs(community)) return err('no-such-community');
    const [checked, read] = [persons.check(person), checkRoom(room)];
    if (!checked.ok || !read.ok) return wrong(checked, read);
    if (person.consent.at > sender.now + CONSENT_AHEAD_MS) return err('consent-ahead');
    const home = { community, room: read.value.text };
    const taken = await persons.taken(checked.value, home);
    if (taken !== undefined) return err(taken);
    const content = { kind: 'registration', ...wanted, room: home.room, person } as const;
    const { type, number } = checked.value.document;
    const subject = vault.whole(`registration:${type}:${documentLookup(number)}`);
    return this.#keep({ ...sender, kind: 'registration', community, subject, content });
  }

  async photo({ resident, picture: text, forGuards }: NewPhoto, sender: Sender): Submitted {
    const { registry, vault, photoRules } = this.#place;
    const record = await registry.record(resident);
    const view = await registry.resident(resident);
    if (view === undefined || record === undefined || record.ended !== null) return err('no-such-resident');
    const picture = await this.#picture(text);
    if (!picture.ok) return picture;
    const misfit = misfitOf(picture.value, photoRules);
    if (misfit !== undefined) return err(misfit);
    const subject = vault.whole(`photo:${resident}`);
    const { community } = view;
    return this.#keep({
      ...sender,
      kind: 'photo',
      community,
      place: resident,
      subject,
      picture: picture.value,
      forGuards,
    });
  }

  async appeal({ type, community, room, right, picture: text }: NewAppeal, sender: Sender): Submitted {
    const { persons, vault } = this.#place;
    if (!this.#isOurs(community)) return err('no-such-community');
    const [checked, read] = [persons.check(right), checkRoom(room)];
    if (!checked.ok || !read.ok) return wrong(checked, read);
    if (type === 'phone' && checked.value.phone === undefined) return err('phone-missing');
    const picture = await this.#picture(text);
    if (!picture.ok) return picture;
    const { document } = checked.value;
    const subject = vault.whole(`appeal:${document.type}:${documentLookup(document.number)}`);
    const content = { kind: 'appeal', type, room: read.value.text, right: checked.value } as const;
    return this.#keep({ ...sender, kind: 'appeal', community, subject, content, picture: picture.value });
  }

  #isOurs(community: number): boolean {
    return this.#place.communities.some(({ id }) => id === community);
  }

  /** A few at a time: each is megabytes, and strangers send them. */
  async #picture(text: string): Promise<Result<CleanPicture, SubmitProblem>> {
    if (this.#pictures >= PICTURES_AT_ONCE) return err('pictures-busy');
    this.#pictures += 1;
    try {
      const bytes = Buffer.from(text, 'base64');
      // What is not of the alphabet is skipped by Node: then it would be shorter than it says.
      if (Math.ceil(bytes.length / 3) * 4 !== text.length) return err('picture-text');
      return await cleanPicture(new Uint8Array(bytes));
    } finally {
      this.#pictures -= 1;
    }
  }

  #keep(given: NewApplication): Submitted {
    return alone(this.#place.database, async (transaction) => {
      const problem = await tooMany(transaction, given);
      return problem === undefined
        ? ok(await insertApplication(transaction, given, this.#place))
        : err(problem);
    });
  }
}

async function tooMany(
  transaction: Transaction<Tables>,
  { kind, subject, now }: NewApplication,
): Promise<SubmitProblem | undefined> {
  const { waiting } = await transaction
    .selectFrom('application')
    .select(({ fn }) => fn.countAll<number | string | bigint>().as('waiting'))
    .where('state', '=', 'waiting')
    .executeTakeFirstOrThrow();
  if (Number(waiting) >= WAITING_MAX) return 'too-many-waiting';
  const same = await transaction
    .selectFrom('application')
    .select(['state', 'submitted_at'])
    .where('subject', '=', subject)
    .orderBy('id', 'desc')
    .limit(APPEALS_MAX)
    .execute();
  const isOpen = ({ state }: { state: string }) =>
    state === 'waiting' || (kind === 'appeal' && state === 'accepted');
  if (same.some(isOpen)) return 'waits-already';
  const lately = same.filter(({ submitted_at: at }) => at > now - APPEALS_WITHIN_MS);
  return kind === 'appeal' && lately.length >= APPEALS_MAX ? 'too-many-appeals' : undefined;
}

function misfitOf({ width, height, bytes }: CleanPicture, rules: PhotoRules): SubmitProblem | undefined {
  if (bytes.length > rules.bytesMax) return 'picture-bytes';
  if (width < rules.widthMin || height < rules.heightMin) return 'picture-small';
  return rules.isPortrait && width >= height ? 'picture-wide' : undefined;
}

function wrong(
  checked: Result<unknown, readonly FieldError[]>,
  read: Result<unknown, unknown>,
): Result<never, SubmitProblem> {
  const errors = checked.ok ? [] : checked.error;
  return err({ errors: read.ok ? errors : [...errors, { field: 'room' }] });
}
