import { html } from 'hono/html';
import { field, form } from '../kit/forms.ts';
import type { KeptList } from '../kit/kept-lists.ts';
import { heading, sheet, type View } from '../kit/layout.ts';
import { type Html, type Page, say } from '../kit/page.ts';
import { facts, table } from '../kit/table.ts';
import { LIST_PROBLEMS_SHOWN } from '../limits.ts';
import { common } from '../words/common.ts';
import { columnName, persons as words } from '../words/persons.ts';
import { residents } from '../words/residents.ts';
import { fill, text } from '../words/text.ts';
import { communityName } from './parts-of-pages.ts';
import { type Communities, communityChoice } from './person-forms.ts';

/** A list of a community: choosing it, and what was found in it, without anything that stands in it. */
export function listForm(page: Page, communities: Communities): View {
  const over = html`<a href="/console/residents">${say(page, residents.title)}</a>`;
  const body = html`${heading(page, { title: words.importTitle, about: words.importAbout, over })}
<section class="sheet">${form(page, {
    id: 'look',
    button: words.look,
    isMultipart: true,
    fields: [
      communityChoice(page, 'look', communities),
      field(page, {
        form: 'look',
        name: 'file',
        label: words.file,
        hint: words.fileHint,
        type: 'file',
        accept: '.csv,.xlsx,.txt',
      }),
    ],
  })}</section>`;
  return { title: words.importTitle, body };
}

export function listReport(page: Page, kept: KeptList, communities: Communities): View {
  const isTaken = kept.bytes === undefined;
  const title = isTaken ? words.takenTitle : words.reportTitle;
  const over = html`<a href="/console/import">${say(page, words.again)}</a>`;
  const { rows, entered, known, bad } = kept.report;
  const community = communities.find(({ id }) => id === kept.community);
  const told = facts(page, [
    [common.community, community === undefined ? kept.community : communityName(community)],
    [words.rows, rows],
    [isTaken ? words.entered : words.entering, entered],
    [words.known, known],
    [words.bad, bad],
  ]);
  const body = html`${heading(page, { title, about: isTaken ? words.takenAbout : words.reportAbout, over })}
<section class="sheet">${told}${isTaken ? '' : choices(page, kept)}</section>
${sheet(page, { title: words.problems, body: problemsTable(page, kept) })}`;
  return { title, body };
}

/** All of it while no row is bad, else without those; either is a decision of its own. */
function choices(page: Page, { report: { bad, entered } }: KeptList): Html {
  const take =
    bad === 0
      ? form(page, { id: 'take-all', button: words.takeAll, layout: 'row' })
      : form(page, { id: 'take-good', button: words.takeGood, layout: 'row' });
  return html`<div class="form-row">${entered === 0 ? '' : take}${form(page, { id: 'drop', button: words.drop, tone: 'quiet', layout: 'row' })}</div>`;
}

function problemsTable(page: Page, { report: { problems, more } }: KeptList): Html {
  const shown = problems.slice(0, LIST_PROBLEMS_SHOWN);
  const left = problems.length - shown.length + more;
  return html`${table(page, {
    caption: words.problems,
    empty: words.noProblems,
    columns: [{ head: words.row }, { head: words.field }, { head: words.remedy, kind: 'wide' }],
    rows: shown.map(({ row, field: name, zh, en }) => [
      say(page, fill(words.rowNumber, { row })),
      say(page, columnName(name)),
      say(page, text(zh, en)),
    ]),
  })}${left === 0 ? '' : html`<p class="soft">${say(page, fill(words.more, { n: left }))}</p>`}`;
}
