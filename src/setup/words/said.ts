/** One thing the doctor says, in both languages: what is so, why it matters, what to do. `{name}` is filled in. */
export interface Said {
  readonly what: Both;
  readonly why?: Both;
  readonly todo?: Both;
}

export type Both = readonly [chinese: string, english: string];
