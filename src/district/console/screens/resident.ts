import { newCardBody, newPassBody, type ResidentView, RESIDENT_STATES } from '../../../wire/index.ts';
import { type CardFace, cardPdf, SHEET_CARDS_MAX } from '../../issuing/card-pdf.ts';
import type { Fields } from '../kit/page.ts';
import type { Outcome, Screen, Visit } from '../kit/screen.ts';
import { ENTRIES_OF_GATE, PASSES_SHOWN } from '../limits.ts';
import { passPage, residentPage } from '../views/resident-view.ts';
import { problemText } from '../words/problems.ts';
import { reasonOf, STATE_REASONS, withReason } from '../words/reasons.ts';
import { note, personOf, viewOf } from './one-resident.ts';
import { LIFE_FORMS } from './resident-life.ts';
import { READS_RESIDENTS, REGISTERS } from './residents.ts';

/** One resident: household, state, phones, passes and cards. Whatever changes them goes to the gates at once. */
export const resident: Screen = {
  path: '/residents/:index',
  may: READS_RESIDENTS,
  async show(visit) {
    const { parts, page } = visit;
    const view = await viewOf(visit);
    if (view === undefined) return undefined;
    const household = await parts.registry.household(view.community, view.room);
    const found = await parts.rows.find({ place: view.index, limit: ENTRIES_OF_GATE });
    const uptake = await parts.uptake.of('residents', view.index);
    return residentPage(page, {
      uptake,
      view,
      household: household.filter(({ index }) => index !== view.index),
      communities: parts.communities,
      passes: await parts.rows.passes(view.index, PASSES_SHOWN),
      entries: found.ok ? found.value.entries : [],
      person: await personOf(visit, view),
      community: communityText(visit, view.community),
    });
  },
  forms: {
    state: { may: ['registrar', 'operator'], act: setState },
    replace: { may: REGISTERS, act: replace },
    'remove-photo': { may: ['registrar', 'operator'], act: removePhoto },
    card: { may: REGISTERS, act: card },
    pass: { may: REGISTERS, act: pass },
    'pass-state': { may: ['registrar', 'operator'], act: setPassState },
    ...LIFE_FORMS,
  },
};

function communityText({ parts }: Visit, id: number): string {
  return parts.communities.find((each) => each.id === id)?.name ?? String(id);
}

async function setState(visit: Visit, fields: Fields): Promise<Outcome> {
  const { parts } = visit;
  const view = await viewOf(visit);
  if (view === undefined) return { problem: problemText('no-such-resident') };
  const state = RESIDENT_STATES.find((each) => each === fields.get('state'));
  const reason = reasonOf(fields, STATE_REASONS);
  if (state === undefined || reason === undefined) return { problem: problemText('reason') };
  const isSet = await parts.registry.setState(view.index, state);
  await note(visit, {
    action: `set resident ${state}`,
    subject: view.index,
    outcome: withReason(isSet ? 'done' : 'ended', reason),
  });
  if (!isSet) return { problem: problemText('ended') };
  await parts.publisher.statusChanged('residents', [view.index]);
  return { go: here(view), notice: 'state-changed' };
}

async function removePhoto(visit: Visit): Promise<Outcome> {
  const { parts } = visit;
  const view = await viewOf(visit);
  if (view === undefined) return { problem: problemText('no-such-resident') };
  const isRemoved = await parts.photos.remove(view.index);
  await note(visit, {
    action: 'remove photo',
    subject: view.index,
    outcome: isRemoved ? 'done' : 'no-photo',
  });
  return isRemoved ? { go: here(view), notice: 'photo-removed' } : { problem: problemText('no-photo') };
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
  await parts.publisher.registryChanged({ what: 'people', communities: [view.community] });
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
    const isTooOften = tooOften(visit, each.index);
    if (isTooOften !== undefined) return isTooOften;
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

/** The same shares as at `/api`: a session has no second ones here. */
function tooOften({ parts, principal }: Visit, index: number): Outcome | undefined {
  const found = parts.issuingLimits.take(principal.account, index);
  return found === undefined ? undefined : { problem: problemText(`too-often-${found.field}`) };
}

async function householdOf({ parts }: Visit, view: ResidentView): Promise<readonly ResidentView[]> {
  const all = await parts.registry.household(view.community, view.room);
  const others = all.filter(({ index }) => index !== view.index);
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
  const isTooOften = tooOften(visit, view.index);
  if (isTooOften !== undefined) return isTooOften;
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

function here({ index }: ResidentView): string {
  return `/console/residents/${index}`;
}
