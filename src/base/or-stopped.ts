/** An AbortSignal is one. */
interface Stopping {
  addEventListener(type: 'abort', then: () => void): void;
  removeEventListener(type: 'abort', then: () => void): void;
}

/**
 * Ends with `wanted`, or when somebody stops waiting; rejects with it. Leaves no listener behind: a signal may live as long as the
 * program, and what is waited for comes by the thousand.
 */
export function orStopped(wanted: Promise<void>, stopping: Stopping): Promise<void> {
  return new Promise((resolve, reject) => {
    const done = () => {
      stopping.removeEventListener('abort', done);
      resolve();
    };
    stopping.addEventListener('abort', done);
    wanted.then(done, reject);
  });
}
