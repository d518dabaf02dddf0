import { swapParts } from './parts.ts';

/** Puts gates that changed in their places on the wall, and touches no other. Plain JavaScript, as all here. */

const NOTHING = document.createElementNS('', 'nothing');
const gates = new Map(
  [...document.querySelectorAll('[data-wall] [data-gate]')].map((each) => [
    each.getAttribute('data-gate'),
    each,
  ]),
);

/** The patch: numbers, rows and tiles as the page has them; a gate without a place is not on this wall any more. */
export const patchWall = (patch = '') => {
  const fresh = new DOMParser().parseFromString(patch, 'text/html');
  swapParts(fresh);
  for (const next of fresh.querySelectorAll('[data-gate]')) {
    const old = gates.get(next.getAttribute('data-gate'));
    if (old?.outerHTML !== next.outerHTML) putGate(next, old);
  }
  hideEmpty();
};

const putGate = (next = NOTHING, old = gates.get('')) => {
  const gate = next.getAttribute('data-gate');
  const list = document.querySelector(`[data-place="${next.getAttribute('data-in')}"]`);
  const hasFocus = old?.contains(document.activeElement) === true;
  const order = next.getAttribute('data-order') ?? '';
  gates.delete(gate);
  if (list === null) return old?.remove();
  gates.set(gate, next);
  if (old?.parentElement === list && old.getAttribute('data-order') === order) old.replaceWith(next);
  else {
    old?.remove();
    list.insertBefore(next, firstAfter(list, order));
  }
  if (hasFocus) next.querySelector('a')?.focus({ preventScroll: true });
};

/** The list is in order: half of it is left out with each look. */
const firstAfter = (list = NOTHING, order = '') => {
  let [low, high] = [0, list.children.length];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if ((list.children[middle]?.getAttribute('data-order') ?? '') < order) low = middle + 1;
    else high = middle;
  }
  return list.children[low] ?? null;
};

const hideEmpty = () => {
  const lists = [...document.querySelectorAll('[data-wall] [data-place]')];
  for (const list of lists) list.closest('section')?.toggleAttribute('hidden', list.childElementCount === 0);
  const isEmpty = lists.every((list) => list.childElementCount === 0);
  document.querySelector('[data-nothing]')?.toggleAttribute('hidden', !isEmpty);
};
