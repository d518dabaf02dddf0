import {
  type DisplayState,
  displayState,
  type DisplayVerdict,
  displayVerdict,
} from '../../src/wire/index.ts';

/** What the lane's display is told: verdicts, each with the number of its durable row, and what it shows meanwhile. */
export class DisplayFeed {
  /** With how long the disk's log was when it was told. */
  readonly verdicts: (DisplayVerdict & { readonly logLength: number })[] = [];
  readonly states: DisplayState[] = [];
  readonly #logLength: () => number;
  readonly #end = new AbortController();

  private constructor(logLengthNow: () => number) {
    this.#logLength = logLengthNow;
  }

  static async open(address: string, lane: string, logLengthNow: () => number): Promise<DisplayFeed> {
    const feed = new DisplayFeed(logLengthNow);
    const response = await fetch(`${address}/display/${lane}/events`, { signal: feed.#end.signal });
    if (response.status !== 200 || response.body === null) throw new Error(`display: ${response.status}`);
    void feed.#read(response.body).catch(() => undefined);
    return feed;
  }

  close(): void {
    this.#end.abort();
  }

  async #read(body: ReadableStream<Uint8Array>): Promise<void> {
    let text = '';
    const decoder = new TextDecoder();
    for await (const part of body) {
      text += decoder.decode(part, { stream: true });
      const whole = text.split('\n\n');
      text = whole.pop() ?? '';
      for (const event of whole) {
        const data = /^data: (.*)$/m.exec(event)?.[1];
        if (data !== undefined) this.#take(JSON.parse(data));
      }
    }
  }

  #take(message: unknown): void {
    const verdict = displayVerdict.safeParse(message);
    if (verdict.success) this.verdicts.push({ ...verdict.data, logLength: this.#logLength() });
    const state = displayState.safeParse(message);
    if (state.success) this.states.push(state.data);
  }
}
