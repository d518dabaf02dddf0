import { type DisplayVerdict, displayVerdict } from '../../src/wire/index.ts';

/** Verdicts as the lane's display is told of them: what somebody outside saw, each with the number of its durable row. */
export class DisplayFeed {
  /** With how long the disk's log was when it was told. */
  readonly verdicts: (DisplayVerdict & { readonly logLength: number })[] = [];
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
        const verdict = data === undefined ? undefined : displayVerdict.safeParse(JSON.parse(data));
        if (verdict?.success === true) this.verdicts.push({ ...verdict.data, logLength: this.#logLength() });
      }
    }
  }
}
