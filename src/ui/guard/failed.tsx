import { useEffect, useState } from 'preact/hooks';
import { Banner } from '../kit/index.ts';
import type { Failure } from './call.ts';
import { say } from './settings.ts';
import { problems, secondsLeft } from './words/sign-in.ts';

/** What went wrong and what to do next, said at once to whoever does not see it; a wait counts down. */
export function Failed({ failure }: { readonly failure: Failure | undefined }) {
  const [left, setLeft] = useState(0);
  useEffect(() => {
    setLeft(failure?.waitSeconds ?? 0);
    if (failure?.waitSeconds === undefined) return undefined;
    const timer = setInterval(() => setLeft((now) => Math.max(0, now - 1)), 1_000);
    return () => clearInterval(timer);
  }, [failure]);
  return (
    <div role="alert" class="failed">
      {failure !== undefined && (
        <Banner
          look="bad"
          title={say(problems[failure.problem].title)}
          next={say(problems[failure.problem].next)}
        >
          {left > 0 && (
            <span class="failed-wait" aria-hidden="true">
              {say(secondsLeft(left))}
            </span>
          )}
        </Banner>
      )}
    </div>
  );
}
