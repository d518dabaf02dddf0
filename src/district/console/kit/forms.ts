import { html } from 'hono/html';
import { common } from '../words/common.ts';
import type { Reasons } from '../words/reasons.ts';
import type { Text } from '../words/text.ts';
import { type Html, type Page, say, typed } from './page.ts';

/**
 * Forms of the console: each is a POST to its own page that names itself and carries the page's one-time token. What was
 * typed comes back with the problem, except secrets and files.
 */
export interface Form {
  /** Its name on this page. */
  readonly id: string;
  readonly fields?: readonly Html[];
  readonly button: Text;
  readonly tone?: 'main' | 'danger' | 'quiet';
  /** For a form with a file. */
  readonly isMultipart?: boolean;
  readonly layout?: 'row' | 'stack';
  /** Fixed values. */
  readonly hidden?: Readonly<Record<string, string | number>>;
  /** Of its button, with the browser's own modifier: Alt, or Ctrl and Alt. */
  readonly accessKey?: string;
  /** A name for screen readers where several forms look alike. */
  readonly label?: Text;
}

export function form(page: Page, form: Form): Html {
  const { id, fields = [], button, tone = 'main', isMultipart = false, layout = 'stack', hidden = {} } = form;
  const label = form.label === undefined ? '' : html` aria-label="${say(page, form.label)}"`;
  return html`<form method="post" action="${page.path}" class="form form-${layout}"${label}${
    isMultipart ? html` enctype="multipart/form-data"` : ''
  }>
  <input type="hidden" name="form" value="${id}"><input type="hidden" name="token" value="${page.formToken()}">
  ${Object.entries(hidden).map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`)}
  ${problemOf(page, id)}
  ${fields}
  <button class="button button-${tone}" type="submit"${form.accessKey === undefined ? '' : html` accesskey="${form.accessKey}"`}>${say(page, button)}</button>
</form>`;
}

/** Said again above the form that it belongs to; it is read out where the page begins, or here when that says nothing. */
function problemOf(page: Page, id: string): Html | string {
  const problem = page.posted?.form === id ? page.posted.problem : undefined;
  return problem === undefined
    ? ''
    : html`<p class="problem"${page.principal === undefined ? html` role="alert"` : ''}>${say(page, problem)}</p>`;
}

export interface Field {
  readonly form: string;
  readonly name: string;
  readonly label: Text;
  readonly hint?: Text;
  readonly type?: 'text' | 'number' | 'password' | 'date' | 'datetime-local' | 'search' | 'file';
  readonly value?: string | number;
  readonly isOptional?: boolean;
  readonly min?: number;
  readonly max?: number;
  readonly lengthMax?: number;
  readonly autocomplete?: 'username' | 'current-password' | 'new-password' | 'off';
  readonly accept?: string;
  readonly pattern?: string;
  readonly inputMode?: 'numeric' | 'tel';
}

export function field(page: Page, given: Field): Html {
  const { name, type = 'text', isOptional = false, autocomplete = 'off' } = given;
  const id = `${given.form}-${name}`;
  const keeps = type !== 'password' && type !== 'file';
  const value = keeps ? (typed(page, given.form, name) ?? given.value) : undefined;
  const attributes = [
    ['value', value],
    ['min', given.min],
    ['max', given.max],
    ['maxlength', given.lengthMax],
    ['accept', given.accept],
    ['pattern', given.pattern],
    ['inputmode', given.inputMode],
    ...described(page, given),
  ] as const;
  return html`<p class="field"><label for="${id}">${say(page, given.label)}${
    isOptional ? html` <span class="optional">${say(page, common.optional)}</span>` : ''
  }</label>
  <input id="${id}" name="${name}" type="${type}" autocomplete="${autocomplete}"${isOptional ? '' : html` required`}${attributes.map(
    ([key, content]) => (content === undefined ? '' : html` ${key}="${content}"`),
  )}>${errorOf(page, given)}${hintOf(page, id, given.hint)}</p>`;
}

/** What is wrong with a field, and what the field is for, are read out with it. */
function described(page: Page, given: Pick<Field, 'form' | 'name' | 'hint'>) {
  const id = `${given.form}-${given.name}`;
  const isWrong = errorText(page, given) !== undefined;
  const by = [...(isWrong ? [`${id}-error`] : []), ...(given.hint === undefined ? [] : [`${id}-hint`])];
  return [
    ['aria-invalid', isWrong ? 'true' : undefined],
    ['aria-describedby', by.length === 0 ? undefined : by.join(' ')],
  ] as const;
}

function errorText(page: Page, { form: of, name }: Pick<Field, 'form' | 'name'>): Text | undefined {
  return page.posted?.form === of ? page.posted.errors?.get(name) : undefined;
}

function errorOf(page: Page, given: Pick<Field, 'form' | 'name'>): Html | string {
  const found = errorText(page, given);
  const id = `${given.form}-${given.name}-error`;
  return found === undefined ? '' : html`<span class="field-error" id="${id}">${say(page, found)}</span>`;
}

function hintOf(page: Page, id: string, hint: Text | undefined): Html | string {
  return hint === undefined ? '' : html`<span class="hint" id="${id}-hint">${say(page, hint)}</span>`;
}

export interface Choice {
  readonly form: string;
  readonly name: string;
  readonly label: Text;
  readonly options: readonly (readonly [value: string | number, name: Text | string])[];
  readonly value?: string | number;
  /** Adds an empty first choice with this name. */
  readonly none?: Text;
  readonly hint?: Text;
}

export function choice(page: Page, given: Choice): Html {
  const id = `${given.form}-${given.name}`;
  const chosen = String(typed(page, given.form, given.name) ?? given.value ?? '');
  const options = given.none === undefined ? given.options : [['', given.none] as const, ...given.options];
  return html`<p class="field"><label for="${id}">${say(page, given.label)}</label>
  <select id="${id}" name="${given.name}"${described(page, given).map(([key, content]) => (content === undefined ? '' : html` ${key}="${content}"`))}>${options.map(
    ([value, name]) =>
      html`<option value="${value}"${String(value) === chosen ? html` selected` : ''}>${say(page, name)}</option>`,
  )}</select>${errorOf(page, given)}${hintOf(page, id, given.hint)}</p>`;
}

export function checkbox(
  page: Page,
  { form: owner, name, label, hint }: Pick<Field, 'form' | 'name' | 'label' | 'hint'>,
): Html {
  const id = `${owner}-${name}`;
  const isOn = typed(page, owner, name) === 'on';
  return html`<p class="field field-check"><input id="${id}" name="${name}" type="checkbox"${
    isOn ? html` checked` : ''
  }${hint === undefined ? '' : html` aria-describedby="${id}-hint"`}><label for="${id}">${say(page, label)}</label>${hintOf(page, id, hint)}</p>`;
}

/** Why something is done, from a short list: the log keeps the word, and nobody is named in it. */
export function reasonChoice(
  page: Page,
  {
    form: of,
    reasons,
    label = common.reason,
  }: { readonly form: string; readonly reasons: Reasons; readonly label?: Text },
): Html {
  const options = Object.entries(reasons);
  return choice(page, { form: of, name: 'reason', label, options, none: common.chooseReason });
}
