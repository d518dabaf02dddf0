import { html } from 'hono/html';
import { field, form } from '../kit/forms.ts';
import { sheet } from '../kit/layout.ts';
import { type Html, may, type Page, say } from '../kit/page.ts';
import { updates as words } from '../words/updates.ts';

/** The form by which an administrator registers a release; nobody else is shown it. */
export function registerSheet(page: Page, isConfigured: boolean): Html | string {
  if (!isConfigured || !may(page, 'administrator')) return '';
  const fields = [
    field(page, { form: 'register', name: 'file', label: words.file, type: 'file', accept: '.jws' }),
    field(page, {
      form: 'register',
      name: 'address',
      label: words.address,
      hint: words.addressHint,
      lengthMax: 200,
    }),
  ];
  return sheet(page, {
    title: words.register,
    body: html`<p class="soft">${say(page, words.registerAbout)}</p>${form(page, { id: 'register', button: words.registerButton, fields, isMultipart: true })}`,
  });
}
