import { signal } from '@preact/signals';
import { onLeave } from './session.ts';

/** What lies over the desk, if anything. */
export type View =
  | 'keys'
  | 'menu'
  | 'inside'
  | 'report'
  | 'alarms'
  | 'camera'
  | 'settings'
  | 'secret'
  | 'accounts'
  | 'leave'
  | 'end-shift';

export const view = signal<View | undefined>(undefined);

onLeave(closeView);

export function closeView(): void {
  view.value = undefined;
}
