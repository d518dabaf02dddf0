import { useState } from 'preact/hooks';
import { call, type Failure } from './call.ts';

const CHANGED_WITHIN_MS = 60_000;

/** Sends one change of the network, and remembers how it went. */
export function useChange(look: () => Promise<void>) {
  const [failure, setFailure] = useState<Failure>();
  const [outcome, setOutcome] = useState<'idle' | 'working' | 'done'>('idle');
  /** @returns whether it was taken */
  const send = async (path: string, body: object): Promise<boolean> => {
    setOutcome('working');
    const answer = await call('POST', path, { body, withinMs: CHANGED_WITHIN_MS });
    setFailure(answer.ok ? undefined : answer.error);
    setOutcome(answer.ok ? 'done' : 'idle');
    await look();
    return answer.ok;
  };
  return { failure, outcome, send };
}
