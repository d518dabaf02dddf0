import { html } from 'hono/html';
import { DOCUMENT_TYPE_WORDS, DOCUMENT_TYPES, RELATIONS, SEXES } from '../../../wire/index.ts';
import { checkbox, choice, field, form } from '../kit/forms.ts';
import { sheet } from '../kit/layout.ts';
import { type Html, type Page, say } from '../kit/page.ts';
import { common } from '../words/common.ts';
import { persons as words, relations, sexes } from '../words/persons.ts';
import { residents } from '../words/residents.ts';
import { type Text, text } from '../words/text.ts';
import { communityName } from './parts-of-pages.ts';

/** Forms about a person. What was typed comes back to who typed it, with the check's own words beside it. */
export type Communities = readonly { readonly id: number; readonly name?: string }[];

export function communityChoice(page: Page, of: string, communities: Communities): Html {
  const options = communities.map((each) => [each.id, communityName(each)] as const);
  return choice(page, { form: of, name: 'community', label: common.community, options });
}

export function roomField(page: Page, of: string): Html {
  return field(page, {
    form: of,
    name: 'room',
    label: residents.room,
    hint: residents.roomHint,
    lengthMax: 64,
  });
}

const DOCUMENT_OPTIONS = DOCUMENT_TYPES.map((type) => {
  const { zh, en } = DOCUMENT_TYPE_WORDS[type];
  return [type, text(zh, en)] as const;
});

export function documentFields(page: Page, of: string): readonly Html[] {
  return [
    choice(page, {
      form: of,
      name: 'document.type',
      label: words.documentType,
      options: DOCUMENT_OPTIONS,
    }),
    field(page, { form: of, name: 'document.number', label: words.documentNumber, lengthMax: 40 }),
  ];
}

export function personForm(page: Page, communities: Communities): Html {
  const of = 'register';
  return form(page, { id: of, button: words.register, fields: personFields(page, of, communities) });
}

/** Everything that is asked about somebody with a document. */
export function personFields(page: Page, of: string, communities: Communities): readonly Html[] {
  const none = words.none;
  return [
    communityChoice(page, of, communities),
    roomField(page, of),
    field(page, { form: of, name: 'name', label: words.name, lengthMax: 200 }),
    ...documentFields(page, of),
    choice(page, {
      form: of,
      name: 'sex',
      label: words.sex,
      hint: words.fromDocument,
      options: SEXES.map((sex) => [sex, sexes[sex]]),
      none,
    }),
    field(page, {
      form: of,
      name: 'birthDate',
      label: words.birthDate,
      hint: words.fromDocument,
      type: 'date',
      isOptional: true,
    }),
    ...contactFields(page, of),
    choice(page, {
      form: of,
      name: 'relation',
      label: words.relation,
      options: RELATIONS.map((relation) => [relation, relations[relation]]),
      none,
    }),
    checkbox(page, { form: of, name: 'needsMoreTime', label: residents.needsMoreTime }),
    checkbox(page, { form: of, name: 'minor', label: residents.minor }),
  ];
}

function contactFields(page: Page, of: string): readonly Html[] {
  return [
    field(page, {
      form: of,
      name: 'phone',
      label: words.phone,
      hint: words.phoneHint,
      lengthMax: 32,
      inputMode: 'tel',
      isOptional: true,
    }),
    field(page, { form: of, name: 'plate', label: words.plate, lengthMax: 16, isOptional: true }),
  ];
}

export function maskedForm(page: Page, communities: Communities): Html {
  const of = 'add';
  return html`<p class="soft">${say(page, residents.addAbout)}</p>${form(page, {
    id: of,
    button: words.register,
    tone: 'quiet',
    fields: [
      communityChoice(page, of, communities),
      roomField(page, of),
      field(page, { form: of, name: 'display', label: residents.display, lengthMax: 16 }),
      checkbox(page, { form: of, name: 'needsMoreTime', label: residents.needsMoreTime }),
      checkbox(page, { form: of, name: 'minor', label: residents.minor }),
    ],
  })}`;
}

export interface LifeOf {
  readonly communities: Communities;
  /** Absent: who it is was never entered. */
  readonly person?: { readonly documentCancelled: boolean } | undefined;
}

interface Fold {
  /** Names of the forms in it: it is open when one of them comes back. */
  readonly forms: readonly string[];
  readonly name: Text;
  readonly about: Text;
  readonly body: Html;
}

/** Moving, a change of document, telephone and plate, and leaving: each behind its own fold. */
export function lifeSheet(page: Page, given: LifeOf): Html {
  const folds: readonly Fold[] = [
    { forms: ['move'], name: words.move, about: words.moveAbout, body: moveForm(page, given) },
    ...(given.person === undefined ? [] : personFolds(page, given.person)),
    { forms: ['leave'], name: words.leave, about: words.leaveAbout, body: leaveForm(page) },
  ];
  return sheet(page, {
    title: residents.changes,
    body: html`<div>${folds.map((each) => fold(page, each))}</div>`,
  });
}

function fold(page: Page, { forms, name, about, body }: Fold): Html {
  const isOpen = forms.includes(page.posted?.form ?? '');
  return html`<details${isOpen ? html` open` : ''}><summary>${say(page, name)}</summary><p class="soft">${say(page, about)}</p>${body}</details>`;
}

function personFolds(page: Page, { documentCancelled }: NonNullable<LifeOf['person']>): readonly Fold[] {
  return [
    {
      forms: ['document', 'document-state'],
      name: words.document,
      about: words.documentAbout,
      body: documentForms(page, documentCancelled),
    },
    { forms: ['contact'], name: words.contact, about: words.contactAbout, body: contactForm(page) },
  ];
}

function moveForm(page: Page, { communities }: LifeOf): Html {
  const fields = [communityChoice(page, 'move', communities), roomField(page, 'move')];
  return form(page, { id: 'move', button: words.move, fields });
}

function documentForms(page: Page, isCancelled: boolean): Html {
  const change = isCancelled ? 'restore' : 'cancel';
  return html`${form(page, { id: 'document', button: words.newDocument, fields: documentFields(page, 'document') })}${form(
    page,
    {
      id: 'document-state',
      button: isCancelled ? words.restoreDocument : words.cancelDocument,
      tone: isCancelled ? 'quiet' : 'danger',
      hidden: { change },
    },
  )}`;
}

function contactForm(page: Page): Html {
  const of = 'contact';
  const fields = [
    ...contactFields(page, of),
    checkbox(page, { form: of, name: 'removePhone', label: words.removePhone }),
    checkbox(page, { form: of, name: 'removePlate', label: words.removePlate }),
  ];
  return form(page, { id: of, button: common.save, fields });
}

function leaveForm(page: Page): Html {
  const fields = [checkbox(page, { form: 'leave', name: 'sure', label: words.leaveSure })];
  return form(page, { id: 'leave', button: words.leave, tone: 'danger', fields });
}
