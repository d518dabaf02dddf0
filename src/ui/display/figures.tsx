import type { ComponentChildren } from 'preact';
import { shortCodeGroups } from '../../code/index.ts';
import type { Language } from '../../wire/index.ts';
import { Both } from '../kit/index.ts';
import { words } from './words.ts';

interface FiguresProps {
  /** Eight figures, for whoever stands before this machine and nobody else. */
  readonly figures: string;
  readonly language: Language;
}

/** No guard has an account yet: where to go, and the figures that open the first one. */
export function FirstAccount({ figures, language }: FiguresProps) {
  return (
    <Figures figures={figures}>
      <p>
        <Both say={words.firstAccount} language={language} />
      </p>
    </Figures>
  );
}

/** Nobody has set this gate up yet: how it is done with somebody's own telephone. */
export function SetUp({ address, figures, language }: FiguresProps & { readonly address: string }) {
  return (
    <Figures figures={figures}>
      <p>
        <Both say={words.setUp} language={language} />
      </p>
      <code>{address}</code>
    </Figures>
  );
}

function Figures({ figures, children }: { readonly figures: string; readonly children: ComponentChildren }) {
  return (
    <aside class="figures">
      {children}
      <strong aria-hidden="true">{shortCodeGroups(figures)}</strong>
      <span class="unseen">{[...figures].join(' ')}</span>
    </aside>
  );
}
