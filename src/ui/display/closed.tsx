import type { DisplayProblem, Language } from '../../wire/index.ts';
import { Both, type Text } from '../kit/index.ts';
import { Notices } from './waiting.tsx';

interface ClosedProps {
  readonly title: Text;
  readonly next: Text;
  readonly more?: Text;
  readonly kind: DisplayProblem | 'lost' | 'connecting';
  readonly notices?: readonly DisplayProblem[];
  readonly language: Language;
}

/** The gate, or this screen, is not in order: what is the matter and what to do. */
export function Closed({ title, next, more, kind, notices = [], language }: ClosedProps) {
  return (
    <main class={`closed closed-${kind}`} data-problem={kind}>
      <svg class="sign" viewBox="0 0 100 100" aria-hidden="true">
        {kind === 'fire' ? FLAME : kind === 'starting' || kind === 'connecting' ? HOURGLASS : BARRIER}
      </svg>
      <div class="closed-text">
        <h1>
          <Both say={title} language={language} />
        </h1>
        <p class="sentence">
          <Both say={next} language={language} />
        </p>
        {more !== undefined && (
          <p class="more">
            <Both say={more} language={language} />
          </p>
        )}
      </div>
      <Notices notices={notices} language={language} />
    </main>
  );
}

const FLAME = (
  <path
    class="sign-line"
    d="M52 6c4 18 30 28 30 56a32 32 0 0 1-64 0c0-14 8-22 14-32 2 8 5 11 10 13 0-14 2-26 10-37ZM50 92c-10 0-15-7-15-14 0-9 8-12 12-21 8 6 18 12 18 22 0 8-6 13-15 13Z"
  />
);
const HOURGLASS = (
  <path
    class="sign-line"
    d="M24 8h52M24 92h52M30 8c0 26 20 28 20 42S30 66 30 92M70 8c0 26-20 28-20 42s20 16 20 42"
  />
);
const BARRIER = (
  <>
    <rect class="sign-line" x="6" y="34" width="88" height="26" rx="4" />
    <path class="sign-line" d="M28 34 18 60M52 34 42 60M76 34 66 60M22 60v32M78 60v32" />
  </>
);
