/** RFC 8785 §3.2.2.2 has no form for half a surrogate pair. */
const HALF_A_PAIR = /\p{Surrogate}/u;

/** What may stand in a row: its digest is made of canonical JSON. */
export function isWellFormedText(text: string): boolean {
  return !HALF_A_PAIR.test(text);
}
