import { GateCrew } from './crew.ts';
import type { FromCrew, ToCrew } from './messages.ts';

/** A process of `menwei simulate` that holds some of its gates. It ends when whoever started it is gone. */

const say = (message: FromCrew): void => void process.send?.(message);

let crew: GateCrew | undefined;

/** One after the other: whoever releases gates means those of the start before. */
let tail: Promise<void> = Promise.resolve();
process.on('message', (message: ToCrew) => {
  tail = tail
    .then(() => take(message))
    .catch((fault: unknown) => say({ type: 'failed', why: String(fault) }));
});
process.on('disconnect', () => process.exit(0));
// A terminal sends its signal to the whole group; when this process ends is told by the one that started it.
process.on('SIGINT', () => undefined);

async function take(message: ToCrew): Promise<void> {
  if (message.type === 'start') {
    crew = await GateCrew.open(message.crew, say);
    crew.connect();
    return;
  }
  await crew?.take(message);
}
