import { parseArgs } from 'node:util';
import { correction, generate } from 'lean-qr';
import { systemClock } from '../../../device/clock/index.ts';
import {
  type Finding,
  judgeReader,
  LAYOUTS,
  SETUP_TEXT,
  type Typed,
  type Verdict,
} from '../../../device/scanner/index.ts';
import type { Clock } from '../../ports/index.ts';
import { type CommandIo, EXIT, writeTo } from '../command.ts';
import { rawMode } from '../reader/raw-mode.ts';
import { type ListenedReader, listenToReader, silenceAfter, TEXTS_MAX } from '../reader/reader-listen.ts';
import { findingInWords } from '../reader/reader-words.ts';

/**
 * `menwei reader test`: shows the set-up symbol, listens to one reader, and says how it is set: layout, letter case,
 * doubled output, line end, speed. It keeps nothing, and prints nothing of what it read but the set-up symbol's fate.
 */
export { readerTest as run };

const USAGE =
  'usage: menwei reader test (--stdin | --keyboard PATH | --serial PATH | --hid PATH | --camera CAMERA)\n' +
  '                          [--layout us|uk|de|fr|jp] [--baud N] [--line 8N1] [--rtscts] [--wait SECONDS] [--json]\n' +
  '       PATH: menwei reader list\n';
const WAIT_SECONDS = 60;
const WAIT_SECONDS_MAX = 3_600;
const BAUD_MAX = 4_000_000;
const CHARACTERS_MAX = 4_096;

interface Wanted extends Omit<ListenedReader, 'line'> {
  readonly line: NonNullable<ListenedReader['line']>;
  readonly json: boolean;
}

/** @returns 0 when codes will be read, 1 when they will not, 2 when not understood */
export async function readerTest(args: readonly string[], io: CommandIo): Promise<number> {
  if (args.includes('--camera')) return (await import('../reader/camera-test.ts')).cameraTest(args, io);
  const wanted = wantedBy(args);
  if (wanted === undefined) {
    await writeTo(io.error, USAGE);
    return EXIT.usage;
  }
  await writeTo(io.error, `${symbolForTerminal(SETUP_TEXT)}\n扫描上面的图案 / Scan the symbol above.\n`);
  const clock = systemClock();
  const typed =
    wanted.source === 'stdin' ? await listenToInput(io, wanted, clock) : await listenToReader(wanted, clock);
  const verdict = judgeReader(typed, wanted.layout);
  await writeTo(io.output, wanted.json ? `${JSON.stringify(verdict)}\n` : inWords(verdict));
  return verdict.usable ? EXIT.done : EXIT.failed;
}

function wantedBy(args: readonly string[]): Wanted | undefined {
  const text = { type: 'string' } as const;
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        stdin: { type: 'boolean' },
        json: { type: 'boolean' },
        keyboard: text,
        serial: text,
        hid: text,
        layout: text,
        baud: text,
        line: text,
        rtscts: { type: 'boolean' },
        wait: text,
      },
    });
    const sources = (['keyboard', 'serial', 'hid'] as const).filter((name) => values[name] !== undefined);
    if (sources.length + (values.stdin === true ? 1 : 0) !== 1) return undefined;
    const source = sources[0] ?? 'stdin';
    const layout = LAYOUTS.find((name) => name === (values.layout ?? 'us'));
    const baudRate = wholeNumber(values.baud ?? '9600', BAUD_MAX);
    const seconds = wholeNumber(values.wait ?? String(WAIT_SECONDS), WAIT_SECONDS_MAX);
    const line = lineOf(values.line ?? '8N1', values.rtscts === true);
    if (layout === undefined || baudRate === undefined || seconds === undefined || line === undefined)
      return undefined;
    const path = source === 'stdin' ? '' : (values[source] ?? '');
    return { source, path, layout, baudRate, line, waitMs: seconds * 1_000, json: values.json === true };
  } catch {
    return undefined;
  }
}

const PARITIES = { N: 'none', E: 'even', O: 'odd' } as const;

/** Data bits, parity and stop bits, as manuals write them: `8N1`, `7E2`. */
function lineOf(text: string, rtscts: boolean): Wanted['line'] | undefined {
  const [, bits, letter, stops] = /^([78])([NEO])([12])$/.exec(text.toUpperCase()) ?? [];
  if (letter !== 'N' && letter !== 'E' && letter !== 'O') return undefined;
  return {
    dataBits: bits === '7' ? 7 : 8,
    parity: PARITIES[letter],
    stopBits: stops === '2' ? 2 : 1,
    rtscts,
  };
}

function wholeNumber(text: string, max: number): number | undefined {
  const number = Number(text);
  return /^\d{1,7}$/.test(text) && number >= 1 && number <= max ? number : undefined;
}

/** Two rows of modules a line, dark on light, with the quiet zone. */
export function symbolForTerminal(text: string): string {
  const symbol = generate(text, { minCorrectionLevel: correction.M });
  const quiet = 4;
  const lines: string[] = [];
  for (let y = -quiet; y < symbol.size + quiet; y += 2) {
    let line = '';
    for (let x = -quiet; x < symbol.size + quiet; x += 1) {
      line += HALF_BLOCKS[(symbol.get(x, y) ? 2 : 0) + (symbol.get(x, y + 1) ? 1 : 0)];
    }
    // Black on white, whatever the terminal's own colours are.
    lines.push(`\u001b[30;107m${line}\u001b[0m`);
  }
  return lines.join('\n');
}

const HALF_BLOCKS = [' ', '▄', '▀', '█'] as const;

/** A reader that types into this terminal. Ctrl-C ends it, as ever. */
async function listenToInput(io: CommandIo, wanted: Wanted, clock: Clock): Promise<Typed> {
  const heard = { texts: [] as string[], text: '', firstMs: 0, lastMs: 0, isFirst: true };
  const quiet = silenceAfter(wanted.waitMs, clock);
  const raw = rawMode(io.input);
  const read = async () => {
    for await (const chunk of io.input) {
      if (take(heard, String(chunk), clock.monotonic())) break;
      quiet.heard();
    }
    quiet.end();
  };
  const reading = read().catch(() => quiet.end());
  await Promise.race([quiet.over, reading]);
  await quiet.over;
  raw.restore();
  const ended = heard.text === '' && heard.texts.length > 0;
  const texts = heard.text === '' ? heard.texts : [...heard.texts, heard.text];
  // Pieces of several characters at once say nothing of the typing speed.
  const durationMs = heard.lastMs > heard.firstMs ? { durationMs: heard.lastMs - heard.firstMs } : {};
  return { texts, ended, ...durationMs };
}

interface Heard {
  texts: string[];
  text: string;
  firstMs: number;
  lastMs: number;
  isFirst: boolean;
}

/** @returns true at Ctrl-C */
function take(heard: Heard, chunk: string, atMs: number): boolean {
  for (const character of chunk) {
    if (character === '\u0003') return true;
    if ('\r\n\t'.includes(character)) {
      if (heard.text !== '' && heard.texts.length < TEXTS_MAX) heard.texts.push(heard.text);
      heard.isFirst &&= heard.text === '';
      heard.text = '';
    } else if (character !== '\u001b' && heard.text.length < CHARACTERS_MAX) {
      if (heard.isFirst && heard.text === '') heard.firstMs = atMs;
      if (heard.isFirst) heard.lastMs = atMs;
      heard.text += character;
    }
  }
  return false;
}

function inWords(verdict: Verdict): string {
  const lines = verdict.findings.map((finding: Finding) => `- ${findingInWords(finding)}`);
  const summary = verdict.usable
    ? '读码器可用 / The reader will read codes.'
    : '读码器需要设置 / The reader must be set up.';
  return `${[summary, ...lines].join('\n')}\n`;
}
