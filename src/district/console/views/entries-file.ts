import type { StoredEntry } from '../../ingest/entries.ts';
import { type Page, say } from '../kit/page.ts';
import { instantText } from '../kit/times.ts';
import { common, decisions, directions } from '../words/common.ts';
import { entries as words } from '../words/entries.ts';
import { exporting } from '../words/oversight.ts';
import { because, kindName } from './entries-view.ts';

/**
 * Entries as a file for a spreadsheet (RFC 4180, UTF-8 with its mark, so that spreadsheets read Chinese): masked, and
 * without anything that a spreadsheet would take for a formula.
 */
export function entriesFile(
  page: Page,
  entries: readonly StoredEntry[],
  names: ReadonlyMap<number, string>,
): string {
  const head = [
    common.time,
    common.gate,
    common.lane,
    exporting.direction,
    words.decision,
    words.why,
    exporting.kind,
    words.who,
    exporting.index,
    exporting.pass,
    exporting.actor,
    words.row,
    exporting.journal,
  ].map((name) => say(page, name));
  const rows = entries.map(({ gate, journal, row }) => {
    const { at, lane, direction, decision, kind, index, passId, actor, seq } = row;
    return [
      instantText(page, Date.parse(at)),
      gate,
      lane,
      direction && say(page, directions[direction]),
      say(page, decisions[decision]),
      because(page, row),
      kindName(page, kind),
      index === undefined ? '' : names.get(index),
      index,
      passId,
      actor,
      seq,
      journal,
    ];
  });
  const lines = [head, ...rows].map((cells) => cells.map(cell).join(','));
  return `\uFEFF${lines.join('\r\n')}\r\n`;
}

/** What begins like a formula is text, as spreadsheets are told by an apostrophe. */
function cell(value: string | number | undefined): string {
  const text = String(value ?? '');
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
