import { useEffect } from 'preact/hooks';
import { useSteadyNow } from './use-now.ts';

interface CountdownProps {
  /** Steady milliseconds (`performance.now`) at which it is over. */
  readonly until: number;
  readonly totalMs: number;
  readonly over: () => void;
  /** Said with the seconds that are left. */
  readonly say: (seconds: number) => string;
}

const STEP_MS = 250;

/** A bar that shortens and the seconds that are left; `over` is called once, when it ends. */
export function Countdown({ until, totalMs, over, say }: CountdownProps) {
  const now = useSteadyNow(STEP_MS);
  const leftMs = Math.max(0, until - now);
  useEffect(() => {
    const timer = setTimeout(over, Math.max(0, until - performance.now()));
    return () => clearTimeout(timer);
  }, [until]);
  return (
    <div class="countdown" role="timer">
      <span>{say(Math.ceil(leftMs / 1000))}</span>
      <span class="countdown-bar" aria-hidden="true">
        <span style={{ transform: `scaleX(${Math.min(1, leftMs / totalMs)})` }} />
      </span>
    </div>
  );
}
