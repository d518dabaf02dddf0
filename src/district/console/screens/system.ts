import { html } from 'hono/html';
import { type GateView, gateFacts, gateViews } from '../gate-views.ts';
import { heading, sheet } from '../kit/layout.ts';
import { mark } from '../kit/marks.ts';
import { type Html, type Page, say } from '../kit/page.ts';
import { figure } from '../kit/plot.ts';
import type { Screen } from '../kit/screen.ts';
import { facts, table } from '../kit/table.ts';
import { distance, instantText } from '../kit/times.ts';
import { BACKUP_OLD_MS, UPTAKE_WARN_MS } from '../../limits.ts';
import type { RecentUptake } from '../../publishing/list-uptake.ts';
import { warningItem } from '../views/warnings-view.ts';
import { READS_GATES } from '../views/wall-view.ts';
import { system as words } from '../words/oversight.ts';
import { fill } from '../words/text.ts';

/** The district itself: what ends soon, when it was saved, how quickly gates take changes, which software they run. */
export const system: Screen = {
  path: '/system',
  may: READS_GATES,
  async show({ page, parts }) {
    const [warnings, saved, gates] = await Promise.all([
      parts.warnings.list(),
      parts.audit.page({ action: 'backup', limit: 1 }),
      gateFacts(parts),
    ]);
    const list =
      warnings.length === 0
        ? html`<p class="empty">${say(page, words.noWarnings)}</p>`
        : html`<ul class="list">${warnings.map((each) => warningItem(page, each))}</ul>`;
    const body = html`${heading(page, { title: words.title, about: words.about })}
${sheet(page, { title: words.warnings, body: list })}
<div class="sheets">${backupSheet(page, saved.entries[0]?.at)}${uptakeSheet(page, parts.uptake.recent())}
${sheet(page, { title: words.versions, body: versionsTable(page, gateViews(gates)) })}</div>`;
    return { title: words.title, body };
  },
};

function backupSheet(page: Page, at: number | undefined): Html {
  const isFresh = at !== undefined && page.now - at <= BACKUP_OLD_MS;
  const told =
    at === undefined
      ? mark(page, 'warn', words.noBackup)
      : html`${mark(page, isFresh ? 'good' : 'warn', isFresh ? words.backupFine : words.backupOld)}<small>${distance(page, at)} · ${instantText(page, at)}</small>`;
  const body = html`<p class="soft">${say(page, words.backupAbout)}</p><p><code>menwei district backup --config district.yaml --out FILE</code></p>${facts(page, [[words.lastBackup, told]])}<p class="soft small">${say(page, words.restore)}</p>`;
  return sheet(page, { title: words.backup, body });
}

function uptakeSheet(page: Page, recent: RecentUptake | undefined): Html {
  const told =
    recent === undefined
      ? html`<p class="empty">${say(page, words.uptakeNone)}</p>`
      : facts(page, [
          [
            words.p95,
            mark(
              page,
              recent.p95Ms > UPTAKE_WARN_MS ? 'warn' : 'good',
              fill(words.within, { n: figure(recent.p95Ms / 1_000) }),
            ),
          ],
          [words.missing, say(page, fill(words.missingCount, { n: figure(recent.missing) }))],
        ]);
  return sheet(page, {
    title: words.uptake,
    body: html`<p class="soft">${say(page, words.uptakeAbout)}</p>${told}`,
  });
}

/** The most frequent first. */
function versionsTable(page: Page, views: readonly GateView[]): Html {
  const known = views.flatMap(({ status }) => (status === undefined ? [] : [status.software]));
  const counted = [...Map.groupBy(known, (software) => software)].map(
    ([software, all]) => [software, all.length] as const,
  );
  return table(page, {
    caption: words.versions,
    empty: words.noVersions,
    columns: [
      { head: words.version, kind: 'wide' },
      { head: words.gates, kind: 'number' },
    ],
    rows: counted
      .sort(([, left], [, right]) => right - left)
      .map(([software, count]) => [software, figure(count)]),
  });
}
