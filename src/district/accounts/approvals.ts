import { hash } from 'node:crypto';
import type { z } from 'zod';
import { assert, err, ok, type Result, toHex } from '../../base/index.ts';
import type { Clock, Log, Random } from '../../ports/index.ts';
import { APPROVAL_STATES, type ApprovalState, type ApprovalView, type DeskRole } from '../../wire/index.ts';
import type { Database } from '../database/database.ts';
import { alone } from '../database/transaction.ts';
import { APPROVAL_MS, APPROVALS_LISTED_MAX, APPROVALS_OPEN_MAX, SAME_OPENER_MS } from '../limits.ts';
import { APPROVAL_RULES, type ApprovalRule, type DangerousAction } from './approval-rules.ts';
import type { Audit } from './audit.ts';
import { type Principal, RESERVED_NAMES } from './roles.ts';
import { rolesOf } from './sessions.ts';
import type { ApprovalTable } from './tables.ts';

/**
 * The rule of two persons: what is dangerous is asked for by one account, kept, and carried out only when a second one of a
 * fitting role approves exactly what was asked. It is carried out once at most, also over a crash; a request that nobody
 * decides in a quarter of an hour is over. Where one administrator has opened both accounts lately, whoever approves is
 * told so, and the audit log says it.
 */
export interface ApprovedBy {
  readonly asker: string;
  readonly approver: string;
}

export interface DangerousHandler<Body> {
  readonly schema: z.ZodType<Body>;
  /** The id that it is done to, for the audit log. */
  subject(body: Body): string;
  /** @returns the answer to whoever approved, or why it could not be done */
  run(body: Body, by: ApprovedBy): Promise<Result<object, string>>;
}

export type ApprovalProblem =
  | 'unknown-action'
  | 'bad-body'
  | 'not-yours-to-ask'
  | 'too-many-approvals'
  | 'no-such-approval'
  | 'approval-over'
  | 'approval-decided'
  | 'changed-body'
  | 'own-approval'
  | 'related-approver'
  | 'not-yours-to-approve'
  | 'asker-gone';

export interface ApprovalsOptions {
  readonly database: Database;
  readonly clock: Clock;
  readonly random: Random;
  readonly audit: Audit;
  readonly log: Log;
}

const ID_BYTES = 8;

export class Approvals {
  readonly #options: ApprovalsOptions;
  readonly #database: Database;
  readonly #handlers = new Map<string, DangerousHandler<unknown>>();

  constructor(options: ApprovalsOptions) {
    this.#options = options;
    this.#database = options.database;
  }

  /** At start, once for each action. */
  register<Body>(action: DangerousAction, handler: DangerousHandler<Body>): void {
    assert(!this.#handlers.has(action), 'a dangerous action has one handler');
    this.#handlers.set(action, handler);
  }

  async ask(
    principal: Principal,
    { action, body }: { action: string; body: unknown },
  ): Promise<Result<ApprovalView, ApprovalProblem>> {
    const [handler, rule] = [this.#handlers.get(action), ruleOf(action)];
    if (handler === undefined || rule === undefined) return err('unknown-action');
    if (RESERVED_NAMES.has(principal.account) || !hasOne(principal.roles, rule.asks))
      return err('not-yours-to-ask');
    const parsed = handler.schema.safeParse(body);
    if (!parsed.success) return err('bad-body');
    const row = this.#newRow(principal.account, { action, text: JSON.stringify(parsed.data) });
    const isKept = await alone(this.#database, async (transaction) => {
      await this.#expire(transaction);
      const open = await transaction
        .selectFrom('approval')
        .select('id')
        .where('state', '=', 'open')
        .execute();
      if (open.length >= APPROVALS_OPEN_MAX) return false;
      await transaction.insertInto('approval').values(row).execute();
      return true;
    });
    if (!isKept) return err('too-many-approvals');
    const subject = handler.subject(parsed.data);
    await this.#note(principal, { action: `ask to ${action}`, subject, outcome: `asked as ${row.id}` });
    return ok(viewOf(row));
  }

  /**
   * Newest first, the decided ones without what was in them.
   * @param reader is told of each open request whether its asker's account and this one have one opener
   */
  async list(reader?: string): Promise<ApprovalView[]> {
    await this.#expire(this.#database);
    const newest = this.#database.selectFrom('approval').selectAll().orderBy('asked_at', 'desc');
    const rows = await newest.limit(APPROVALS_LISTED_MAX).execute();
    const askers = rows.filter(({ state }) => state === 'open').map(({ asked_by: asker }) => asker);
    const people = reader === undefined ? undefined : await this.#peopleOf([...askers, reader]);
    return rows.map((row) => {
      const opener =
        row.state === 'open' ? this.#openerOf(people?.get(row.asked_by), people?.get(reader)) : undefined;
      return { ...viewOf(row), ...(opener === undefined ? {} : { sameOpener: opener }) };
    });
  }

  /** @param digest of what this person was shown; @returns what came of carrying it out */
  async approve(
    principal: Principal,
    { id, digest }: { id: string; digest: string },
  ): Promise<Result<Result<object, string>, ApprovalProblem>> {
    const open = await this.#open(id);
    if (!open.ok) return open;
    const row = open.value;
    const ready = await this.#ready(principal, row, digest);
    if (!ready.ok) {
      await this.#note(principal, { action: `approve to ${row.action}`, subject: id, outcome: ready.error });
      return ready;
    }
    // Taken before it is carried out: two who approve at once, or a crash, never carry it out twice.
    if (!(await this.#decide(id, 'approved', principal.account))) return err('approval-decided');
    const { handler, body, opener } = ready.value;
    const done = await this.#carryOut(
      row,
      handler.run(body, { asker: row.asked_by, approver: principal.account }),
    );
    const outcome = `${done.ok ? 'done' : 'failed'}, asked by ${row.asked_by}`;
    await this.#note(principal, {
      action: `approve to ${row.action}`,
      subject: handler.subject(body),
      outcome,
    });
    if (opener !== undefined) {
      const [subject, by] = [opener, `asked by ${row.asked_by}`];
      await this.#note(principal, { action: 'approve with one opener of both', subject, outcome: by });
    }
    return ok(done);
  }

  /** By whoever could approve it, and by whoever asked. */
  async refuse(principal: Principal, id: string): Promise<Result<ApprovalView, ApprovalProblem>> {
    const open = await this.#open(id);
    if (!open.ok) return open;
    const { action, asked_by } = open.value;
    const isOwn = asked_by === principal.account;
    const isNobody = RESERVED_NAMES.has(principal.account);
    if (isNobody || (!isOwn && !hasOne(principal.roles, ruleOf(action)?.approves ?? [])))
      return err('not-yours-to-approve');
    if (!(await this.#decide(id, 'refused', principal.account))) return err('approval-decided');
    await this.#note(principal, {
      action: `refuse to ${action}`,
      subject: id,
      outcome: `asked by ${asked_by}`,
    });
    return ok(viewOf({ ...open.value, state: 'refused', body: null, decided_by: principal.account }));
  }

  #newRow(asker: string, { action, text }: { action: string; text: string }): Row {
    const now = this.#options.clock.wall();
    return {
      id: toHex(this.#options.random.bytes(ID_BYTES)),
      action,
      body: text,
      digest: digestOf(text),
      state: 'open',
      asked_by: asker,
      asked_at: now,
      expires_at: now + APPROVAL_MS,
      decided_by: null,
    };
  }

  async #open(id: string): Promise<Result<Row, ApprovalProblem>> {
    await this.#expire(this.#database);
    const row = await this.#database
      .selectFrom('approval')
      .selectAll()
      .where('id', '=', id)
      .executeTakeFirst();
    if (row === undefined) return err('no-such-approval');
    if (row.state === 'open') return ok(row);
    return err(row.state === 'expired' ? 'approval-over' : 'approval-decided');
  }

  /** Everything that may speak against it, before anything is done. */
  async #ready(principal: Principal, row: Row, digest: string): Promise<Result<Ready, ApprovalProblem>> {
    const [handler, rule] = [this.#handlers.get(row.action), ruleOf(row.action)];
    if (handler === undefined || rule === undefined) return err('unknown-action');
    if (row.asked_by === principal.account) return err('own-approval');
    if (!hasOne(principal.roles, rule.approves)) return err('not-yours-to-approve');
    const people = await this.#peopleOf([row.asked_by, principal.account]);
    const [asker, approver] = [people.get(row.asked_by), people.get(principal.account)];
    if (approver === undefined) return err('not-yours-to-approve');
    if (asker === undefined || !hasOne(asker.roles, rule.asks)) return err('asker-gone');
    if (asker.invitedBy === principal.account || approver.invitedBy === row.asked_by)
      return err('related-approver');
    const text = row.body ?? '';
    if (digest !== row.digest || digestOf(text) !== row.digest) return err('changed-body');
    const body = handler.schema.safeParse(JSON.parse(text));
    if (!body.success) return err('bad-body');
    return ok({ handler, body: body.data, opener: this.#openerOf(asker, approver) });
  }

  /** Those who may still sign in, as they stand now, by their names. */
  async #peopleOf(names: readonly string[]): Promise<ReadonlyMap<string | undefined, Person>> {
    const found = await this.#database
      .selectFrom('account')
      .select(['name', 'roles', 'invited_by', 'invited_at', 'opened_at'])
      .where('name', 'in', [...names, ''])
      .where('disabled', '=', 0)
      .where('password', 'is not', null)
      .execute();
    return new Map(
      found.map((row) => [
        row.name,
        {
          roles: rolesOf(row.roles),
          invitedBy: row.invited_by,
          invitedAt: row.invited_at ?? row.opened_at,
        },
      ]),
    );
  }

  /** Whoever has opened both, one of them lately. The machine's own user is beyond this rule: root may write anything. */
  #openerOf(one: Person | undefined, other: Person | undefined): string | undefined {
    if (one === undefined || other === undefined || one === other) return undefined;
    if (one.invitedBy !== other.invitedBy || RESERVED_NAMES.has(one.invitedBy)) return undefined;
    const newest = Math.max(one.invitedAt, other.invitedAt);
    return newest > this.#options.clock.wall() - SAME_OPENER_MS ? one.invitedBy : undefined;
  }

  /** @returns false when somebody else has decided meanwhile, or its time is over */
  async #decide(id: string, state: ApprovalState, by: string): Promise<boolean> {
    // What was in it is needed no longer, and may name persons.
    const done = await this.#database
      .updateTable('approval')
      .set({ state, decided_by: by, body: null })
      .where('id', '=', id)
      .where('state', '=', 'open')
      .where('expires_at', '>', this.#options.clock.wall())
      .executeTakeFirst();
    return done.numUpdatedRows > 0n;
  }

  /** A fault is a failure that the log explains; the request is decided all the same. */
  async #carryOut(row: Row, running: Promise<Result<object, string>>): Promise<Result<object, string>> {
    const done = await running.catch((fault: unknown) => {
      const detail = fault instanceof Error ? fault.message.slice(0, 200) : 'unknown';
      this.#options.log.error({ action: row.action, approval: row.id, detail }, 'an approved action failed');
      return err('approved-failed');
    });
    const state: ApprovalState = done.ok ? 'done' : 'failed';
    await this.#database.updateTable('approval').set({ state }).where('id', '=', row.id).execute();
    return done;
  }

  async #expire(database: Database): Promise<void> {
    await database
      .updateTable('approval')
      .set({ state: 'expired', body: null })
      .where('state', '=', 'open')
      .where('expires_at', '<=', this.#options.clock.wall())
      .execute();
  }

  #note({ account }: Principal, deed: { action: string; subject: string; outcome: string }): Promise<void> {
    return this.#options.audit.note({ account, ...deed });
  }
}

interface Ready {
  readonly handler: DangerousHandler<unknown>;
  readonly body: unknown;
  /** Of both accounts. */
  readonly opener: string | undefined;
}

interface Person {
  readonly roles: ReadonlySet<DeskRole>;
  readonly invitedBy: string;
  /** Unix milliseconds */
  readonly invitedAt: number;
}

type Row = ApprovalTable;

function viewOf(row: Row): ApprovalView {
  return {
    id: row.id,
    action: row.action,
    ...(row.body === null ? {} : { body: JSON.parse(row.body) as unknown }),
    digest: row.digest,
    state: stateOf(row.state),
    askedBy: row.asked_by,
    askedAt: row.asked_at,
    expiresAt: row.expires_at,
    ...(row.decided_by === null ? {} : { decidedBy: row.decided_by }),
  };
}

function stateOf(text: string): ApprovalState {
  const state = APPROVAL_STATES.find((each) => each === text);
  assert(state !== undefined, 'a stored approval is in one of its states');
  return state;
}

/** Whatever the name, also one of Object's own. */
function ruleOf(action: string): ApprovalRule | undefined {
  return Object.hasOwn(APPROVAL_RULES, action) ? APPROVAL_RULES[action as DangerousAction] : undefined;
}

function hasOne(roles: ReadonlySet<DeskRole>, wanted: readonly DeskRole[]): boolean {
  return wanted.some((role) => roles.has(role));
}

function digestOf(text: string): string {
  return hash('sha256', text, 'hex');
}
