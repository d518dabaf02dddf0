import { COMMAND_VERBS, type CommandVerb, gateId, newCommandBody } from '../../../wire/index.ts';
import type { DeskRole } from '../../accounts/roles.ts';
import { type GateView, gateFacts, gateViews } from '../gate-views.ts';
import type { Fields } from '../kit/page.ts';
import type { FormHandler, Outcome, Screen, Visit } from '../kit/screen.ts';
import { ENTRIES_OF_GATE } from '../limits.ts';
import { gateView } from '../views/gate-view.ts';
import { problemText } from '../words/problems.ts';
import { COMMAND_REASONS, END_REASONS, reasonOf, withReason } from '../words/reasons.ts';
import { READS_GATES } from '../views/wall-view.ts';

/** One gate: what it says of itself, what it was ordered, whether its journal holds, and the end of its life. */
const ACTS: readonly DeskRole[] = ['operator'];
/** Orders that one person gives alone; `release` opens more than one door and takes two. */
const ALONE = new Set<CommandVerb>(['open', 'lock-down', 'reload', 'identify']);

export const gate: Screen = {
  path: '/gates/:gate',
  may: READS_GATES,
  async show(visit) {
    const { parts, page, param } = visit;
    const { checks } = parts.keeping;
    const facts = await gateFacts(parts, [param('gate')]);
    const [view] = gateViews(facts);
    if (view === undefined) return undefined;
    const days = visit.query('days') === '7' ? 7 : 1;
    const [entries, streams, history, drills] = await Promise.all([
      newest(visit, view),
      parts.rows.streams([view.id]),
      parts.rows.history(view.id, days),
      parts.rows.drills(view.id),
    ]);
    return gateView(page, {
      view,
      entries,
      documents: facts.documents,
      stored: streams.find(({ journal }) => journal === view.status?.journal.id),
      history,
      days,
      drills,
      orders: visit.orders.of(view.id),
      checks: { isRunning: checks.running, last: await checks.last(view.id) },
    });
  },
  forms: {
    ...Object.fromEntries(
      COMMAND_VERBS.filter((verb) => ALONE.has(verb)).map((verb) => [verb, ordering(verb)]),
    ),
    release: { may: ACTS, act: askRelease },
    verify: { may: READS_GATES, act: verify },
    confirm: { may: ACTS, act: confirm },
    acknowledge: { may: ACTS, act: acknowledge },
    retired: { may: ACTS, act: (visit, fields) => end(visit, 'retired', fields) },
    stolen: { may: ACTS, act: (visit, fields) => end(visit, 'stolen', fields) },
  },
};

/** In the background, where a journal of any length is read page by page. */
async function verify(visit: Visit): Promise<Outcome> {
  const { parts, param } = visit;
  if ((await parts.registry.gate(param('gate'))) === undefined)
    return { problem: problemText('no-such-gate') };
  return parts.keeping.checks.start(param('gate'))
    ? done(visit, 'check-started')
    : { problem: problemText('check-runs') };
}

async function newest({ parts }: Visit, { id }: GateView) {
  const found = await parts.rows.find({ gates: [id], limit: ENTRIES_OF_GATE });
  return found.ok ? found.value.entries : [];
}

function ordering(verb: CommandVerb): FormHandler {
  return {
    may: ACTS,
    async act(visit, fields) {
      const reason = reasonOf(fields, COMMAND_REASONS);
      const order = newCommandBody.safeParse({ verb, reason, ...laneOf(fields) });
      if (reason === undefined || !order.success) return { problem: problemText('reason') };
      const id = visit.param('gate');
      const { parts, principal } = visit;
      const given = await parts.orders.give(id, order.data, principal.account);
      const outcome = withReason(given.ok ? given.value : given.error, reason);
      await parts.audit.note({ account: principal.account, action: `command ${verb}`, subject: id, outcome });
      if (!given.ok) return { problem: problemText(given.error) };
      visit.orders.add(id, { jti: given.value, verb, by: principal.account, at: parts.clock.wall() });
      return done(visit, 'command-sent');
    },
  };
}

function laneOf(fields: ReadonlyMap<string, string>) {
  const lane = fields.get('lane');
  return lane === undefined || lane === '' ? {} : { lane };
}

async function askRelease(
  { parts, principal, ...visit }: Visit,
  fields: ReadonlyMap<string, string>,
): Promise<Outcome> {
  const reason = reasonOf(fields, COMMAND_REASONS);
  if (reason === undefined) return { problem: problemText('reason') };
  const asked = await parts.approvals.ask(principal, {
    action: 'release doors',
    body: { gate: visit.param('gate'), reason, ...laneOf(fields) },
  });
  return asked.ok ? done(visit, 'asked-second') : { problem: problemText(asked.error) };
}

async function confirm(visit: Visit, fields: ReadonlyMap<string, string>): Promise<Outcome> {
  const { parts, principal, param } = visit;
  const id = param('gate');
  const confirmed = await parts.enrolments.confirm(id, fields.get('fingerprint') ?? '');
  const outcome = confirmed.ok ? 'done' : confirmed.error;
  await parts.audit.note({ account: principal.account, action: 'confirm gate', subject: id, outcome });
  if (!confirmed.ok) return { problem: problemText(confirmed.error) };
  const gate = await parts.registry.gate(id);
  if (gate !== undefined)
    await parts.publisher.registryChanged({ what: 'gates', communities: [gate.community] });
  return done(visit, 'gate-confirmed');
}

async function acknowledge(visit: Visit, fields: ReadonlyMap<string, string>): Promise<Outcome> {
  const { parts, principal, param } = visit;
  const id = fields.get('alarm') ?? '';
  const seen = await parts.rows.acknowledge(param('gate'), id, principal.account);
  if (!seen.ok) return { problem: problemText(seen.error) };
  await parts.audit.note({
    account: principal.account,
    action: 'acknowledge alarm',
    subject: `${param('gate')}/${id}`,
    outcome: 'done',
  });
  return done(visit, 'alarm-seen');
}

async function end(visit: Visit, state: 'retired' | 'stolen', fields: Fields): Promise<Outcome> {
  const { parts, principal, param } = visit;
  const reason = reasonOf(fields, END_REASONS);
  if (reason === undefined) return { problem: problemText('reason') };
  const ended = await parts.life.end(param('gate'), { state, reason });
  const outcome = ended.ok ? 'done' : ended.error;
  await parts.audit.note({
    account: principal.account,
    action: `gate ${state}`,
    subject: param('gate'),
    outcome: withReason(outcome, reason),
  });
  return ended.ok ? done(visit, 'gate-ended') : { problem: problemText(ended.error) };
}

function done(
  { param }: Pick<Visit, 'param'>,
  notice: 'command-sent' | 'asked-second' | 'gate-confirmed' | 'alarm-seen' | 'gate-ended' | 'check-started',
): Outcome {
  const id = gateId.safeParse(param('gate'));
  return { go: id.success ? `/console/gates/${id.data}` : '/console/gates', notice };
}
