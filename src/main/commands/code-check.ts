import { parseArgs } from 'node:util';
import { err, ok, type Result, toHex } from '../../base/index.ts';
import { type CodeFields, parseCode, type Refusal } from '../../code/index.ts';
import { nodeEngine } from '../../crypto/index.ts';
import { createVerifier, judgeBy, type Refused } from '../../verify/index.ts';
import type { ContextFile } from '../../wire/index.ts';
import { readContext } from '../bundle/context-file.ts';
import { type CommandIo, EXIT, writeTo } from '../command.ts';
import { type Line, LineSplitter } from '../lines.ts';

/**
 * `menwei code check --context FILE`: judges codes as a gate would, each alone, as a first use, at the context's `now` with a
 * synced clock. One JSON string a line comes in, one JSON object a line goes out, in the same order; it keeps nothing.
 */
export { codeCheck as run };

const USAGE = 'usage: menwei code check --context FILE\n';
/** Answers are handed on in pieces of about this size, UTF-16 units. */
const BATCH_UNITS = 64 * 1024;

/** @returns 0 when every line was judged, 1 when one could not be or the context is wrong, 2 when not understood */
export async function codeCheck(args: readonly string[], io: CommandIo): Promise<number> {
  const file = contextPath(args);
  if (file === undefined) {
    await writeTo(io.error, USAGE);
    return EXIT.usage;
  }
  const context = await readContext(file);
  if (!context.ok) {
    await writeTo(io.error, context.error.map((problem) => `menwei: ${file}: ${problem}\n`).join(''));
    return EXIT.failed;
  }
  return (await answerLines(io, createJudge(context.value))) ? EXIT.done : EXIT.failed;
}

type Answer =
  | { readonly verdict: 'valid'; readonly kind: number; readonly fields: Readonly<Record<string, unknown>> }
  | ({ readonly verdict: 'refused' } & Refused);

type Judge = (text: string) => Answer;

function createJudge(context: ContextFile): Judge {
  const engine = nodeEngine();
  const verify = createVerifier(engine);
  const { against, now } = judgeBy(context, engine);
  return (text) => {
    const parsed = parseCode(text);
    if (!parsed.ok) return { verdict: 'refused', ...parsed.error };
    const { fields } = parsed.value;
    const result = verify(parsed.value, against, now);
    if (!result.ok) return { verdict: 'refused', ...result.error };
    const refusal = refusalByCardRule(fields, context.policy);
    if (refusal !== undefined) return { verdict: 'refused', refusal, kind: fields.kind };
    return { verdict: 'valid', kind: fields.kind, fields: inWords(fields) };
  };
}

/** The one rule of step 8 that a context file states. */
function refusalByCardRule(fields: CodeFields, { printedCard }: ContextFile['policy']): Refusal | undefined {
  if (fields.kind !== 5 || printedCard === 'open') return undefined;
  return printedCard === 'guard' ? 'needs-guard' : 'assurance-too-low';
}

/** Fields under the names of docs/code-format.md, keys in hex. */
function inWords({ kind: _kind, suite: _suite, ...rest }: CodeFields): Readonly<Record<string, unknown>> {
  return 'holderPublicKey' in rest ? { ...rest, holderPublicKey: toHex(rest.holderPublicKey) } : rest;
}

/** @returns whether every line could be judged */
async function answerLines({ input, output }: CommandIo, judge: Judge): Promise<boolean> {
  const splitter = new LineSplitter();
  const decoder = new TextDecoder();
  let allJudged = true;
  let batch = '';
  const answerAll = async (lines: readonly Line[]) => {
    for (const line of lines) {
      const answer = answerTo(line, judge);
      if ('error' in answer) allJudged = false;
      batch += `${JSON.stringify(answer)}\n`;
      if (batch.length >= BATCH_UNITS) await flush();
    }
    // Whoever types or pipes line by line is answered at once.
    await flush();
  };
  const flush = async () => {
    const text = batch;
    batch = '';
    await writeTo(output, text);
  };
  for await (const piece of input) {
    await answerAll(
      splitter.push(typeof piece === 'string' ? piece : decoder.decode(piece, { stream: true })),
    );
  }
  await answerAll([...splitter.push(decoder.decode()), ...splitter.end()]);
  return allJudged;
}

function answerTo({ number, text }: Line, judge: Judge): Answer | { readonly error: string } {
  const code = text === undefined ? err('is longer than any line may be') : jsonString(text);
  return code.ok ? judge(code.value) : { error: `line ${number}: ${code.error}` };
}

function jsonString(text: string): Result<string, string> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'string' ? ok(value) : err('is JSON, but not a string');
  } catch {
    return err('is not a JSON string');
  }
}

function contextPath(args: readonly string[]): string | undefined {
  try {
    return parseArgs({ args: [...args], options: { context: { type: 'string' } } }).values.context;
  } catch {
    return undefined;
  }
}
