import type { Clock } from '../../ports/index.ts';
import { BODY_BYTES_MAX, BODY_WITHIN_MS } from '../limits.ts';

/** Reads a request's body up to a length and a time, whatever it says of itself; what is not UTF-8 is no text. */
export type BodyProblem = 'large-body' | 'slow-body' | 'invalid';

export async function readBody(request: Request, clock: Clock): Promise<{ text: string } | BodyProblem> {
  if (Number(request.headers.get('content-length') ?? 0) > BODY_BYTES_MAX) return 'large-body';
  const reader = request.body?.getReader();
  if (reader === undefined) return { text: '' };
  let cancel: () => void = () => undefined;
  const late = new Promise<'slow-body'>((resolve) => {
    cancel = clock.after(BODY_WITHIN_MS, () => resolve('slow-body'));
  });
  try {
    const outcome = await Promise.race([late, readAll(reader)]);
    if (outcome === 'slow-body' || outcome === 'large-body') void reader.cancel().catch(() => undefined);
    return outcome;
  } finally {
    cancel();
  }
}

async function readAll(
  reader: ReadableStreamDefaultReader<Uint8Array>,
): Promise<{ text: string } | 'large-body' | 'invalid'> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  try {
    for (let next = await reader.read(); !next.done; next = await reader.read()) {
      length += next.value.length;
      if (length > BODY_BYTES_MAX) return 'large-body';
      pieces.push(next.value);
    }
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(pieces)) };
  } catch {
    // The connection ended in the middle, or the bytes are no text.
    return 'invalid';
  }
}
