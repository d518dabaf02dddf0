import { useEffect, useRef, useState } from 'preact/hooks';
import { keepAwake } from '../kit/index.ts';
import { type Screen, verdictOf } from './face.ts';

/** What makes a browser window a sign: it stays lit, shows no pointer, is dark at night, and takes new pages by itself. */

/** A pointer that rests so long is in the way. */
const POINTER_IDLE_MS = 4_000;
/** New pages wait for a moment without a verdict, and a little longer: somebody may be reading. */
const QUIET_MS = 2_000;

/** @returns whether nobody moves a pointer */
export function useKiosk(screen: Screen): boolean {
  useEffect(keepAwake, []);
  useNewPages(screen);
  return usePointerRest();
}

function usePointerRest(): boolean {
  const [rests, setRests] = useState(true);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const moved = ({ pointerType }: PointerEvent) => {
      // A finger has no pointer to hide.
      if (pointerType === 'touch') return;
      setRests(false);
      clearTimeout(timer);
      timer = setTimeout(() => setRests(true), POINTER_IDLE_MS);
    };
    addEventListener('pointermove', moved);
    return () => {
      removeEventListener('pointermove', moved);
      clearTimeout(timer);
    };
  }, []);
  return rests;
}

/** The gate was updated under a page that has been open for weeks: it loads the new one, but never over a verdict. */
function useNewPages(screen: Screen): void {
  const first = useRef<string | undefined>(undefined);
  const { pages } = screen;
  const isBusy = verdictOf(screen) !== undefined || screen.connection !== 'live';
  useEffect(() => {
    first.current ??= pages;
    if (pages === undefined || pages === first.current || isBusy) return undefined;
    const timer = setTimeout(() => location.reload(), QUIET_MS);
    return () => clearTimeout(timer);
  }, [pages, isBusy]);
}
