/**
 * Makes the console's live pages live and counts down what ends. Everything works without it: a page that is not renewed by
 * this renews itself, and times are written out. It is sent to browsers as it stands here, so it is plain JavaScript.
 */
const LOOK_AGAIN_MS = 3_000;
const EVENTS = ['status', 'alarm', 'ack', 'entry', 'reply'];

const main = document.querySelector('main[data-live]');
const mark = document.querySelector('[data-mark="connection"]');

/** The parts marked `data-part` are exchanged; what somebody is at with the keyboard stays as it is. */
const renew = async () => {
  if (main === null || document.hidden) return false;
  const headers = { accept: 'text/html', 'x-menwei-idle': '1' };
  const answer = await fetch(location.href, { headers }).catch(() => undefined);
  if (answer === undefined || !answer.ok || answer.redirected) return false;
  const fresh = new DOMParser().parseFromString(await answer.text(), 'text/html');
  for (const part of main.querySelectorAll('[data-part]')) {
    const next = fresh.querySelector(`[data-part="${part.getAttribute('data-part')}"]`);
    if (next === null || part.contains(document.activeElement)) continue;
    if (next.innerHTML !== part.innerHTML) part.replaceChildren(...next.childNodes);
  }
  return true;
};

let isWaiting = false;
const soon = () => {
  if (isWaiting) return;
  isWaiting = true;
  setTimeout(() => {
    isWaiting = false;
    void renew().then((isDone) => {
      if (!isDone) soon();
    });
  }, LOOK_AGAIN_MS);
};

if (main !== null) {
  const source = new EventSource('/api/live');
  source.onopen = () => mark?.setAttribute('data-connection', 'live');
  source.onerror = () => mark?.setAttribute('data-connection', 'lost');
  for (const name of EVENTS) source.addEventListener(name, soon);
}

for (const element of document.querySelectorAll('[data-until]')) {
  const until = Number(element.getAttribute('data-until'));
  const show = () => {
    const left = Math.max(0, Math.ceil((until - Date.now()) / 1_000));
    element.textContent = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, '0')}`;
    if (left > 0) setTimeout(show, 1_000);
  };
  show();
}

export {};
