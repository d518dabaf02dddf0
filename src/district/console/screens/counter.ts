import { html } from 'hono/html';
import type { Result } from '../../../base/index.ts';
import {
  APPLICATION_KINDS,
  type ApplicationLine,
  newAppealBody,
  newPhotoBody,
  newRegistrationBody,
  PICTURE_BYTES_MAX,
} from '../../../wire/index.ts';
import type { SubmitProblem } from '../../reviews/submitting.ts';
import { heading } from '../kit/layout.ts';
import { type Fields, say } from '../kit/page.ts';
import type { Outcome, Screen, Visit } from '../kit/screen.ts';
import { FORM_BYTES_MAX } from '../limits.ts';
import { counterForm, counterTabs } from '../views/counter-forms.ts';
import { problemText } from '../words/problems.ts';
import { reviews as words } from '../words/reviews.ts';
import { communityOf, errorsOf, MISSING, personFieldsOf, placeOf, wrong } from './new-resident.ts';
import { REGISTERS } from './residents.ts';

/** An application that a registrar takes down for somebody who is there; another one decides it. */
export const counter: Screen = {
  path: '/reviews/new',
  may: REGISTERS,
  bodyBytesMax: PICTURE_BYTES_MAX + FORM_BYTES_MAX,
  async show({ page, parts, query }) {
    const asked = page.posted?.form ?? query('kind');
    const kind = APPLICATION_KINDS.find((each) => each === asked) ?? 'registration';
    const over = html`<a href="/console/reviews">${say(page, words.title)}</a>`;
    const { communities, applications } = parts;
    const body = html`${heading(page, { title: words.newTitle, about: words.newAbout, over, end: counterTabs(page, kind) })}
${counterForm(page, kind, { communities, rules: applications.photoRules })}`;
    return { title: words.newTitle, body };
  },
  forms: {
    registration: { may: REGISTERS, act: registration },
    photo: { may: REGISTERS, act: photo },
    appeal: { may: REGISTERS, act: appeal },
  },
};

async function registration(visit: Visit, fields: Fields): Promise<Outcome> {
  const { parts, principal } = visit;
  if (fields.get('agreed') !== 'on') return { problem: problemText('no-consent') };
  const community = communityOf(visit, fields);
  if (community === undefined) return { problem: problemText('no-such-community') };
  const consent = { version: fields.get('consent')?.trim() ?? '', at: parts.clock.wall() };
  const given = newRegistrationBody.safeParse({
    ...placeOf(fields),
    community,
    assurance: Number(fields.get('assurance') ?? Number.NaN),
    person: { ...personFieldsOf(fields), consent },
  });
  if (!given.success) return wrong(given.error.issues.map(({ path }) => [fieldOf(path), MISSING]));
  return sent(visit, () => parts.applications.submitRegistration(given.data, principal.account));
}

async function photo(visit: Visit, fields: Fields, file: File | undefined): Promise<Outcome> {
  const { parts, principal } = visit;
  const typed = fields.get('resident')?.trim() ?? '';
  const picture = await textOf(file);
  if (picture === undefined) return { problem: problemText('picture-file') };
  const given = newPhotoBody.safeParse({
    resident: /^\d{1,10}$/.test(typed) ? Number(typed) : undefined,
    picture,
    forGuards: fields.get('forGuards') === 'on',
  });
  if (!given.success) return { problem: problemText('no-such-resident') };
  return sent(visit, () => parts.applications.submitPhoto(given.data, principal.account));
}

async function appeal(visit: Visit, fields: Fields, file: File | undefined): Promise<Outcome> {
  const { parts, principal } = visit;
  if (fields.get('declared') !== 'on') return { problem: problemText('not-declared') };
  const community = communityOf(visit, fields);
  if (community === undefined) return { problem: problemText('no-such-community') };
  const picture = await textOf(file);
  if (picture === undefined) return { problem: problemText('picture-file') };
  const { name, document, phone } = personFieldsOf(fields);
  const given = newAppealBody.safeParse({
    type: fields.get('type'),
    community,
    room: placeOf(fields).room,
    right: { name, document, ...(phone === undefined ? {} : { phone }) },
    declared: true,
    picture,
  });
  if (!given.success) return wrong(given.error.issues.map(({ path }) => [fieldOf(path), MISSING]));
  return sent(visit, () => parts.applications.submitAppeal(given.data, principal.account));
}

/** `person.document.number` of a body is `document.number` of a form; what was agreed to is the version typed. */
function fieldOf(path: readonly PropertyKey[]): string {
  const [first, ...rest] = path.map(String);
  const inside = first === 'person' || first === 'right' ? rest : [first ?? '', ...rest];
  return inside[0] === 'consent' ? 'consent' : inside.join('.');
}

async function textOf(file: File | undefined): Promise<string | undefined> {
  if (file === undefined || file.size === 0 || file.size > PICTURE_BYTES_MAX) return undefined;
  return Buffer.from(await file.arrayBuffer()).toString('base64');
}

async function sent(
  { parts, principal }: Visit,
  work: () => Promise<Result<ApplicationLine, SubmitProblem>>,
): Promise<Outcome> {
  if (parts.applicationLimits.send(principal.account) > 0) return { problem: problemText('asked-too-often') };
  const done = await work();
  if (done.ok) return { go: `/console/reviews/${done.value.receipt}`, notice: 'application-sent' };
  return typeof done.error === 'string'
    ? { problem: problemText(done.error) }
    : wrong(errorsOf(done.error.errors));
}
