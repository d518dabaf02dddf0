import { html } from 'hono/html';
import type { Text } from '../words/text.ts';
import { type Html, type Page, say } from './page.ts';

/** Tables that stay tables on a phone: each row becomes a card whose cells name their column. */
export interface Column {
  readonly head: Text;
  /** `number`: at the right, in figures of one width. `wide`: takes what is left. */
  readonly kind?: 'number' | 'wide' | 'action';
}

export type Cell = Html | string | number | undefined;

export interface Table {
  readonly caption: Text;
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly Cell[])[];
  /** A name for each row, by which a page that is live keeps it apart from the others. */
  readonly keys?: readonly string[];
  /** Said in place of a table without rows. */
  readonly empty: Text;
}

/** The roles are said aloud because a table that is laid out as blocks is none to a screen reader. */
export function table(page: Page, { caption, columns, rows, empty, keys }: Table): Html {
  if (rows.length === 0) return html`<p class="empty">${say(page, empty)}</p>`;
  const body = rows.map((cells, at) => {
    const key = keys?.[at];
    return tableRow(page, { columns, cells, attributes: key === undefined ? '' : html` data-key="${key}"` });
  });
  return bareTable(page, { caption, columns, attributes: '', body });
}

interface BareTable extends Pick<Table, 'caption' | 'columns'> {
  /** Of its body. */
  readonly attributes: Html | string;
  readonly body: readonly Html[];
}

/** With rows that were made one by one, also none. */
export function bareTable(page: Page, { caption, columns, attributes, body }: BareTable): Html {
  return html`<table role="table">
  <caption class="unseen">${say(page, caption)}</caption>
  <thead role="rowgroup"><tr role="row">${columns.map(
    ({ head, kind }) =>
      html`<th role="columnheader" scope="col" class="${kind ?? ''}">${say(page, head)}</th>`,
  )}</tr></thead>
  <tbody role="rowgroup"${attributes}>${body}</tbody>
</table>`;
}

interface Row extends Pick<Table, 'columns'> {
  readonly cells: readonly Cell[];
  readonly attributes: Html | string;
}

export function tableRow(page: Page, { columns, cells, attributes }: Row): Html {
  return html`<tr role="row"${attributes}>${columns.map(({ head, kind }, place) => {
    const cell = cells[place];
    const isEmpty = cell === undefined || cell === '';
    return html`<td role="cell" class="${kind ?? ''}${isEmpty ? ' none' : ''}" data-head="${say(page, head)}">${
      isEmpty ? '–' : html`<div class="cell">${cell}</div>`
    }</td>`;
  })}</tr>`;
}

/** Names and values, one below the other on a phone. */
export function facts(page: Page, pairs: readonly (readonly [Text, Cell])[]): Html {
  return html`<dl class="facts">${pairs.map(
    ([name, value]) => html`<div><dt>${say(page, name)}</dt><dd>${value ?? '–'}</dd></div>`,
  )}</dl>`;
}
