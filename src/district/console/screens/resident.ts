import {
  newCardBody,
  newPassBody,
  residentIndex,
  type ResidentView,
  RESIDENT_STATES,
} from '../../../wire/index.ts';
import { type CardFace, cardPdf, SHEET_CARDS_MAX } from '../../issuing/card-pdf.ts';
import type { Fields } from '../kit/page.ts';
import { send } from '../kit/desk.ts';
import type { Outcome, Screen, Visit } from '../kit/screen.ts';
import { ENTRIES_OF_GATE, PASSES_SHOWN } from '../limits.ts';
import { passPage, recordView, residentPage } from '../views/resident-view.ts';
import { problemText } from '../words/problems.ts';
import { READS_RESIDENTS, REGISTERS } from './residents.ts';

/** One resident: household, state, phones, passes and cards. Whatever changes them goes to the gates at once. */
export const resident: Screen = {
  path: '/residents/:index',
  may: READS_RESIDENTS,
  async show(visit) {
    const { parts, page } = visit;
    const view = await viewOf(visit);
    if (view === undefined) return undefined;
    const all = await parts.registry.residents(HOUSEHOLDS_SCANNED_MAX);
    const found = await parts.rows.find({ place: view.index, limit: ENTRIES_OF_GATE });
    return residentPage(page, {
      view,
      household: all.filter(({ household, index }) => household === view.household && index !== view.index),
      passes: await parts.rows.passes(view.index, PASSES_SHOWN),
      entries: found.ok ? found.value.entries : [],
      person: await personOf(visit, view),
      community: communityText(visit, view.community),
    });
  },
  forms: {
    state: { may: ['registrar', 'operator'], act: setState },
    replace: { may: REGISTERS, act: replace },
    card: { may: REGISTERS, act: card },
    pass: { may: REGISTERS, act: pass },
    'pass-state': { may: ['registrar', 'operator'], act: setPassState },
    reveal: { may: ['registrar', 'reviewer'], act: reveal },
  },
};

const HOUSEHOLDS_SCANNED_MAX = 1_000;

async function viewOf({ parts, param }: Visit): Promise<ResidentView | undefined> {
  const index = residentIndex.safeParse(
    /^\d{1,10}$/.test(param('index')) ? Number(param('index')) : undefined,
  );
  return index.success ? parts.registry.resident(index.data) : undefined;
}

async function personOf({ parts }: Visit, { community, room, index }: ResidentView) {
  const found = (await parts.persons?.search({ by: 'room', community, room })) ?? [];
  return found.find(({ residences }) => residences.some((each) => each.index === index));
}

function communityText({ parts }: Visit, id: number): string {
  return parts.communities.find((each) => each.id === id)?.name ?? String(id);
}

/** Written down with its outcome; reasons are for people and stay out of the log's own words. */
async function note(
  { parts, principal }: Visit,
  deed: { action: string; subject: number; outcome: string },
): Promise<void> {
  await parts.audit.note({ account: principal.account, ...deed, subject: String(deed.subject) });
}

async function setState(visit: Visit, fields: Fields): Promise<Outcome> {
  const { parts } = visit;
  const view = await viewOf(visit);
  if (view === undefined) return { problem: problemText('no-such-resident') };
  const state = RESIDENT_STATES.find((each) => each === fields.get('state'));
  const reason = fields.get('reason')?.trim() ?? '';
  if (state === undefined || reason === '' || reason.length > 200) return { problem: problemText('reason') };
  const isSet = await parts.registry.setState(view.index, state);
  await note(visit, {
    action: `set resident ${state}`,
    subject: view.index,
    outcome: isSet ? 'done' : 'ended',
  });
  if (!isSet) return { problem: problemText('ended') };
  await parts.publisher.statusChanged('residents', [view.index]);
  return { go: here(view), notice: 'state-changed' };
}

async function replace(visit: Visit): Promise<Outcome> {
  const { parts } = visit;
  const view = await viewOf(visit);
  if (view === undefined) return { problem: problemText('no-such-resident') };
  const replaced = await parts.registry.replaceIndex(view.index);
  await note(visit, {
    action: 'replace index',
    subject: view.index,
    outcome: replaced.ok ? 'done' : replaced.error,
  });
  if (!replaced.ok) return { problem: problemText(replaced.error) };
  await parts.publisher.statusChanged('residents', [replaced.value.revoked, replaced.value.index]);
  await parts.publisher.registryChanged();
  return { go: `/console/residents/${replaced.value.index}`, notice: 'replaced' };
}

/** The file is the answer: it holds a code, so it is kept nowhere here. A sheet has the household's cards. */
async function card(visit: Visit, fields: Fields): Promise<Outcome> {
  const { parts, context } = visit;
  const view = await viewOf(visit);
  const body = newCardBody.safeParse({ days: Number(fields.get('days') ?? Number.NaN) });
  if (view === undefined) return { problem: problemText('no-such-resident') };
  if (!body.success) return { problem: problemText('days') };
  const isSheet = fields.get('layout') === 'sheet';
  const community = fields.get('community')?.trim().slice(0, 40) || communityText(visit, view.community);
  const faces: CardFace[] = [];
  for (const each of isSheet ? await householdOf(visit, view) : [view]) {
    const issued = await parts.issuing.card(each.index, body.data.days);
    await note(visit, {
      action: 'issue card',
      subject: each.index,
      outcome: issued.ok ? 'done' : issued.error,
    });
    if (!issued.ok && each.index === view.index) return { problem: problemText(issued.error) };
    if (!issued.ok) continue;
    const { code } = issued.value;
    faces.push({ code, name: each.display ?? '', community });
  }
  const file = await cardPdf(faces, isSheet ? 'sheet' : 'card', parts.clock.wall());
  context.header('content-disposition', 'attachment; filename="card.pdf"');
  return { answer: context.body(new Uint8Array(file).buffer, 200, { 'content-type': 'application/pdf' }) };
}

async function householdOf({ parts }: Visit, view: ResidentView): Promise<readonly ResidentView[]> {
  const all = await parts.registry.residents(HOUSEHOLDS_SCANNED_MAX);
  const others = all.filter(({ household, index }) => household === view.household && index !== view.index);
  return [view, ...others].slice(0, SHEET_CARDS_MAX);
}

async function pass(visit: Visit, fields: Fields): Promise<Outcome> {
  const { parts, tickets, session } = visit;
  const view = await viewOf(visit);
  if (view === undefined) return { problem: problemText('no-such-resident') };
  const body = newPassBody.safeParse({
    community: view.community,
    minutes: Number(fields.get('minutes') ?? Number.NaN),
    uses: Number(fields.get('uses') ?? Number.NaN),
  });
  if (!body.success) return { problem: problemText('number') };
  const issued = await parts.issuing.pass(view.index, body.data);
  await note(visit, {
    action: 'issue pass',
    subject: view.index,
    outcome: issued.ok ? 'done' : issued.error,
  });
  if (!issued.ok) return { problem: problemText(issued.error) };
  // A pass beyond the list's end is refused: the list grows before the pass is handed out.
  await parts.publisher.statusChanged('visitors', [issued.value.passId]);
  return { go: `/console/shown/${tickets.keep(session, passPage(view.index, issued.value))}` };
}

async function setPassState(visit: Visit, fields: Fields): Promise<Outcome> {
  const { parts } = visit;
  const view = await viewOf(visit);
  if (view === undefined) return { problem: problemText('no-such-resident') };
  const state = RESIDENT_STATES.find((each) => each === fields.get('state'));
  const own = await parts.rows.passes(view.index, PASSES_SHOWN);
  const wanted = own.find(({ id }) => String(id) === fields.get('pass'));
  if (state === undefined || wanted === undefined) return { problem: problemText('no-such-pass') };
  await parts.registry.setPassState(wanted.id, state);
  await note(visit, { action: `set pass ${state}`, subject: wanted.id, outcome: 'done' });
  await parts.publisher.statusChanged('visitors', [wanted.id]);
  return { go: here(view), notice: 'pass-changed' };
}

/** Written down first: when that fails, nothing is shown. The answer is this one page, which no address leads to. */
async function reveal(visit: Visit, fields: Fields): Promise<Outcome> {
  const { parts } = visit;
  const view = await viewOf(visit);
  const person = view === undefined ? undefined : await personOf(visit, view);
  const reason = fields.get('reason')?.trim() ?? '';
  if (view === undefined || person === undefined || parts.persons === undefined)
    return { problem: problemText('no-such-resident') };
  if (reason.length < 2 || reason.length > 200) return { problem: problemText('reason') };
  const record = await parts.persons.reveal(person.person, reason, (id) =>
    note(visit, { action: 'reveal person', subject: id, outcome: 'shown' }),
  );
  if (!record.ok) return { problem: problemText('no-such-resident') };
  return { answer: await send(visit, recordView(visit.page, view, record.value), 200) };
}

function here({ index }: ResidentView): string {
  return `/console/residents/${index}`;
}
