import { html } from 'hono/html';
import type { StoredDocument } from '../../database/database.ts';
import type { IssuerState } from '../../keys/issuers.ts';
import { choice, form } from '../kit/forms.ts';
import { heading, sheet } from '../kit/layout.ts';
import { mark, type Tone } from '../kit/marks.ts';
import { type Html, may, type Page, say } from '../kit/page.ts';
import type { Outcome, Screen, Visit } from '../kit/screen.ts';
import { facts, table } from '../kit/table.ts';
import { dateText, distance, instantText, spanText } from '../kit/times.ts';
import { DOCUMENT_LIFE_WARN } from '../limits.ts';
import { fingerprint } from '../views/parts-of-pages.ts';
import { READS_GATES } from '../views/wall-view.ts';
import { common } from '../words/common.ts';
import { keyStates, trust as words } from '../words/desk.ts';
import { documentName } from '../words/documents.ts';
import { problemText } from '../words/problems.ts';
import { fill, type Text } from '../words/text.ts';

/** What gates believe: signed documents with their ages, issuers with their keys, the root, and the bundle to carry. */
export const trust: Screen = {
  path: '/trust',
  may: READS_GATES,
  async show({ page, parts }) {
    const [documents, keys] = [await parts.rows.documents(), parts.issuers.states()];
    const body = html`${heading(page, { title: words.title, about: words.about })}
${warnings(page, documents)}
${sheet(page, { title: words.documents, body: documentsTable(page, documents) })}
${sheet(page, { title: words.issuers, body: keysTable(page, keys) })}
<div class="sheets">${may(page, 'administrator') ? keyForms(page, keys, parts.issuers.names) : ''}${rootSheet(page, documents)}${bundleSheet(page)}</div>`;
    return { title: words.title, body };
  },
  forms: {
    rotate: {
      may: ['administrator'],
      act: (visit, fields) => ask(visit, 'rotate issuer key', { issuer: fields.get('issuer') ?? '' }),
    },
    retire: {
      may: ['administrator'],
      act: (visit, fields) => ask(visit, 'retire issuer key', { kid: Number(fields.get('kid')) }),
    },
    bundle: { may: READS_GATES, act: download },
  },
};

async function ask({ parts, principal }: Visit, action: string, body: unknown): Promise<Outcome> {
  const asked = await parts.approvals.ask(principal, { action, body });
  return asked.ok ? { go: '/console/trust', notice: 'asked-second' } : { problem: problemText(asked.error) };
}

async function download({ parts, context, page }: Visit): Promise<Outcome> {
  const bundle = JSON.stringify(await parts.publisher.bundle());
  const name = `menwei-${parts.district}-${dateText(page, page.now)}.json`;
  context.header('content-disposition', `attachment; filename="${name}"`);
  return { answer: context.body(bundle, 200, { 'content-type': 'application/json' }) };
}

interface Age {
  readonly tone: Tone;
  readonly name: Text;
  readonly endsAt: number;
}

/** A document should be signed again at half of its life: one that is much older says that something stands still. */
function ageOf({ issued_at_seconds: from, expires_at_seconds: until }: StoredDocument, now: number): Age {
  const endsAt = until * 1000;
  if (endsAt <= now) return { tone: 'bad', name: words.over, endsAt };
  const left = (endsAt - now) / ((until - from) * 1000);
  return left < DOCUMENT_LIFE_WARN
    ? { tone: 'warn', name: words.soon, endsAt }
    : { tone: 'good', name: words.fine, endsAt };
}

function warnings(page: Page, documents: readonly StoredDocument[]): Html | string {
  const found = documents.flatMap((document) => {
    const { tone, endsAt } = ageOf(document, page.now);
    if (tone === 'good') return [];
    const span = spanText(endsAt - page.now)[page.language];
    return [
      fill(tone === 'bad' ? words.warnOver : words.warnSoon, {
        name: documentName(document.name)[page.language],
        span,
      }),
    ];
  });
  return found.length === 0
    ? ''
    : html`<ul class="list">${found.map((told) => html`<li class="warning">${say(page, told)}</li>`)}</ul>`;
}

function documentsTable(page: Page, documents: readonly StoredDocument[]): Html {
  return table(page, {
    caption: words.documents,
    empty: words.none,
    columns: [
      { head: words.document, kind: 'wide' },
      { head: common.version, kind: 'number' },
      { head: words.issued },
      { head: words.expires },
      { head: words.left },
      { head: common.state },
    ],
    rows: documents.map((document) => {
      const { tone, name, endsAt } = ageOf(document, page.now);
      return [
        say(page, documentName(document.name)),
        document.version,
        distance(page, document.issued_at_seconds * 1000),
        instantText(page, endsAt).slice(0, 16),
        say(page, spanText(Math.max(0, endsAt - page.now))),
        mark(page, tone, name),
      ];
    }),
  });
}

const KEY_TONES: Readonly<Record<IssuerState['state'], Tone>> = {
  next: 'info',
  signing: 'good',
  former: 'none',
  withdrawn: 'bad',
};

function keysTable(page: Page, keys: readonly IssuerState[]): Html {
  return table(page, {
    caption: words.issuers,
    empty: words.none,
    columns: [
      { head: words.issuer, kind: 'wide' },
      { head: words.kid, kind: 'number' },
      { head: words.suite },
      { head: common.state },
      { head: words.signUntil },
      { head: words.verifyUntil },
    ],
    rows: keys.map(({ issuer, kid, suite, state, signUntil, verifyUntil }) => [
      issuer,
      kid,
      suite === 1 ? 'Ed25519' : 'SM2',
      mark(page, KEY_TONES[state], keyStates[state]),
      dateText(page, signUntil * 1000),
      dateText(page, verifyUntil * 1000),
    ]),
  });
}

function keyForms(page: Page, keys: readonly IssuerState[], names: readonly string[]): Html {
  const living = keys.filter(({ state }) => state !== 'withdrawn');
  const rotate = form(page, {
    id: 'rotate',
    button: words.askSecond,
    fields: [
      choice(page, {
        form: 'rotate',
        name: 'issuer',
        label: words.issuer,
        options: names.map((name) => [name, name]),
      }),
    ],
  });
  const retire = form(page, {
    id: 'retire',
    button: words.askSecond,
    tone: 'danger',
    fields: [
      choice(page, {
        form: 'retire',
        name: 'kid',
        label: words.kid,
        options: living.map(({ issuer, kid }) => [kid, `${issuer} · ${kid}`]),
      }),
    ],
  });
  return html`${sheet(page, { title: words.rotate, body: html`<p class="soft">${say(page, words.rotateAbout)}</p>${rotate}` })}
${sheet(page, { title: words.retire, body: html`<p class="soft">${say(page, words.retireAbout)}</p>${retire}` })}`;
}

function rootSheet(page: Page, documents: readonly StoredDocument[]): Html {
  const root = documents.find(({ name }) => name === 'root');
  const told =
    root === undefined
      ? ''
      : facts(page, [
          [common.version, root.version],
          [words.expires, instantText(page, root.expires_at_seconds * 1000)],
          [words.fingerprint, fingerprint(root.hash)],
        ]);
  return sheet(page, {
    title: words.root,
    body: html`<p class="soft">${say(page, words.rootAbout)}</p>${told}`,
  });
}

function bundleSheet(page: Page): Html {
  const body = html`<p class="soft">${say(page, words.bundleAbout)}</p>${form(page, { id: 'bundle', button: words.download, tone: 'quiet' })}`;
  return sheet(page, { title: words.bundle, body });
}
