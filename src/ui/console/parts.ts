/** Exchanges the parts of a page that are marked `data-part`, and in lists only the rows that differ. Plain JavaScript, as all here. */

const NOTHING = document.createElementNS('', 'nothing');

export const swapParts = (fresh = document) => {
  for (const part of document.querySelectorAll('[data-part]')) {
    const next = fresh.querySelector(`[data-part="${part.getAttribute('data-part')}"]`);
    if (next !== null && next.innerHTML !== part.innerHTML) swapPart(part, next);
  }
};

/** What somebody is at with the keyboard stays as it is; a link keeps the focus when it comes again. */
const swapPart = (part = NOTHING, next = NOTHING) => {
  const active = part.contains(document.activeElement) ? document.activeElement : null;
  if (active !== null && !(active instanceof HTMLAnchorElement)) return;
  const href = active?.getAttribute('href') ?? '';
  if (!swapRows(part, next)) swapWhole(part, next);
  if (active === null || active.isConnected) return;
  const again = [...part.querySelectorAll('a')].find((link) => link.getAttribute('href') === href);
  again?.focus({ preventScroll: true });
};

/** Rows that are as they were stay in place. @returns false where there is no list on both sides */
const swapRows = (part = NOTHING, next = NOTHING) => {
  const rows = part.querySelector('[data-key]')?.parentElement;
  const freshRows = next.querySelector('[data-key]')?.parentElement;
  if (rows === null || rows === undefined || freshRows === null || freshRows === undefined) return false;
  const known = new Map([...rows.children].map((row) => [row.outerHTML, row]));
  rows.replaceChildren(...[...freshRows.children].map((row) => known.get(row.outerHTML) ?? row));
  return true;
};

/** What somebody has unfolded stays so. */
const swapWhole = (part = NOTHING, next = NOTHING) => {
  const isOpen = [...part.querySelectorAll('details')].map(({ open }) => open);
  part.replaceChildren(...next.childNodes);
  for (const [at, details] of part.querySelectorAll('details').entries())
    details.open ||= isOpen[at] === true;
};
