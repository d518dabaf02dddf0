/** Takes the steps of a start in order. When one fails, what is running already is stopped: nothing is left half started. */
export async function startOrStop(
  steps: readonly (() => void | Promise<void>)[],
  stop: () => Promise<void>,
): Promise<void> {
  try {
    for (const step of steps) await step();
  } catch (problem) {
    // The first fault is the one to be told.
    await stop().catch(() => undefined);
    throw problem;
  }
}
