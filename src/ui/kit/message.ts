import { z } from 'zod';

/** A schema of src/wire that makes an `Answer`. */
export type MessageSchema<Answer> = z.ZodType<Answer>;

/** What a server sent, checked against the contract; `undefined` when it is anything else. */
export function parseMessage<Answer>(schema: MessageSchema<Answer>, json: string): Answer | undefined {
  try {
    const checked = schema.safeParse(JSON.parse(json));
    return checked.success ? checked.data : undefined;
  } catch {
    return undefined;
  }
}

// The pages' content policy forbids code made from text, which zod would try for speed.
z.config({ jitless: true });
