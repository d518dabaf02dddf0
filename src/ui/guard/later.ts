import { signal } from '@preact/signals';

/** The desk's own script comes while somebody signs in; a gate that is just starting again is asked until it has it. */

type DeskModule = typeof import('./desk.tsx');

export const deskModule = signal<DeskModule | undefined>(undefined);

const AGAIN_MS = 1_000;

export async function fetchDesk(): Promise<void> {
  while (deskModule.value === undefined) {
    try {
      deskModule.value = await import('./desk.tsx');
    } catch {
      await new Promise((go) => setTimeout(go, AGAIN_MS));
    }
  }
}
