import {
  type ApplicationLine,
  type PersonView,
  readReceipt,
  refuseBody,
  revealApplicationBody,
} from '../../../wire/index.ts';
import { maskedOf, wholeOf } from '../../reviews/masked-content.ts';
import { DECISION_BYTES_MAX } from '../limits.ts';
import { send } from '../kit/desk.ts';
import type { Fields } from '../kit/page.ts';
import type { Outcome, Screen, Visit } from '../kit/screen.ts';
import { type ApplicationPage, applicationPage } from '../views/application-view.ts';
import type { NoticeName } from '../words/notices.ts';
import { problemText } from '../words/problems.ts';
import { REVEAL_REASONS, reasonOf } from '../words/reasons.ts';
import { errorsOf, wrong } from './new-resident.ts';
import { READS_REVIEWS } from './reviews.ts';

/** One application, and what is decided about it. After a decision the next one of its kind is there by itself. */
export const application: Screen = {
  path: '/reviews/:receipt',
  may: READS_REVIEWS,
  bodyBytesMax: DECISION_BYTES_MAX,
  async show(visit) {
    const line = await lineOf(visit);
    return line === undefined ? undefined : applicationPage(visit.page, await pageOf(visit, line));
  },
  forms: {
    accept: { may: ['reviewer'], act: accept },
    refuse: { may: ['reviewer'], act: refuse },
    reveal: { may: ['reviewer'], act: reveal },
    apply: { may: READS_REVIEWS, act: apply },
    withdraw: { may: ['registrar'], act: withdraw },
  },
};

async function lineOf({ parts, param }: Visit): Promise<ApplicationLine | undefined> {
  const receipt = readReceipt(param('receipt'));
  return receipt === undefined ? undefined : parts.applications.line(receipt);
}

async function pageOf(visit: Visit, line: ApplicationLine): Promise<ApplicationPage> {
  const { parts, principal } = visit;
  const { receipt, kind, community } = line;
  const reviews = principal.roles.has('reviewer');
  const content = reviews ? await parts.applications.content(receipt) : undefined;
  return {
    line,
    community: parts.communities.find(({ id }) => id === community)?.name ?? String(community),
    content: content === undefined ? undefined : maskedOf(content),
    hasPicture: reviews && kind !== 'registration' && line.hasContent,
    concerned: content?.kind === 'appeal' ? await concernedBy(visit, receipt) : [],
    rules: parts.applications.photoRules,
    note: await parts.applications.wordsFor(receipt),
    next: await nextOf(visit, line),
  };
}

async function concernedBy({ parts }: Visit, receipt: string): Promise<readonly PersonView[]> {
  const views: PersonView[] = [];
  for (const person of await parts.applications.concerned(receipt)) {
    const view = await parts.persons.view(person);
    if (view !== undefined) views.push(view);
  }
  return views;
}

/** The first of its kind that this reviewer may decide; after this one, when it waits itself. */
async function nextOf(
  { parts, principal }: Visit,
  { receipt, kind }: Pick<ApplicationLine, 'receipt' | 'kind'>,
): Promise<string | undefined> {
  const all = await parts.applications.list({ kind });
  const at = all.findIndex((each) => each.receipt === receipt);
  const turned = [...all.slice(at + 1), ...all.slice(0, Math.max(at, 0))];
  return turned.find(({ submittedBy }) => submittedBy !== principal.account)?.receipt;
}

async function gone(visit: Visit, line: ApplicationLine, notice: NoticeName): Promise<Outcome> {
  const next = await nextOf(visit, line);
  return { go: next === undefined ? '/console/reviews' : `/console/reviews/${next}`, notice };
}

async function accept(visit: Visit, _fields: Fields, file: File | undefined): Promise<Outcome> {
  const { parts, principal } = visit;
  const line = await lineOf(visit);
  if (line === undefined) return { problem: problemText('no-such-application') };
  const decision = { receipt: line.receipt, by: principal.account };
  const done = await parts.applications.accept(decision, await copyOf(file));
  if (done.ok) return gone(visit, line, acceptedNotice(done.value));
  return typeof done.error === 'string'
    ? { problem: problemText(done.error) }
    : wrong(errorsOf(done.error.errors));
}

/** Drawn by the page; empty where its script did not run. */
async function copyOf(file: File | undefined): Promise<string | undefined> {
  if (file === undefined || file.size === 0) return undefined;
  return Buffer.from(await file.arrayBuffer()).toString('base64');
}

function acceptedNotice({ guardPhoto }: ApplicationLine): NoticeName {
  if (guardPhoto === undefined) return 'application-accepted';
  return guardPhoto ? 'photo-for-guards' : 'photo-without-copy';
}

async function refuse(visit: Visit, fields: Fields): Promise<Outcome> {
  const { parts, principal } = visit;
  const line = await lineOf(visit);
  if (line === undefined) return { problem: problemText('no-such-application') };
  const given = refuseBody.safeParse({
    reason: fields.get('reason'),
    words: fields.get('words')?.trim() ?? '',
  });
  if (!given.success) {
    const isWords = given.error.issues.some(({ path }) => path[0] === 'words');
    return { problem: problemText(isWords ? 'review-words' : 'bad-refusal') };
  }
  const done = await parts.applications.refuse({ receipt: line.receipt, by: principal.account }, given.data);
  return done.ok ? gone(visit, line, 'application-refused') : { problem: problemText(done.error) };
}

async function apply(visit: Visit): Promise<Outcome> {
  const line = await lineOf(visit);
  if (line === undefined) return { problem: problemText('no-such-application') };
  const { receipt } = line;
  const done = await visit.parts.applications.apply({ receipt, by: visit.principal.account });
  // Its effect is shown on its own page.
  return done.ok ? { go: here(receipt), notice: 'appeal-applied' } : { problem: problemText(done.error) };
}

async function withdraw(visit: Visit): Promise<Outcome> {
  const line = await lineOf(visit);
  if (line === undefined) return { problem: problemText('no-such-application') };
  const { receipt } = line;
  const done = await visit.parts.applications.withdraw({ receipt, by: visit.principal.account });
  return done.ok
    ? { go: here(receipt), notice: 'application-withdrawn' }
    : { problem: problemText(done.error) };
}

/** The answer is this one page, which no address leads to. */
async function reveal(visit: Visit, fields: Fields): Promise<Outcome> {
  const { parts, principal, page } = visit;
  const line = await lineOf(visit);
  const purpose = revealApplicationBody.safeParse({ purpose: reasonOf(fields, REVEAL_REASONS) });
  if (line === undefined) return { problem: problemText('no-such-application') };
  if (!purpose.success) return { problem: problemText('purpose') };
  const by = principal.account;
  const content = await parts.applications.reveal({ receipt: line.receipt, by }, purpose.data.purpose);
  if (content === undefined) return { problem: problemText('content-erased') };
  const given = await pageOf(visit, line);
  const concerned: PersonView[] = [];
  for (const view of given.concerned) concerned.push(await wholeView(visit, view, purpose.data.purpose));
  const whole = { ...given, content: wholeOf(content), concerned, isRevealed: true };
  return {
    answer: await send({ ...visit, page: { ...page, posted: undefined } }, applicationPage(page, whole), 200),
  };
}

async function wholeView(
  { parts, principal }: Visit,
  view: PersonView,
  purpose: string,
): Promise<PersonView> {
  const { account } = principal;
  const record = await parts.persons.reveal(view.person, purpose, (id) =>
    parts.audit.note({ account, action: 'reveal person', subject: String(id), outcome: purpose }),
  );
  if (!record.ok) return view;
  const { name, document, phone } = record.value;
  return { ...view, name, documentNumber: document.number, ...(phone === undefined ? {} : { phone }) };
}

function here(receipt: string): string {
  return `/console/reviews/${receipt}`;
}
