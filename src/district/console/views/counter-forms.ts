import { html } from 'hono/html';
import {
  APPEAL_TYPES,
  APPLICATION_KINDS,
  type ApplicationKind,
  type PhotoRules,
} from '../../../wire/index.ts';
import { checkbox, choice, field, form } from '../kit/forms.ts';
import { sheet } from '../kit/layout.ts';
import { type Html, type Page, say } from '../kit/page.ts';
import { persons } from '../words/persons.ts';
import { appealTypes, applicationKinds, reviews as words } from '../words/reviews.ts';
import { text } from '../words/text.ts';
import {
  type Communities,
  communityChoice,
  documentFields,
  personFields,
  roomField,
} from './person-forms.ts';

/** What a registrar takes down at the counter: one of three forms, each sent for review to somebody else. */
export function counterTabs(page: Page, kind: ApplicationKind): Html {
  return html`<nav class="spans" aria-label="${say(page, words.kind)}">${APPLICATION_KINDS.map(
    (each) =>
      html`<a href="/console/reviews/new?kind=${each}"${each === kind ? html` aria-current="true"` : ''}>${say(page, applicationKinds[each])}</a>`,
  )}</nav>`;
}

export function counterForm(
  page: Page,
  kind: ApplicationKind,
  { communities, rules }: { readonly communities: Communities; readonly rules: PhotoRules },
): Html {
  const forms = { registration: registrationForm, photo: photoForm, appeal: appealForm };
  const advice =
    kind === 'registration'
      ? ''
      : html`<h3>${say(page, words.advice)}</h3><ul class="points">${rules.advice.map(({ zh, en }) => html`<li>${say(page, text(zh, en))}</li>`)}</ul>`;
  return sheet(page, {
    title: applicationKinds[kind],
    body: html`${kind === 'photo' ? advice : ''}${forms[kind](page, communities)}`,
  });
}

function registrationForm(page: Page, communities: Communities): Html {
  const of = 'registration';
  const levels = [words.level0, words.level1, words.level2];
  return form(page, {
    id: of,
    button: words.send,
    fields: [
      ...personFields(page, of, communities),
      choice(page, {
        form: of,
        name: 'assurance',
        label: words.assurance,
        options: levels.map((level, at) => [at, level]),
        value: 1,
      }),
      field(page, {
        form: of,
        name: 'consent',
        label: words.consentVersion,
        lengthMax: 32,
        pattern: '[\\w.\\-]{1,32}',
      }),
      checkbox(page, { form: of, name: 'agreed', label: words.consentGiven }),
    ],
  });
}

function photoForm(page: Page): Html {
  const of = 'photo';
  return form(page, {
    id: of,
    button: words.send,
    isMultipart: true,
    fields: [
      field(page, {
        form: of,
        name: 'resident',
        label: words.resident,
        hint: words.residentHint,
        lengthMax: 10,
        inputMode: 'numeric',
      }),
      fileField(page, of),
      checkbox(page, { form: of, name: 'forGuards', label: words.forGuards, hint: words.forGuardsHint }),
    ],
  });
}

function appealForm(page: Page, communities: Communities): Html {
  const of = 'appeal';
  return form(page, {
    id: of,
    button: words.send,
    isMultipart: true,
    fields: [
      choice(page, {
        form: of,
        name: 'type',
        label: words.appealOf,
        options: APPEAL_TYPES.map((type) => [type, appealTypes[type]]),
      }),
      communityChoice(page, of, communities),
      roomField(page, of),
      field(page, { form: of, name: 'name', label: persons.name, lengthMax: 200 }),
      ...documentFields(page, of),
      field(page, {
        form: of,
        name: 'phone',
        label: persons.phone,
        hint: persons.phoneHint,
        lengthMax: 32,
        inputMode: 'tel',
        isOptional: true,
      }),
      fileField(page, of, true),
      checkbox(page, { form: of, name: 'declared', label: words.declared }),
    ],
  });
}

function fileField(page: Page, of: string, isHeld = false): Html {
  return field(page, {
    form: of,
    name: 'picture',
    label: isHeld ? words.photoHeld : words.file,
    hint: words.fileHint,
    type: 'file',
    accept: 'image/jpeg,image/png,image/webp',
  });
}
