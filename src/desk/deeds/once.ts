/**
 * Answers to requests by the name that their page gave them, in memory: one that is sent again gets the answer of the first
 * time, also while that is still being made. What did nothing is forgotten and may be tried again.
 */
export class OncePerName<Answer> {
  readonly #max: number;
  /** Oldest first. */
  readonly #kept = new Map<string, { readonly asked: string; readonly answer: Promise<Answer> }>();

  constructor(max: number) {
    this.#max = max;
  }

  /**
   * @param of what is asked under that name: the same each time
   * @param done whether an answer stands for ever
   * @returns undefined when something else was asked under that name
   */
  take(
    { name, asked }: { readonly name: string; readonly asked: string },
    make: () => Promise<Answer>,
    done: (answer: Answer) => boolean,
  ): Promise<Answer> | undefined {
    const before = this.#kept.get(name);
    if (before !== undefined) return before.asked === asked ? before.answer : undefined;
    const answer = make();
    this.#kept.set(name, { asked, answer });
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > this.#max && oldest !== undefined) this.#kept.delete(oldest);
    const forget = () => {
      if (this.#kept.get(name)?.answer === answer) this.#kept.delete(name);
    };
    answer.then((made) => !done(made) && forget(), forget);
    return answer;
  }
}
