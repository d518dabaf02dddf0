import type { Language } from '../../wire/index.ts';
import { Banner } from '../kit/index.ts';
import type { Failure } from './call.ts';
import { problems } from './words.ts';

/** What went wrong, in the page's words, and what the gate says of it. */
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
      <Banner look="bad" title={problems[failure.problem][language]} next={failure.detail} />
    </div>
  );
}
