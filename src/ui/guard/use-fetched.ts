import { useEffect, useState } from 'preact/hooks';
import type { Answer, Failure } from './call.ts';

export interface Fetched<Value> {
  readonly value: Value | undefined;
  readonly failure: Failure | undefined;
  readonly reload: () => Promise<void>;
}

/** What a sheet shows, asked for when it opens and whenever somebody wants it anew. */
export function useFetched<Value>(get: () => Promise<Answer<Value>>): Fetched<Value> {
  const [value, setValue] = useState<Value | undefined>(undefined);
  const [failure, setFailure] = useState<Failure | undefined>(undefined);
  const reload = async () => {
    const answer = await get();
    if (answer.ok) setValue(answer.value);
    setFailure(answer.ok ? undefined : answer.error);
  };
  useEffect(() => void reload(), []);
  return { value, failure, reload };
}
