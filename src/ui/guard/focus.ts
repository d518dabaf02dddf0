import { signal } from '@preact/signals';
import type { Text } from '../kit/index.ts';

/** Where what is typed goes: the search box, whenever nothing else asks. And short notes beside it. */

let box: HTMLInputElement | null = null;

export function holdSearch(input: HTMLInputElement | null): void {
  box = input;
}

export function focusSearch(): void {
  box?.focus();
}

/** On a tablet the box would bring up the keyboard over half of the desk. */
export function refocusSearch(): void {
  if (!window.matchMedia('(pointer: coarse)').matches) focusSearch();
}

export const noted = signal<Text | undefined>(undefined);
let timer: ReturnType<typeof setTimeout> | undefined;
const NOTED_MS = 6_000;

/** Says something short beside the search box, for a while. */
export function note(text: Text): void {
  clearTimeout(timer);
  noted.value = text;
  timer = setTimeout(() => {
    noted.value = undefined;
  }, NOTED_MS);
}
