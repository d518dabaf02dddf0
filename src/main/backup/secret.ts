import { readFile } from 'node:fs/promises';
import { err, ok, type Result } from '../../base/index.ts';
import { type CommandIo, writeTo } from '../command.ts';

/** What a backup is sealed with: a passphrase that somebody types, or what a file holds. It is never an argument. */

const LENGTH_MIN = 12;
const LENGTH_MAX = 1_024;

export async function secretOf(
  io: CommandIo,
  { keyFile, twice }: { keyFile: string | undefined; twice: boolean },
): Promise<Result<Uint8Array, string>> {
  if (keyFile !== undefined) return fromFile(keyFile);
  const typed = new TypedLines(io);
  try {
    const first = await typed.ask('passphrase: ');
    if (first === undefined || first.length < LENGTH_MIN)
      return err(`passphrase: type at least ${LENGTH_MIN} characters, or name --key-file`);
    if (twice && (await typed.ask('the same once more: ')) !== first)
      return err('passphrase: the second time it was another one; begin again');
    return ok(Buffer.from(first.normalize('NFC')));
  } finally {
    typed.end();
  }
}

async function fromFile(path: string): Promise<Result<Uint8Array, string>> {
  const bytes = await readFile(path).catch(() => undefined);
  if (bytes === undefined) return err('--key-file: cannot be read; correct the path');
  const trimmed = bytes.toString('latin1').trimEnd();
  if (trimmed.length < LENGTH_MIN || bytes.length > LENGTH_MAX)
    return err(
      `--key-file: needs ${LENGTH_MIN} to ${LENGTH_MAX} bytes; make one with \`openssl rand -hex 32\``,
    );
  return ok(Buffer.from(trimmed, 'latin1'));
}

/** Lines of the standard input; a terminal does not show them. */
class TypedLines {
  readonly #io: CommandIo;
  readonly #pieces: AsyncIterator<Uint8Array | string>;
  readonly #isTerminal: boolean;
  #text = '';

  constructor(io: CommandIo) {
    this.#io = io;
    this.#isTerminal = io.input === process.stdin && process.stdin.isTTY === true;
    if (this.#isTerminal) process.stdin.setRawMode(true);
    this.#pieces = io.input[Symbol.asyncIterator]();
  }

  async ask(question: string): Promise<string | undefined> {
    await writeTo(this.#io.error, question);
    const line = await this.#line();
    if (this.#isTerminal) await writeTo(this.#io.error, '\n');
    return line;
  }

  end(): void {
    if (!this.#isTerminal) return;
    process.stdin.setRawMode(false);
    process.stdin.destroy();
  }

  async #line(): Promise<string | undefined> {
    for (;;) {
      const end = /\r\n|[\r\n]/.exec(this.#text);
      if (end !== null) {
        const line = this.#text.slice(0, end.index);
        this.#text = this.#text.slice(end.index + end[0].length);
        return withoutErased(line);
      }
      const next = await this.#pieces.next();
      if (next.done === true || this.#text.length > LENGTH_MAX)
        return this.#text === '' ? undefined : withoutErased(this.#text);
      this.#text += Buffer.from(next.value).toString('utf8');
      // A terminal in raw mode leaves Ctrl-C and Ctrl-D to the program.
      if (this.#isTerminal && ['\u0003', '\u0004'].some((key) => this.#text.includes(key))) return undefined;
    }
  }
}

/** A terminal in raw mode leaves backspace to the program. */
function withoutErased(line: string): string {
  const kept: string[] = [];
  for (const character of line) {
    if (character === '\u007f' || character === '\b') kept.pop();
    else kept.push(character);
  }
  return kept.join('');
}
