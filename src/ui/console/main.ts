import { drawGuardCopy } from './guard-copy.ts';
import { countDown } from './times.ts';
import { patchWall } from './wall.ts';
import { swapParts } from './parts.ts';
import { readPlots } from './plots.ts';

/**
 * Makes the console's live pages live and counts what goes by. Everything works without it: a page that is not renewed by
 * this renews itself, and times are written out. It and what it imports are sent to browsers as they stand here, so they
 * are plain JavaScript.
 */
const RETRY_MS = 5_000;
/** A line says every 10 s that it is alive; a pulled cable says nothing. */
const SILENCE_MAX_MS = 25_000;
const SIGN_IN = '/console/sign-in';

const main = document.querySelector('main');
const address = main?.getAttribute('data-live') ?? undefined;
const mark = document.querySelector('[data-mark="connection"]');
let isBehind = false;
let lastSeen = '';
/** Nothing more is expected on this page. */
let close = () => {};

/** The page asks for itself, and exchanges the parts that differ. */
const renew = async () => {
  isBehind = document.hidden;
  if (isBehind) return;
  const headers = { accept: 'text/html', 'x-menwei-idle': '1' };
  const answer = await fetch(location.href, { headers }).catch(() => undefined);
  // Nothing of the district stays on a screen whose session is over.
  if (answer?.redirected === true && answer.url.includes(SIGN_IN)) return location.assign(SIGN_IN);
  if (answer?.ok !== true) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), 'text/html');
  swapParts(fresh);
  readPlots();
  if (fresh.querySelector('main[data-live]') === null) close();
};

const follow = () => {
  if (address === undefined) return;
  const url = new URL(address, location.href);
  if (lastSeen !== '') url.searchParams.set('since', lastSeen);
  const source = new EventSource(url);
  let silence = setTimeout(() => {}, 0);
  const alive = () => {
    clearTimeout(silence);
    silence = setTimeout(() => {
      mark?.setAttribute('data-connection', 'lost');
      source.close();
      follow();
    }, SILENCE_MAX_MS);
  };
  close = () => {
    clearTimeout(silence);
    source.close();
    mark?.removeAttribute('data-connection');
  };
  const hears = (name = '', then = () => {}) =>
    source.addEventListener(name, (event) => {
      alive();
      if (event instanceof MessageEvent && event.lastEventId !== '') lastSeen = event.lastEventId;
      then();
    });
  source.onopen = () => {
    alive();
    mark?.setAttribute('data-connection', 'live');
  };
  source.onerror = () => {
    mark?.setAttribute('data-connection', 'lost');
    if (source.readyState !== EventSource.CLOSED) return;
    clearTimeout(silence);
    setTimeout(follow, RETRY_MS);
    void renew();
  };
  source.addEventListener('gates', (event) => patchWall(String(event.data)));
  hears('gates');
  hears('beat');
  hears('changed', () => void renew());
  hears('renew', () => void renew());
};

/** The keys that a page names are Alt and their letter in every browser: some want Ctrl or Shift besides. */
document.addEventListener('keydown', (event) => {
  if (!event.altKey || event.ctrlKey || event.metaKey || event.shiftKey || event.repeat) return;
  const key = /^Key([A-Z])$/.exec(event.code)?.[1]?.toLowerCase();
  const target = key === undefined ? null : document.querySelector(`[accesskey="${key}"]`);
  if (!(target instanceof HTMLElement)) return;
  event.preventDefault();
  target.click();
});

// On a phone the menu is wider than the screen.
document.querySelector('nav a[aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'center' });
follow();
countDown();
drawGuardCopy();
readPlots();
document.addEventListener('visibilitychange', () => {
  if (isBehind && !document.hidden) void renew();
});
