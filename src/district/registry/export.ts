import { z } from 'zod';
import { ok } from '../../base/index.ts';
import { communityId, DOCUMENT_TYPE_WORDS } from '../../wire/index.ts';
import type { Approvals } from '../accounts/approvals.ts';
import type { Database } from '../database/database.ts';
import { LOOKED_UP_MAX } from '../limits.ts';
import { headingOf } from './import/columns.ts';
import type { PersonVault } from './person-vault.ts';
import { knownById, type KnownPerson } from './persons-table.ts';
import { isCurrent, residentRows, type ResidentRow } from './resident-rows.ts';

/**
 * A community's persons in full, as a list that an import takes again. Two people stand behind each; no spreadsheet
 * calculates anything that stands in it.
 */
export async function* exportPersons(
  database: Database,
  vault: PersonVault,
  community: number,
): AsyncGenerator<string> {
  // A byte order mark, without which Excel reads UTF-8 as something else.
  yield `\ufeff${recordOf(COLUMNS.map(headingOf))}`;
  let after = -1;
  for (;;) {
    const rows = await residentRows(database)
      .where('household.community', '=', community)
      .where('resident.person', 'is not', null)
      .where('resident.place', '>', after)
      .where(isCurrent)
      .orderBy('resident.place')
      .limit(LOOKED_UP_MAX)
      .execute();
    const ids = rows.flatMap(({ person }) => person ?? []);
    const known = await knownById(database, vault, ids);
    for (const row of rows) {
      const person = known.get(row.person ?? -1);
      if (person !== undefined) yield recordOf(cellsOf(row, person));
    }
    after = rows.at(-1)?.place ?? after;
    if (rows.length < LOOKED_UP_MAX) return;
  }
}

const COLUMNS = [
  'name',
  'documentType',
  'documentNumber',
  'birthDate',
  'phone',
  'room',
  'plate',
  'consentVersion',
  'consentDate',
] as const;

function cellsOf({ room }: ResidentRow, { person, row }: KnownPerson): string[] {
  const { name, document, birthDate, phone, plate } = person;
  return [
    name,
    DOCUMENT_TYPE_WORDS[document.type].zh,
    document.number,
    birthDate ?? '',
    phone?.replace(/^\+86/, '') ?? '',
    room,
    plate ?? '',
    row.consent_version ?? '',
    row.consent_at === null ? '' : new Date(row.consent_at).toISOString().slice(0, 10),
  ];
}

/** RFC 4180. */
function recordOf(cells: readonly string[]): string {
  return `${cells.map(cellOf).join(',')}\r\n`;
}

/**
 * A tab before what a spreadsheet would calculate, take for a date (a room 8-2-27) or round (a number of more than 15
 * digits): it reads the cell as text then, and an import trims it away.
 */
function cellOf(text: string): string {
  const isCalculated = /^\s*[=+\-@|%＋－＝＠]|^[\t\r\n]/u.test(text);
  const safe = isCalculated || /^\d{4}/.test(text) || /^\d+-/.test(text) ? `\t${text.trim()}` : text;
  return /[",\r\n;\t]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

const exportBody = z.strictObject({
  community: communityId,
  reason: z.string().trim().min(2).max(200),
});

export const EXPORT = 'export persons';

/** The list goes to the second person, who sees what was asked for. */
export function registerExport(
  approvals: Approvals,
  { database, vault }: { database: Database; vault: PersonVault },
): void {
  approvals.register(EXPORT, {
    schema: exportBody,
    subject: ({ community }) => String(community),
    run: async ({ community }) => {
      const pieces: string[] = [];
      for await (const piece of exportPersons(database, vault, community)) pieces.push(piece);
      return ok({ csv: pieces.join('') });
    },
  });
}
