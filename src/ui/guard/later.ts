import { effect, type Signal, signal } from '@preact/signals';
import { deedStart } from './deed.ts';
import { found } from './look-up.ts';
import { view } from './views.ts';

/**
 * The page comes in parts, so that it is there soon on a slow line: the entrance at once, the desk's own script while somebody
 * signs in, a deed's form, the menu's sheets and what shows photos when they are first asked for. A gate that is just
 * starting again is asked until it has them.
 */

export const deskModule = signal<typeof import('./desk.tsx') | undefined>(undefined);
export const beginModule = signal<typeof import('./begin.tsx') | undefined>(undefined);
export const deedModule = signal<typeof import('./deed-dialog.tsx') | undefined>(undefined);
export const photoModule = signal<typeof import('./photo.tsx') | undefined>(undefined);
export const sheetModule = signal<typeof import('./view-sheet.tsx') | undefined>(undefined);

const AGAIN_MS = 1_000;
/** A part that does not come so often is not there any more: the gate has other pages since. */
const TRIES_MAX = 5;

export function fetchDesk(): Promise<void> {
  return fetchInto(deskModule, () => import('./desk.tsx'));
}

export function fetchBegin(): Promise<void> {
  return fetchInto(beginModule, () => import('./begin.tsx'));
}

/** @returns what ends it */
export function fetchWhenAsked(): () => void {
  return effect(() => {
    if (deedStart.value !== undefined) void fetchInto(deedModule, () => import('./deed-dialog.tsx'));
    if (found.value?.answer.photos === true) void fetchInto(photoModule, () => import('./photo.tsx'));
    if (view.value !== undefined) void fetchInto(sheetModule, () => import('./view-sheet.tsx'));
  });
}

async function fetchInto<Part>(part: Signal<Part | undefined>, load: () => Promise<Part>): Promise<void> {
  for (let tries = 1; part.peek() === undefined; tries += 1) {
    try {
      part.value = await load();
    } catch {
      if (tries >= TRIES_MAX && (await isServed())) return location.reload();
      await new Promise((go) => setTimeout(go, AGAIN_MS));
    }
  }
}

/** A page that is loaded again while its gate is away would be lost. */
async function isServed(): Promise<boolean> {
  try {
    return (await fetch(location.pathname, { cache: 'no-store' })).ok;
  } catch {
    return false;
  }
}
