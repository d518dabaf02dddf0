import { shortCodeGroups } from '../../code/index.ts';
import type { Language } from '../../wire/index.ts';
import { Both } from '../kit/index.ts';
import { words } from './words.ts';

interface FirstAccountProps {
  /** Eight figures, for whoever stands before this machine and nobody else. */
  readonly figures: string;
  readonly language: Language;
}

/** No guard has an account yet: where to go, and the figures that open the first one. */
export function FirstAccount({ figures, language }: FirstAccountProps) {
  return (
    <aside class="first-account">
      <p>
        <Both say={words.firstAccount} language={language} />
      </p>
      <strong aria-hidden="true">{shortCodeGroups(figures)}</strong>
      <span class="unseen">{[...figures].join(' ')}</span>
    </aside>
  );
}
