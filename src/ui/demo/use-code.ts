import { useEffect, useState } from 'preact/hooks';
import { type CodeProblem, makeCode, type ShownCode, type Wanted } from './shown-code.ts';

export interface LiveCode {
  readonly code?: ShownCode;
  readonly problem?: CodeProblem;
  /** A fresh code now. */
  readonly refresh: () => void;
}

const RETRY_MS = 5_000;
/** Longer than setTimeout can count is as good as never. */
const TIMER_MAX_MS = 2_000_000_000;

/** A code that renews itself. While the district is away the last one stays: it may still be good. */
export function useCode(wanted: Wanted): LiveCode {
  const name = `${wanted.district}/${wanted.resident.index}/${wanted.kind}`;
  const [made, setMade] = useState<{ name: string; code?: ShownCode; problem?: CodeProblem }>({ name });
  const [turn, setTurn] = useState(0);
  useEffect(() => {
    let over = false;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const again = (afterMs: number) => {
      timer = setTimeout(() => setTurn((before) => before + 1), Math.min(afterMs, TIMER_MAX_MS));
    };
    void makeCode(wanted).then((answer) => {
      if (over) return;
      if (typeof answer !== 'string') {
        setMade({ name, code: answer });
        again(answer.renewAtMs - Date.now());
        return;
      }
      setMade((before) => ({ ...(before.name === name ? before : { name }), problem: answer }));
      if (answer === 'no-answer') again(RETRY_MS);
    });
    return () => {
      over = true;
      clearTimeout(timer);
    };
    // A resident who was revoked gets none, one who was restored gets another.
  }, [name, turn, wanted.resident.state]);
  const current = made.name === name ? made : { name };
  return { ...current, refresh: () => setTurn((before) => before + 1) };
}
