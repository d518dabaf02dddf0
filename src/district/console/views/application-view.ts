import { html } from 'hono/html';
import {
  type ApplicationLine,
  DOCUMENT_TYPE_WORDS,
  type DocumentType,
  GUARD_PHOTO,
  type PersonView,
  type PhotoRules,
  WORDS_MAX,
} from '../../../wire/index.ts';
import type { MaskedContent } from '../../reviews/masked-content.ts';
import { type Form, field, form, reasonChoice } from '../kit/forms.ts';
import { heading, sheet, type View } from '../kit/layout.ts';
import { mark } from '../kit/marks.ts';
import { type Html, may, type Page, say } from '../kit/page.ts';
import { type Cell, facts, table } from '../kit/table.ts';
import { distance, instant } from '../kit/times.ts';
import { common } from '../words/common.ts';
import { persons } from '../words/persons.ts';
import { REVEAL_REASONS } from '../words/reasons.ts';
import { residents } from '../words/residents.ts';
import {
  appealTypes,
  applicationKinds,
  refusalReason,
  refusalReasons,
  reviews as words,
} from '../words/reviews.ts';
import { fill, type Text, text } from '../words/text.ts';
import { senderOf, stateMark } from './reviews-view.ts';

/** One application: what was sent beside what it is held against, masked until somebody says what for; then the decision. */
export interface ApplicationPage {
  readonly line: ApplicationLine;
  /** Of a community. */
  readonly community: string;
  /** Absent: a photo alone, erased, or not for this role. */
  readonly content?: MaskedContent | undefined;
  readonly hasPicture: boolean;
  /** Whom an appeal would correct, masked; whole once they are revealed. */
  readonly concerned: readonly PersonView[];
  readonly rules: PhotoRules;
  /** The reviewer's note of a refusal. */
  readonly note?: string | undefined;
  /** Receipt of the next one that waits. */
  readonly next?: string | undefined;
  /** Nothing is masked: the purpose was written down. */
  readonly isRevealed?: boolean;
}

export function applicationPage(page: Page, given: ApplicationPage): View {
  const { line, next } = given;
  const over = html`<a href="/console/reviews?kind=${line.kind}">${say(page, words.title)} · ${say(page, applicationKinds[line.kind])}</a>`;
  const nextLink =
    next === undefined
      ? ''
      : html`<a class="button button-quiet" href="/console/reviews/${next}" accesskey="n">${say(page, words.next)} →</a>`;
  const late = line.overdue ? mark(page, 'bad', words.overdue) : '';
  const end = html`${late}${stateMark(page, line)}${nextLink}`;
  const body = html`${heading(page, { title: line.receipt, over, end })}
<div class="sheets"><div class="stack">${given.hasPicture ? pictureSheet(page, given) : ''}${dataSheet(page, given)}${
    line.kind === 'appeal' && given.content !== undefined ? concernedSheet(page, given) : ''
  }${canReveal(page, given) ? revealSheet(page) : ''}</div>
<div class="stack">${decisionOf(page, given)}${aboutSheet(page, given)}${withdrawOf(page, given)}</div></div>`;
  return { title: text(line.receipt, line.receipt), body };
}

function canReveal(page: Page, { content, isRevealed }: ApplicationPage): boolean {
  return content !== undefined && isRevealed !== true && may(page, 'reviewer');
}

function pictureSheet(page: Page, { line, rules }: ApplicationPage): Html {
  const title = line.kind === 'photo' ? words.photoOf : words.photoHeld;
  const list =
    line.kind === 'photo' && rules.advice.length > 0
      ? html`<h3>${say(page, words.advice)}</h3><ul class="points">${rules.advice.map(({ zh, en }) => html`<li>${say(page, text(zh, en))}</li>`)}</ul>`
      : '';
  const address = `/console/reviews/${line.receipt}/picture`;
  return sheet(page, {
    title,
    body: html`<p class="photo"><img src="${address}" alt="${say(page, title)}"></p>${list}`,
  });
}

function dataSheet(page: Page, { line, content, hasPicture }: ApplicationPage): Html | string {
  const told = line.hasContent ? words.registrarSees : words.erased;
  if (content === undefined && hasPicture) return '';
  const body =
    content === undefined
      ? html`<p class="soft">${say(page, told)}</p>`
      : facts(page, contentFacts(page, content));
  return sheet(page, { title: words.data, body });
}

function contentFacts(page: Page, content: MaskedContent): (readonly [Text, Cell])[] {
  const { type, name, documentType, documentNumber, phone, room, assurance, consent } = content;
  const levels = [words.level0, words.level1, words.level2];
  return [
    ...(type === undefined ? [] : ([[words.appealOf, say(page, appealTypes[type])]] as const)),
    [persons.name, name],
    [residents.document, documentText(page, documentType, documentNumber)],
    [persons.phone, phone],
    [residents.room, room],
    ...(assurance === undefined
      ? []
      : ([[words.assurance, say(page, levels[assurance] ?? words.level0)]] as const)),
    ...(consent === undefined
      ? []
      : ([[words.consent, html`${consent.version}<small>${instant(page, consent.at)}</small>`]] as const)),
    ...(content.needsMoreTime === true ? ([[residents.needsMoreTime, say(page, common.yes)]] as const) : []),
    ...(content.minor === true ? ([[residents.minor, say(page, common.yes)]] as const) : []),
  ];
}

function documentText(page: Page, type: DocumentType, number: string): string {
  const { zh, en } = DOCUMENT_TYPE_WORDS[type];
  return `${say(page, text(zh, en))} ${number}`;
}

function concernedSheet(page: Page, { concerned }: ApplicationPage): Html {
  return sheet(page, {
    title: words.concerned,
    body: html`<p class="soft">${say(page, words.concernedAbout)}</p>${table(page, {
      caption: words.concerned,
      empty: words.concernedNone,
      columns: [
        { head: persons.name },
        { head: residents.document },
        { head: persons.phone },
        { head: residents.room },
      ],
      rows: concerned.map((each) => [
        each.name,
        documentText(page, each.documentType, each.documentNumber),
        each.phone,
        html`${each.residences.map(({ room, index }) => html`<a href="/console/residents/${index}">${room}</a> `)}`,
      ]),
    })}`,
  });
}

function revealSheet(page: Page): Html {
  const body = html`<p class="soft">${say(page, words.revealAbout)}</p>${form(page, {
    id: 'reveal',
    button: words.reveal,
    tone: 'quiet',
    fields: [reasonChoice(page, { form: 'reveal', reasons: REVEAL_REASONS })],
  })}`;
  return sheet(page, { title: words.reveal, body });
}

function decisionOf(page: Page, given: ApplicationPage): Html | string {
  const { line } = given;
  if (line.state === 'waiting' && may(page, 'reviewer')) return decideSheet(page, line);
  if (line.kind === 'appeal' && line.state === 'accepted') return applySheet(page, given);
  return line.state === 'waiting' ? '' : outcomeSheet(page, given);
}

function decideSheet(page: Page, line: ApplicationLine): Html {
  if (line.submittedBy === page.principal?.account)
    return sheet(page, {
      title: words.decision,
      body: html`<p class="warning">${say(page, words.own)}</p>`,
    });
  const button =
    line.kind === 'registration'
      ? words.acceptRegistration
      : line.kind === 'appeal'
        ? words.acceptAppeal
        : words.accept;
  return sheet(page, {
    title: words.decision,
    body: html`${form(page, { id: 'accept', button, accessKey: 'a', ...copyFields(page, line) })}<hr>${form(
      page,
      {
        id: 'refuse',
        button: words.refuse,
        tone: 'danger',
        accessKey: 'r',
        fields: [
          reasonChoice(page, {
            form: 'refuse',
            reasons: refusalReasons(line.kind),
            label: words.reasonLabel,
          }),
          field(page, {
            form: 'refuse',
            name: 'words',
            label: words.words,
            hint: words.wordsHint,
            lengthMax: WORDS_MAX,
            isOptional: true,
          }),
        ],
      },
    )}<p class="soft small">${say(page, words.keys)}</p>`,
  });
}

/** The page's script draws it (src/ui/console/guard-copy.ts); what a server never does is to decode a stranger's picture. */
function copyFields(page: Page, { forGuards }: ApplicationLine): Pick<Form, 'fields' | 'isMultipart'> {
  if (forGuards !== true) return {};
  const { widthPixels, heightPixels, bytesMax } = GUARD_PHOTO;
  const copy = html`<div class="guard-copy" data-copy="none">
  <canvas width="${widthPixels}" height="${heightPixels}" data-bytes-max="${bytesMax}" role="img" aria-label="${say(page, words.copyTitle)}"></canvas>
  <div><h3>${say(page, words.copyTitle)}</h3><p class="soft">${say(page, words.copyAbout)}</p>
  <p class="problem" role="status">${say(page, words.copyFailed)}</p><noscript><p class="warning">${say(page, words.copyScript)}</p></noscript></div>
  <input type="file" name="guardPhoto" hidden>
</div>`;
  return { isMultipart: true, fields: [copy] };
}

function applySheet(page: Page, { content }: ApplicationPage): Html {
  const type = content?.type;
  const about =
    type === 'document' ? words.applyDocument : type === 'phone' ? words.applyPhone : words.applyName;
  return sheet(page, {
    title: words.applyTitle,
    body: html`${type === undefined ? '' : html`<p>${say(page, about)}</p>`}${form(page, { id: 'apply', button: words.apply, accessKey: 'a' })}`,
  });
}

function outcomeSheet(page: Page, { line, note }: ApplicationPage): Html {
  const { effect, resident, state, kind } = line;
  const links = html`${kind === 'photo' && state === 'accepted' ? html`<a class="button" href="/api/applications/${line.receipt}/receipt.pdf">${say(page, words.download)}</a>` : ''}${
    resident === undefined
      ? ''
      : html`<a class="button button-quiet" href="/console/residents/${resident}">${say(page, words.seeResident)}</a>`
  }`;
  const pairs: (readonly [Text, Cell])[] = [
    [common.state, stateMark(page, line)],
    ...(line.reason === undefined ? [] : ([[common.reason, say(page, refusalReason(line.reason))]] as const)),
    ...(note === undefined ? [] : ([[words.words, note]] as const)),
    ...(effect === undefined ? [] : ([[words.effect, say(page, fill(words.effectText, effect))]] as const)),
  ];
  return sheet(page, {
    title: words.outcome,
    body: html`${facts(page, pairs)}<div class="form-row">${links}</div>`,
  });
}

function guardsFact(page: Page, { forGuards, guardPhoto }: ApplicationLine): (readonly [Text, Cell])[] {
  if (forGuards !== true) return [];
  if (guardPhoto === undefined) return [[words.guards, say(page, words.guardsAgreed)]];
  const shown = guardPhoto ? mark(page, 'good', words.guardsShown) : mark(page, 'none', words.guardsNone);
  return [[words.guards, shown]];
}

function withdrawOf(page: Page, { line }: ApplicationPage): Html | string {
  if (line.state !== 'waiting' || !may(page, 'registrar')) return '';
  const body = html`<p class="soft">${say(page, words.withdrawAbout)}</p>${form(page, { id: 'withdraw', button: words.withdraw, tone: 'quiet' })}`;
  return sheet(page, { title: words.withdraw, body });
}

function aboutSheet(page: Page, { line, community }: ApplicationPage): Html {
  const { submittedAt, dueAt, decidedAt, reviewedBy, appliedBy, resident } = line;
  const isHandedOver = line.state === 'waiting' && line.submittedBy === page.principal?.account;
  const waits = isHandedOver ? html`<p class="soft">${say(page, words.giveReceipt)}</p>` : '';
  const pairs: (readonly [Text, Cell])[] = [
    [words.receipt, html`<span class="code">${line.receipt}</span>`],
    [common.community, community],
    ...(line.kind === 'photo' && resident !== undefined
      ? ([[words.resident, html`<a href="/console/residents/${resident}">${resident}</a>`]] as const)
      : []),
    ...guardsFact(page, line),
    [words.submitted, instant(page, submittedAt)],
    [words.submittedBy, senderOf(page, line)],
    ...(dueAt === undefined ? [] : ([[words.due, distance(page, dueAt)]] as const)),
    ...(decidedAt === undefined ? [] : ([[words.decided, instant(page, decidedAt)]] as const)),
    ...(reviewedBy === undefined ? [] : ([[words.reviewer, reviewedBy]] as const)),
    ...(appliedBy === undefined ? [] : ([[words.applier, appliedBy]] as const)),
  ];
  return sheet(page, { title: common.details, body: html`${waits}${facts(page, pairs)}` });
}
