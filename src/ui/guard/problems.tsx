import type { GuardState } from '../../wire/index.ts';
import { Banner } from '../kit/index.ts';
import { connection, gate, waiting } from './live.ts';
import { say } from './settings.ts';
import { gateProblems } from './words/gate.ts';
import { page } from './words/page.ts';

/** As many as a guard can take in, with nobody waiting; the rest is one touch away. */
const SHOWN_AT_ONCE = 2;

/** What is out of order, worst first, each with what to do. */
export function Problems() {
  const problems = gate.value?.problems ?? [];
  const shown = waiting.value.length > 0 ? 1 : SHOWN_AT_ONCE;
  const first = problems.slice(0, shown);
  const more = problems.slice(shown);
  return (
    <section class="problems" aria-live="polite">
      {connection.value === 'lost' && (
        <Banner look="bad" title={say(page.offline)} next={say(page.offlineNext)} />
      )}
      {first.map((problem) => (
        <Problem key={keyOf(problem)} problem={problem} />
      ))}
      {more.length > 0 && (
        <details>
          <summary class="button">
            {say(page.problemsMore)} ({more.length})
          </summary>
          {more.map((problem) => (
            <Problem key={keyOf(problem)} problem={problem} />
          ))}
        </details>
      )}
    </section>
  );
}

type GateProblem = GuardState['problems'][number];

function keyOf({ problem, lane, reader }: GateProblem): string {
  return `${problem}/${lane ?? ''}/${reader ?? ''}`;
}

function Problem({ problem: { problem, lane, reader, amount } }: { readonly problem: GateProblem }) {
  const words = gateProblems[problem];
  const where = [lane, reader].filter((part) => part !== undefined).join(' / ');
  const title = say(words.title(amount));
  return (
    <Banner look={words.look} title={where === '' ? title : `${title} · ${where}`} next={say(words.next)} />
  );
}
