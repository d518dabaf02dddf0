import {
  acknowledgeAlarms,
  beginDeed,
  beginHold,
  beginLock,
  beginVisitor,
  letInStart,
  lookUpHousehold,
  lookUpWaiting,
  undoLast,
} from './context.ts';
import { focusSearch } from './focus.ts';
import { KEY } from './key-names.ts';
import { dismiss, waiting } from './live.ts';
import { forgetPeople } from './look-up.ts';
import { view } from './views.ts';

/** What the desk's keys do while nothing lies over it. What is no key of ours goes into the search box. */

const ACTIONS: Readonly<Record<string, () => void>> = {
  [KEY.letIn]: () => beginDeed(letInStart()),
  [KEY.visitor]: beginVisitor,
  [KEY.delivery]: () => beginDeed({ deed: 'delivery', lane: undefined }),
  [KEY.household]: lookUpHousehold,
  [KEY.lookUpWaiting]: lookUpWaiting,
  [KEY.acknowledge]: () => void acknowledgeAlarms(),
  [KEY.emergency]: () => beginDeed({ deed: 'emergency' }),
  [KEY.hold]: beginHold,
  [KEY.lock]: beginLock,
  Escape: forgetPeople,
};

/** Only where nothing is being typed: the box would want them itself. */
const ACTIONS_OF_EMPTY_BOX: Readonly<Record<string, () => void>> = {
  [KEY.keys]: () => {
    view.value = 'keys';
  },
  [KEY.menu]: () => {
    view.value = 'menu';
  },
  '？': () => {
    view.value = 'keys';
  },
  [KEY.dismiss]: () => {
    const [first] = waiting.value;
    if (first !== undefined) dismiss(first.seq);
  },
};

export function onDeskKey(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.isComposing || document.querySelector('dialog[open]') !== null) return;
  const plain = !event.ctrlKey && !event.altKey && !event.metaKey;
  const typing = event.target instanceof HTMLInputElement && event.target.value !== '';
  const action = plain
    ? (ACTIONS[event.key] ?? (typing ? undefined : ACTIONS_OF_EMPTY_BOX[event.key]))
    : undefined;
  if (action !== undefined) {
    event.preventDefault();
    action();
  } else if (event.ctrlKey && event.key.toLowerCase() === 'z' && !typing) {
    event.preventDefault();
    undoLast();
  } else if (plain && event.key.length === 1 && event.key !== ' ' && !isField(event.target)) focusSearch();
}

function isField(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.closest('input, textarea, select') !== null;
}
