import { say } from './settings.ts';
import { type View, view } from './views.ts';
import { menu } from './words/sheets.ts';
import type { Text } from '../kit/index.ts';

const ITEMS: readonly { readonly to: View; readonly name: Text; readonly headOnly?: true }[] = [
  { to: 'inside', name: menu.inside },
  { to: 'report', name: menu.report },
  { to: 'alarms', name: menu.alarms },
  { to: 'camera', name: menu.camera },
  { to: 'settings', name: menu.settings },
  { to: 'secret', name: menu.secret },
  { to: 'leave', name: menu.leave },
  { to: 'end-shift', name: menu.endShift },
  { to: 'accounts', name: menu.accounts, headOnly: true },
];

/** Everything that is not done at every moment, each with its digit. */
export function MenuView({ isHead }: { readonly isHead: boolean }) {
  const items = ITEMS.filter(({ headOnly }) => headOnly !== true || isHead);
  const press = (event: KeyboardEvent) => {
    const item = items[Number(event.key) - 1];
    if (item === undefined) return;
    event.preventDefault();
    view.value = item.to;
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: digits choose among the buttons in it
    <div class="menu" onKeyDown={press}>
      {items.map(({ to, name }, at) => (
        <button
          key={to}
          type="button"
          class="button"
          data-first={at === 0 ? '' : undefined}
          aria-keyshortcuts={String(at + 1)}
          onClick={() => {
            view.value = to;
          }}
        >
          <span class="key" aria-hidden="true">
            {at + 1}
          </span>
          {say(name)}
        </button>
      ))}
    </div>
  );
}
