import { html } from 'hono/html';
import { type ChainedRow, LANGUAGES, residentAdvice, WORDS } from '../../../wire/index.ts';
import type { StoredEntry } from '../../ingest/entries.ts';
import { heading, sheet, type View } from '../kit/layout.ts';
import { type Html, type Page, say } from '../kit/page.ts';
import { type Cell, facts, table } from '../kit/table.ts';
import { instant } from '../kit/times.ts';
import type { StoredStream } from '../../ingest/gate-overview.ts';
import { clockQualities, common, directions, doorEvents } from '../words/common.ts';
import { entries as words } from '../words/entries.ts';
import { rowReason } from '../words/row-reasons.ts';
import { fill, type Text } from '../words/text.ts';
import { decisionMark, who } from './entries-view.ts';

/** One entry: its row, what was said about it in both languages, what came later, and where it stands in the chain. */
export interface EntryPageData {
  readonly entry: StoredEntry;
  readonly later: readonly StoredEntry[];
  readonly stream: StoredStream | undefined;
  readonly names: ReadonlyMap<number, string>;
}

export function entryView(page: Page, given: EntryPageData): View {
  const { entry, later } = given;
  const { row, gate } = entry;
  const title = fill(words.entryTitle, { gate, seq: row.seq });
  const over = html`<a href="/console/entries">${say(page, words.title)}</a>`;
  const body = html`${heading(page, { title, over, end: decisionMark(page, row) })}
<div class="sheets">
${row.refusal === undefined ? '' : sheet(page, { title: words.sentence, isWide: true, body: why(page, row.refusal) })}
${sheet(page, { title: words.fields, body: facts(page, fieldsOf(page, given)) })}
${sheet(page, { title: words.later, body: html`<p class="soft">${say(page, words.laterAbout)}</p>${laterTable(page, later)}` })}
${sheet(page, { title: words.proof, isWide: true, body: html`<p class="soft">${say(page, words.proofAbout)}</p>${facts(page, proofOf(page, given))}` })}
</div>`;
  return { title, body };
}

/** Both languages, the page's own first: a resident who asks may read the other. */
function why(page: Page, refusal: NonNullable<ChainedRow['refusal']>): Html {
  const order = LANGUAGES.toSorted((left) => (left === page.language ? -1 : 1));
  return html`<div class="list">${order.map((language) => {
    const resident = residentAdvice(language, { refusal });
    const { guard } = WORDS[language].refusals[refusal];
    return html`<div class="why" lang="${language}"><strong>${resident.sentence}</strong><span>${resident.next}</span><span class="soft">${words.toGuard[language]}${language === 'en' ? ': ' : '：'}${guard.sentence} ${guard.next}</span></div>`;
  })}</div>`;
}

function fieldsOf(page: Page, { entry: { row, gate }, names }: EntryPageData): (readonly [Text, Cell])[] {
  const { lane, direction, reader, door, actor, reason, command, entry, party } = row;
  const all: (readonly [Text, Cell])[] = [
    [common.time, instant(page, Date.parse(row.at))],
    [words.clock, say(page, clockQualities[row.clock])],
    [common.gate, html`<a href="/console/gates/${gate}">${gate}</a>`],
    [
      common.lane,
      lane === undefined
        ? undefined
        : `${lane}${direction === undefined ? '' : ` · ${directions[direction][page.language]}`}`,
    ],
    [words.reader, reader],
    [words.who, who(page, row, names)],
    [words.party, party?.join(', ')],
    [words.door, door === undefined ? undefined : say(page, doorEvents[door])],
    [words.actor, actor],
    [common.reason, reason === undefined ? undefined : say(page, rowReason(reason))],
    [words.command, command === undefined ? undefined : html`<code>${command}</code>`],
    [words.entryOf, entry],
  ];
  return all.filter(([, value]) => value !== undefined);
}

function laterTable(page: Page, later: readonly StoredEntry[]): Html {
  return table(page, {
    caption: words.later,
    empty: words.noLater,
    columns: [
      { head: words.row },
      { head: common.time },
      { head: words.door },
      { head: common.reason, kind: 'wide' },
    ],
    rows: later.map(({ row }) => [
      row.seq,
      instant(page, Date.parse(row.at)),
      row.door === undefined ? undefined : say(page, doorEvents[row.door]),
      row.reason === undefined ? undefined : say(page, rowReason(row.reason)),
    ]),
  });
}

function proofOf(page: Page, { entry, stream }: EntryPageData): (readonly [Text, Cell])[] {
  const { row, journal, receivedAt } = entry;
  const end = stream?.seq ?? 0;
  const place = fill(row.seq <= end ? words.positionIn : words.positionAhead, { seq: row.seq, end });
  const signed = stream?.checkpoint ?? undefined;
  return [
    [words.position, say(page, place)],
    [words.journal, html`<code>${journal}</code>`],
    [words.hash, html`<code>${row.hash}</code>`],
    [words.digest, html`<code>${row.digest}</code>`],
    [words.previous, html`<code>${row.previousHash}</code>`],
    [words.receivedAt, instant(page, receivedAt)],
    [
      words.checkpoint,
      signed === undefined
        ? undefined
        : html`<details><summary>${say(page, fill(words.checkpointFor, { end }))}</summary><code>${signed}</code></details>`,
    ],
  ];
}
