/** Keeps the screen lit while the page is looked at, where the browser can. @returns how to let it sleep again */
export function keepAwake(): () => void {
  if (!('wakeLock' in navigator)) return () => undefined;
  let held: WakeLockSentinel | undefined;
  let ended = false;
  const hold = async () => {
    if (document.visibilityState !== 'visible') return;
    // Refused with a low battery: the screen then dims as usual.
    const lock = await navigator.wakeLock.request('screen').catch(() => undefined);
    if (ended) void lock?.release();
    else held = lock;
  };
  const look = () => void hold();
  // The browser takes it away with each change to another page.
  document.addEventListener('visibilitychange', look);
  look();
  return () => {
    ended = true;
    document.removeEventListener('visibilitychange', look);
    void held?.release();
  };
}
