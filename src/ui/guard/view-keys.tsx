import type { Text } from '../kit/index.ts';
import { KEY } from './key-names.ts';
import { say } from './settings.ts';
import { deeds } from './words/deeds.ts';
import { page as pageWords } from './words/page.ts';
import { keySheet as words } from './words/sheets.ts';
import { search } from './words/search.ts';
import { signIn } from './words/sign-in.ts';

const LIST: readonly (readonly [string, readonly Text[]])[] = [
  ['Enter', [words.search]],
  ['↓', [words.otherwise]],
  ['↑ ↓', [words.select]],
  [KEY.letIn, [deeds['let-in'].name]],
  [KEY.visitor, [deeds.visitor.name]],
  [KEY.delivery, [deeds.delivery.name]],
  [KEY.household, [search.showHousehold]],
  [KEY.lookUpWaiting, [words.help]],
  [KEY.dismiss, [words.dismiss]],
  [KEY.acknowledge, [words.acknowledge]],
  [KEY.emergency, [deeds.emergency.name]],
  [KEY.hold, [deeds.hold.name, deeds['end-hold'].name]],
  [KEY.lock, [deeds['lock-down'].name, deeds.release.name]],
  [KEY.undo, [words.undo]],
  ['1 – 9', [words.digits]],
  ['Esc', [words.escape]],
  [KEY.menu, [pageWords.menu]],
  [KEY.keys, [pageWords.keys]],
];

/** All keys on one sheet. */
export function KeysView() {
  return (
    <>
      <p class="sheet-about">
        {say(words.next)}{' '}
        <a href="/help" target="_blank" rel="noreferrer">
          {say(signIn.help)}
        </a>
      </p>
      <dl class="key-list">
        {LIST.map(([key, names]) => (
          <div key={key}>
            <dt>
              <span class="key">{key}</span>
            </dt>
            <dd>{names.map(say).join(' / ')}</dd>
          </div>
        ))}
      </dl>
    </>
  );
}
