import { z } from 'zod';

/** What a server sent, checked against the contract; `undefined` when it is anything else. */
export function parseMessage<Schema extends z.ZodType>(
  schema: Schema,
  json: string,
): z.infer<Schema> | undefined {
  try {
    const checked = schema.safeParse(JSON.parse(json));
    return checked.success ? checked.data : undefined;
  } catch {
    return undefined;
  }
}

// The pages' content policy forbids code made from text, which zod would try for speed.
z.config({ jitless: true });
