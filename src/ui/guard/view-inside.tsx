import { Button } from '../kit/index.ts';
import { fetchInside } from './api.ts';
import { AtGate } from './at-gate.tsx';
import { Failed } from './failed.tsx';
import { say } from './settings.ts';
import { useFetched } from './use-fetched.ts';
import { page } from './words/page.ts';
import { inside as words } from './words/sheets.ts';
import { search } from './words/search.ts';

/** Who came in and did not go out, to be counted at the assembly point. Prints. */
export function InsideView() {
  const { value, failure, reload } = useFetched(fetchInside);
  return (
    <div class="printed">
      <Failed failure={failure} />
      {value !== undefined && (
        <>
          <p class="inside-count">
            <strong>{value.people.length}</strong> {say(words.count)}
            {value.unnamed > 0 && (
              <span>
                {' '}
                + {value.unnamed} {say(words.unnamed)}
              </span>
            )}
          </p>
          <p class="sheet-about">
            {say(words.about)} · {say(words.since)} <AtGate at={value.since} day /> · {say(words.at)}{' '}
            <AtGate at={value.at} />
          </p>
          {value.people.length === 0 && <p class="none">{say(words.nobody)}</p>}
          <ol class="inside-list">
            {value.people.map(({ index, display, at, unsure }) => (
              <li key={index}>
                <strong>{display ?? say(search.resident)}</strong>
                <span>
                  {index}
                  {unsure === true && ` · ${say(words.unsure)}`}
                </span>
                <AtGate at={at} />
              </li>
            ))}
          </ol>
        </>
      )}
      <div class="sheet-do">
        <button type="button" class="button button-main" data-first="" onClick={() => window.print()}>
          {say(page.print)}
        </button>
        <Button press={() => void reload()}>{say(page.reload)}</Button>
      </div>
    </div>
  );
}
