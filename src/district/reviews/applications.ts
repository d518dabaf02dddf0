import type { Transaction } from 'kysely';
import { assert, err, ok, type Result } from '../../base/index.ts';
import type { Clock } from '../../ports/index.ts';
import {
  type ApplicationKind,
  type ApplicationLine,
  type NewAppeal,
  type NewPhoto,
  type NewRegistration,
  REFUSAL_REASONS,
  type ResidentView,
} from '../../wire/index.ts';
import type { Tables } from '../database/database.ts';
import { alone } from '../database/transaction.ts';
import type { Audit } from '../accounts/audit.ts';
import type { Publisher } from '../publishing/publisher.ts';
import type { Correction, CorrectionProblem } from '../registry/corrections.ts';
import type { AddProblem, Persons } from '../registry/persons.ts';
import { checkGuardPhoto, type GuardPhotoProblem } from '../photos/check-photo.ts';
import type { GuardPhotos } from '../photos/guard-photos.ts';
import { linesOf } from './application-lines.ts';
import { type ApplicationCounts, type ListAsked, listedRows, waitingCounts } from './application-queries.ts';
import {
  type AppealContent,
  type ApplicationContent,
  eraseContent,
  readContent,
  readPicture,
  readWords,
  wordsOf,
} from './application-store.ts';
import { eraseDue, renewKeys } from './keep-applications.ts';
import { CONTENT_DAYS, PHOTO_DAYS, REVIEW_WORKING_DAYS } from './limits.ts';
import type { CleanPicture } from './pictures/picture-form.ts';
import { type Sender, Submitting, type SubmittingPlace, type SubmitProblem } from './submitting.ts';
import type { ApplicationRow } from './tables.ts';
import { dueAfter, type WorkCalendar } from './working-days.ts';

/**
 * Registrations, photos and appeals on their way through review. Whoever sent one in never decides it; what a decision
 * changes is changed by the registry, together with the decision or not at all; what was sent is erased on its date.
 */
export interface ApplicationsOptions extends SubmittingPlace {
  readonly persons: Pick<Persons, 'check' | 'taken' | 'add' | 'correct' | 'concerned'>;
  readonly publisher: Pick<Publisher, 'statusChanged' | 'registryChanged'>;
  readonly audit: Pick<Audit, 'note'>;
  readonly photos: Pick<GuardPhotos, 'put' | 'shown'>;
  readonly clock: Clock;
  readonly calendar: WorkCalendar;
  /** Days; CONTENT_DAYS and PHOTO_DAYS when left out. */
  readonly contentDays?: number | undefined;
  readonly photoDays?: number | undefined;
}

export type DecideProblem = 'no-such-application' | 'not-waiting' | 'own-application' | 'content-erased';
export type AcceptProblem = DecideProblem | AddProblem | GuardPhotoProblem | 'guard-photo-unasked' | 'ended';
export type RefuseProblem = DecideProblem | 'bad-refusal' | 'words-name';
export type ApplyProblem = DecideProblem | 'not-accepted' | CorrectionProblem;

export interface Decision {
  readonly receipt: string;
  /** Account */
  readonly by: string;
}

/** Somebody else was quicker: what was written meanwhile goes with the transaction. */
class Overtaken extends Error {}

const DAY_MS = 86_400_000;
type Within = Transaction<Tables>;

export class Applications {
  readonly #options: ApplicationsOptions;
  readonly #submitting: Submitting;

  constructor(options: ApplicationsOptions) {
    this.#options = options;
    this.#submitting = new Submitting(options);
  }

  get photoRules() {
    return this.#options.photoRules;
  }

  submitRegistration(body: NewRegistration, by: string) {
    return this.#submitted(this.#submitting.registration(body, this.#sender(by)), by);
  }

  submitPhoto(body: NewPhoto, by: string) {
    return this.#submitted(this.#submitting.photo(body, this.#sender(by)), by);
  }

  submitAppeal(body: NewAppeal, by: string) {
    return this.#submitted(this.#submitting.appeal(body, this.#sender(by)), by);
  }

  async line(receipt: string): Promise<ApplicationLine | undefined> {
    const row = await this.#row(receipt);
    return row === undefined ? undefined : (await this.#lines([row]))[0];
  }

  /** A reviewer's own words for the applicant. */
  async wordsFor(receipt: string): Promise<string | undefined> {
    const row = await this.#row(receipt);
    return row === undefined ? undefined : readWords(this.#options.vault, row);
  }

  async list(asked: ListAsked = {}): Promise<readonly ApplicationLine[]> {
    return this.#lines(await listedRows(this.#options.database, asked));
  }

  /** How many wait of each kind, and how many of all are overdue. */
  counts(): Promise<ApplicationCounts> {
    const { database, clock } = this.#options;
    return waitingCounts(database, clock.wall());
  }

  /** What was sent; undefined: there was nothing but a picture, or it is erased. */
  async content(receipt: string): Promise<ApplicationContent | undefined> {
    const row = await this.#row(receipt);
    return row === undefined ? undefined : readContent(this.#options.vault, row);
  }

  /** All of what was sent. Who looks and what for is written down first: when that fails, nothing is shown. */
  async reveal(decision: Decision, purpose: string): Promise<ApplicationContent | undefined> {
    const content = await this.content(decision.receipt);
    if (content !== undefined) await this.#note(decision, `reveal ${content.kind}`, purpose);
    return content;
  }

  /** Written down as a look at a whole record is. */
  async picture(decision: Decision): Promise<CleanPicture | undefined> {
    const row = await this.#row(decision.receipt);
    const picture = row === undefined ? undefined : await readPicture(this.#options, row);
    if (picture !== undefined) await this.#note(decision, 'look at picture');
    return picture;
  }

  /** Persons whom an appeal would correct. */
  async concerned(receipt: string): Promise<readonly number[]> {
    const row = await this.#row(receipt);
    const content = row === undefined ? undefined : readContent(this.#options.vault, row);
    if (row === undefined || content?.kind !== 'appeal') return [];
    return this.#options.persons.concerned(correctionOf(row, content));
  }

  /**
   * A registration makes its resident with this; an appeal goes on to be applied.
   * @param guardPhoto base64 of the copy that guards are shown; without it they are shown none
   */
  async accept(
    { receipt, by }: Decision,
    guardPhoto?: string,
  ): Promise<Result<ApplicationLine, AcceptProblem>> {
    const found = await this.#toDecide(receipt, by);
    if (!found.ok) return found;
    const row = found.value;
    if (guardPhoto !== undefined && row.for_guards === 0) return err('guard-photo-unasked');
    if (row.kind === 'registration') return this.#acceptRegistration(row, by);
    if (row.kind === 'photo') return this.#acceptPhoto(row, by, guardPhoto);
    const isDone = await this.#mark(this.#options.database, row, {
      ...this.#decided(by, 'content'),
      state: 'accepted',
      due_at: this.#due(),
      // An appeal's data is needed until it is applied.
      erase_at: null,
    });
    return isDone ? this.#told({ receipt, by }, 'accept appeal') : err('not-waiting');
  }

  async refuse(
    { receipt, by }: Decision,
    { reason, words = '' }: { reason: string; words?: string | undefined },
  ): Promise<Result<ApplicationLine, RefuseProblem>> {
    const found = await this.#toDecide(receipt, by);
    if (!found.ok) return found;
    const row = found.value;
    const reasons: readonly string[] = REFUSAL_REASONS[row.kind as ApplicationKind];
    if (!reasons.includes(reason)) return err('bad-refusal');
    if (nameIn(words, readContent(this.#options.vault, row))) return err('words-name');
    const isDone = await this.#mark(this.#options.database, row, {
      ...this.#decided(by, 'content'),
      state: 'refused',
      reason,
      due_at: null,
      words: words === '' ? null : this.#options.vault.seal(wordsOf(row.id), words),
    });
    const action = `refuse ${row.kind}`;
    return isDone ? this.#told({ receipt, by }, action, `done: ${reason}`) : err('not-waiting');
  }

  /** The second step of an appeal. */
  async apply({ receipt, by }: Decision): Promise<Result<ApplicationLine, ApplyProblem>> {
    const { vault, persons, publisher, clock } = this.#options;
    const row = await this.#row(receipt);
    if (row === undefined) return err('no-such-application');
    if (row.kind !== 'appeal' || row.state !== 'accepted') return err('not-accepted');
    const content = readContent(vault, row);
    if (content?.kind !== 'appeal') return err('content-erased');
    try {
      const done = await persons.correct(correctionOf(row, content), async (transaction, { effect }) => {
        const change = {
          state: 'applied',
          applied_by: by,
          applied_at: clock.wall(),
          due_at: null,
          effect: JSON.stringify(effect),
          erase_at: this.#eraseAt('content'),
        };
        if (!(await this.#mark(transaction, row, change))) throw new Overtaken();
      });
      if (!done.ok) return done;
      if (done.value.places.length > 0) await publisher.statusChanged('residents', done.value.places);
      await publisher.registryChanged({ what: 'people', communities: done.value.communities });
    } catch (fault) {
      if (fault instanceof Overtaken) return err('not-accepted');
      throw fault;
    }
    return this.#told({ receipt, by }, 'apply appeal');
  }

  /** By whoever sent it, while it waits: what was sent is erased at once. */
  async withdraw({
    receipt,
    by,
  }: Decision): Promise<Result<ApplicationLine, 'no-such-application' | 'not-waiting'>> {
    const { database, clock } = this.#options;
    const row = await this.#row(receipt);
    if (row === undefined) return err('no-such-application');
    const change = { state: 'withdrawn', decided_at: clock.wall(), due_at: null };
    const isDone =
      row.state === 'waiting' &&
      (await database.transaction().execute(async (transaction) => {
        if (!(await this.#mark(transaction, row, change))) return false;
        await eraseContent(transaction, [row.id]);
        return true;
      }));
    return isDone ? this.#told({ receipt, by }, `withdraw ${row.kind}`) : err('not-waiting');
  }

  /** What is due from time to time. */
  readonly keep = async (): Promise<void> => {
    await eraseDue(this.#options);
    await renewKeys(this.#options);
  };

  async #acceptRegistration(
    row: ApplicationRow,
    by: string,
  ): Promise<Result<ApplicationLine, AcceptProblem>> {
    const { vault, persons, publisher } = this.#options;
    const content = readContent(vault, row);
    if (content?.kind !== 'registration') return err('content-erased');
    const { kind: _kind, ...told } = content;
    let added: Result<ResidentView, AddProblem>;
    try {
      added = await persons.add({ ...told, community: row.community }, async (transaction, index) => {
        const change = { ...this.#decided(by, 'content'), state: 'accepted', due_at: null, place: index };
        if (!(await this.#mark(transaction, row, change))) throw new Overtaken();
      });
    } catch (fault) {
      if (fault instanceof Overtaken) return err('not-waiting');
      throw fault;
    }
    if (!added.ok) return added;
    await publisher.registryChanged({ what: 'people', communities: [row.community] });
    return this.#told({ receipt: row.receipt, by }, 'accept registration');
  }

  async #acceptPhoto(
    row: ApplicationRow,
    by: string,
    guardPhoto: string | undefined,
  ): Promise<Result<ApplicationLine, AcceptProblem>> {
    const { database, photos } = this.#options;
    const copy = guardPhoto === undefined ? undefined : checkGuardPhoto(guardPhoto);
    if (copy?.ok === false) return copy;
    const { receipt, place } = row;
    const change = { ...this.#decided(by, 'photo'), state: 'accepted', due_at: null };
    const problem = await alone(database, async (transaction) => {
      if (copy !== undefined && place !== null) {
        const isKept = await photos.put(transaction, { place, jpeg: copy.value, receipt });
        if (!isKept) return 'ended';
      }
      if (await this.#mark(transaction, row, change)) return undefined;
      throw new Overtaken();
    }).catch(overtaken);
    if (problem !== undefined) return err(problem);
    const outcome = row.for_guards === 0 ? 'done' : copy === undefined ? 'done: no copy' : 'done: for guards';
    return this.#told({ receipt, by }, 'accept photo', outcome);
  }

  async #toDecide(receipt: string, by: string): Promise<Result<ApplicationRow, DecideProblem>> {
    const row = await this.#row(receipt);
    if (row === undefined) return err('no-such-application');
    if (row.state !== 'waiting') return err('not-waiting');
    return row.submitted_by === by ? err('own-application') : ok(row);
  }

  /** @returns false when it is not any more what it was when it was read */
  async #mark(
    database: Pick<Within, 'updateTable'>,
    { id, state }: ApplicationRow,
    change: Partial<Omit<ApplicationRow, 'id' | 'receipt' | 'kind'>>,
  ): Promise<boolean> {
    const done = await database
      .updateTable('application')
      .set(change)
      .where('id', '=', id)
      .where('state', '=', state)
      .executeTakeFirst();
    return done.numUpdatedRows > 0n;
  }

  #decided(by: string, kept: 'content' | 'photo') {
    const now = this.#options.clock.wall();
    return { reviewed_by: by, decided_at: now, erase_at: this.#eraseAt(kept) };
  }

  #eraseAt(kept: 'content' | 'photo'): number {
    const { clock, contentDays = CONTENT_DAYS, photoDays = PHOTO_DAYS } = this.#options;
    return clock.wall() + (kept === 'photo' ? photoDays : contentDays) * DAY_MS;
  }

  #due(): number {
    return dueAfter(this.#options.clock.wall(), REVIEW_WORKING_DAYS, this.#options.calendar);
  }

  #sender(by: string): Sender {
    return { by, now: this.#options.clock.wall(), dueAt: this.#due() };
  }

  async #submitted(
    given: Promise<Result<string, SubmitProblem>>,
    by: string,
  ): Promise<Result<ApplicationLine, SubmitProblem>> {
    const receipt = await given;
    if (!receipt.ok) return receipt;
    const line = await this.#again(receipt.value);
    if (line.ok) await this.#note({ receipt: receipt.value, by }, `submit ${line.value.kind}`);
    return line;
  }

  /** Who did what to which receipt; nothing of what is in it. */
  #note({ receipt, by }: Decision, action: string, outcome = 'done'): Promise<void> {
    return this.#options.audit.note({ account: by, action, subject: receipt, outcome });
  }

  async #told(decision: Decision, action: string, outcome?: string): Promise<Result<ApplicationLine, never>> {
    await this.#note(decision, action, outcome);
    return this.#again(decision.receipt);
  }

  async #again(receipt: string): Promise<Result<ApplicationLine, never>> {
    const line = await this.line(receipt);
    assert(line !== undefined, 'an application is there after it was changed');
    return ok(line);
  }

  #row(receipt: string): Promise<ApplicationRow | undefined> {
    const all = this.#options.database.selectFrom('application').selectAll();
    return all.where('receipt', '=', receipt).executeTakeFirst();
  }

  async #lines(rows: readonly ApplicationRow[]): Promise<ApplicationLine[]> {
    const { clock, photos } = this.#options;
    const wanted = rows.filter((row) => row.for_guards === 1).map(({ receipt }) => receipt);
    return linesOf(rows, { now: clock.wall(), shown: await photos.shown(wanted) });
  }
}

function overtaken(fault: unknown): 'not-waiting' {
  if (fault instanceof Overtaken) return 'not-waiting';
  throw fault;
}

function correctionOf({ community }: ApplicationRow, { type, right, room }: AppealContent): Correction {
  return { type, right, home: { community, room } };
}

/** The applicant reads them by the receipt number alone, so they name nobody. */
function nameIn(words: string, content: ApplicationContent | undefined): boolean {
  const name = content?.kind === 'registration' ? content.person.name : content?.right.name;
  return name !== undefined && words.replace(/\s/g, '').includes(name.replace(/\s/g, ''));
}
