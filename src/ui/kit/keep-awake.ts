/** Keeps the screen lit while the page is looked at, where the browser can. @returns how to let it sleep again */
export function keepAwake(): () => void {
  if (!('wakeLock' in navigator)) return () => undefined;
  let held: WakeLockSentinel | undefined;
  let again: ReturnType<typeof setTimeout> | undefined;
  let ended = false;
  const isHeld = () => held?.released === false;
  const look = () => void hold();
  const later = () => {
    clearTimeout(again);
    if (!ended) again = setTimeout(look, AGAIN_MS);
  };
  const hold = async () => {
    if (ended || document.visibilityState !== 'visible' || isHeld()) return;
    // Refused with a low battery: the screen then dims as usual.
    const lock = await navigator.wakeLock.request('screen').catch(() => undefined);
    if (ended || isHeld()) return void lock?.release();
    held = lock;
    if (lock === undefined) later();
    else lock.addEventListener('release', later, { once: true });
  };
  // The browser takes it away with each change to another page.
  document.addEventListener('visibilitychange', look);
  look();
  return () => {
    ended = true;
    clearTimeout(again);
    document.removeEventListener('visibilitychange', look);
    void held?.release();
  };
}

/** A lock that was refused or taken away is asked for again, for weeks if need be. */
const AGAIN_MS = 30_000;
