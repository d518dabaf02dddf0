import type { Language } from '../../wire/index.ts';
import { Banner } from '../kit/index.ts';
import type { Failure } from './call.ts';
import { problems } from './words.ts';
import { remedies } from './words-network.ts';

/** What went wrong, in the page's words, and what to write instead; else what the gate says of it. */
export function Failed({
  failure,
  language,
}: {
  readonly failure: Failure | undefined;
  readonly language: Language;
}) {
  if (failure === undefined) return null;
  return (
    <div role="alert">
      <Banner look="bad" title={problems[failure.problem][language]} next={adviceOn(failure, language)} />
    </div>
  );
}

/** The gate names the field first, `direct.0: …`. */
function adviceOn({ problem, detail }: Failure, language: Language): string | undefined {
  const [field = ''] = /^\w+/.exec(detail ?? '') ?? [];
  return (problem === 'not-valid' ? remedies[field]?.[language] : undefined) ?? detail;
}
