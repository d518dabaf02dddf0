import { html } from 'hono/html';
import {
  gateId,
  newReleaseBody,
  newStageBody,
  RELEASE_TEXT_MAX,
  WIDE_STAGES,
  wideStageBody,
} from '../../../wire/index.ts';
import type { DeskRole } from '../../accounts/roles.ts';
import { WIDE_UPDATE } from '../../gates/wide-updates.ts';
import { heading } from '../kit/layout.ts';
import { say } from '../kit/page.ts';
import type { Fields } from '../kit/page.ts';
import type { Outcome, Screen, Visit } from '../kit/screen.ts';
import { FORM_BYTES_MAX } from '../limits.ts';
import { connection, part } from '../views/parts-of-pages.ts';
import { registerSheet } from '../views/register-release.ts';
import { releaseSheets } from '../views/release-view.ts';
import { earlierSheet, runningSheet } from '../views/releases-view.ts';
import { READS_GATES } from '../views/wall-view.ts';
import type { NoticeName } from '../words/notices.ts';
import { problemText } from '../words/problems.ts';
import { updates as words } from '../words/updates.ts';

/** Staged updates: the newest release with what to do next, what the gates run, and a new release. Nothing begins by itself. */
const BEGINS: readonly DeskRole[] = ['operator'];
const LOOKS: readonly DeskRole[] = ['operator', 'administrator'];

export const updates: Screen = {
  path: '/updates',
  may: READS_GATES,
  bodyBytesMax: RELEASE_TEXT_MAX + FORM_BYTES_MAX,
  async show({ page, parts }) {
    const { gates, releases } = await parts.updates.view();
    const [newest, ...earlier] = releases;
    const first =
      newest === undefined
        ? html`<p class="empty">${say(page, words.none)}</p>`
        : part('release', releaseSheets(page, newest, gates));
    const body = html`${heading(page, { title: words.title, about: words.about, end: connection(page) })}
${parts.releases.isConfigured ? '' : html`<p class="warning">${say(page, words.notConfigured)}</p>`}
${first}
<div class="stack">${part('running', runningSheet(page, gates))}${registerSheet(page, parts.releases.isConfigured)}${earlierSheet(page, earlier)}</div>`;
    return { title: words.title, body, live: '/console/live/changes?types=status,desk&idle=1' };
  },
  forms: {
    register: { may: ['administrator'], act: register },
    begin: { may: BEGINS, act: begin },
    looked: { may: LOOKS, act: looked },
    stop: { may: LOOKS, act: stop },
  },
};

async function register(visit: Visit, fields: Fields, file: File | undefined): Promise<Outcome> {
  const { parts, principal } = visit;
  if (file === undefined || file.size === 0 || file.size > RELEASE_TEXT_MAX)
    return { problem: problemText('release-file') };
  const given = newReleaseBody.safeParse({
    release: await file.text(),
    address: fields.get('address')?.trim(),
  });
  if (!given.success) {
    const isAddress = given.error.issues.some(({ path }) => path[0] === 'address');
    return { problem: problemText(isAddress ? 'release-address' : 'release-file') };
  }
  const done = await parts.releases.register(given.data, principal.account);
  const subject = done.ok ? `release ${done.value}` : '-';
  await note(visit, { action: 'register release', subject, outcome: done.ok ? 'done' : done.error });
  return done.ok ? went('release-registered') : { problem: problemText(done.error) };
}

async function begin(visit: Visit, fields: Fields): Promise<Outcome> {
  const { parts, principal } = visit;
  const release = Number(fields.get('release'));
  const stage = newStageBody.safeParse({
    stage: fields.get('stage'),
    ...(fields.has('gate') ? { gate: fields.get('gate') } : {}),
    ...(fields.has('community') ? { community: Number(fields.get('community')) } : {}),
  });
  if (!stage.success || !Number.isSafeInteger(release)) return { problem: problemText('stage-not-offered') };
  if (WIDE_STAGES.has(stage.data.stage)) return ask(visit, { release, ...stage.data });
  const begun = await parts.updates.begin(release, stage.data, principal.account);
  const subject = `release ${release} ${stage.data.stage}`;
  const outcome = begun.ok ? `${begun.value} gates` : begun.error;
  await note(visit, { action: 'begin update', subject, outcome });
  return begun.ok ? went('stage-begun') : { problem: problemText(begun.error) };
}

async function ask({ parts, principal }: Visit, given: object): Promise<Outcome> {
  const body = wideStageBody.safeParse(given);
  if (!body.success) return { problem: problemText('stage-not-offered') };
  const asked = await parts.approvals.ask(principal, { action: WIDE_UPDATE, body: body.data });
  return asked.ok ? went('asked-second') : { problem: problemText(asked.error) };
}

async function looked(visit: Visit, fields: Fields): Promise<Outcome> {
  const { parts, principal } = visit;
  const gate = gateId.safeParse(fields.get('gate'));
  const release = Number(fields.get('release'));
  if (!gate.success || !Number.isSafeInteger(release)) return { problem: problemText('nothing-failed') };
  const done = await parts.updates.looked(release, gate.data, principal.account);
  const outcome = done.ok ? 'done' : done.error;
  await note(visit, { action: 'look at update', subject: `${gate.data} release ${release}`, outcome });
  return done.ok ? went('update-looked') : { problem: problemText(done.error) };
}

async function stop(visit: Visit, fields: Fields): Promise<Outcome> {
  const { parts, principal } = visit;
  const release = Number(fields.get('release'));
  if (!Number.isSafeInteger(release)) return { problem: problemText('no-such-release') };
  const done = await parts.updates.stop(release, principal.account);
  const outcome = done.ok ? 'done' : done.error;
  await note(visit, { action: 'stop release', subject: `release ${release}`, outcome });
  return done.ok ? went('release-stopped') : { problem: problemText(done.error) };
}

function note({ parts, principal }: Visit, deed: { action: string; subject: string; outcome: string }) {
  return parts.audit.note({ account: principal.account, ...deed });
}

function went(notice: NoticeName): Outcome {
  return { go: '/console/updates', notice };
}
