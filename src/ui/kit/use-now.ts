import { useEffect, useState } from 'preact/hooks';

/** Milliseconds of the page's own steady clock, renewed at the given pace. */
export function useSteadyNow(everyMs: number): number {
  const [now, setNow] = useState(() => performance.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(performance.now()), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return now;
}
