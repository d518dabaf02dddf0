import { parseArgs } from 'node:util';
import { systemClock } from '../../../device/clock/index.ts';
import type { SetupLanguage } from '../../setup/index.ts';
import { agreed, type CommandIo, EXIT, writeTo } from '../command.ts';
import { askDone, askState } from '../control/client.ts';
import { DRILL_MODES, type DrillMode } from '../control/protocol.ts';
import { DRILLS } from '../drill/modes.ts';
import { type Rehearsed, rehearse, type Stage } from '../drill/rehearse.ts';
import { filled, MODE_WORDS, OUTCOME_WORDS, saying, WORDS } from '../drill/words.ts';
import { givenGateFile } from '../given-config.ts';

/**
 * `menwei drill --config FILE MODE|all`: rehearses what a running gate does when something fails, says what display and guard's
 * page showed, and keeps the outcome as a row. It opens no door, and leaves the gate as it was.
 */

const USAGE =
  'usage: menwei drill --config FILE MODE|all [--language zh|en] [--wait SECONDS] [--yes] [--json]\n' +
  `  MODE: ${DRILL_MODES.join(', ')}\n` +
  '  clock, key-set and journal are played inside the gate; the others you bring about, and the gate is watched\n';
const WAIT_SECONDS = 60;
const WAIT_SECONDS_MAX = 600;

interface Wanted {
  readonly config: string;
  readonly modes: readonly DrillMode[];
  readonly language: SetupLanguage;
  readonly waitMs: number;
  readonly yes: boolean;
  readonly json: boolean;
}

/** @returns 0 when every drill passed, 1 when one failed or was not done, 2 when not understood */
export async function run(args: readonly string[], io: CommandIo): Promise<number> {
  const wanted = wantedBy(args);
  if (wanted === undefined) {
    await writeTo(io.error, USAGE);
    return EXIT.usage;
  }
  const gate = await givenGateFile(wanted.config, io);
  if (gate === undefined) return EXIT.failed;
  const { dataDir } = gate;
  if ((await askState(dataDir).catch(() => undefined)) === undefined) {
    await writeTo(io.error, `menwei: ${saying(WORDS.unreachable, wanted.language)}\n`);
    return EXIT.failed;
  }
  const isPlayed = wanted.modes.some((mode) => DRILLS[mode].kind === 'simulated');
  if (isPlayed && !wanted.yes && !(await agreed(io, saying(WORDS.warning, wanted.language))))
    return EXIT.failed;
  return rehearseAll(dataDir, wanted, io);
}

async function rehearseAll(dataDir: string, wanted: Wanted, io: CommandIo): Promise<number> {
  const stopper = new AbortController();
  const onInterrupt = () => stopper.abort();
  process.once('SIGINT', onInterrupt);
  let exit: number = EXIT.done;
  try {
    for (const mode of wanted.modes) {
      if (stopper.signal.aborted) break;
      const outcome = await one(mode, { dataDir, wanted, io, stop: stopper.signal });
      if (outcome !== 'passed') exit = EXIT.failed;
    }
  } finally {
    process.off('SIGINT', onInterrupt);
  }
  if (!stopper.signal.aborted) return exit;
  await writeTo(io.error, `${saying(WORDS.stopped, wanted.language)}\n`);
  return EXIT.failed;
}

interface Around {
  readonly dataDir: string;
  readonly wanted: Wanted;
  readonly io: CommandIo;
  readonly stop: AbortSignal;
}

async function one(mode: DrillMode, { dataDir, wanted, io, stop }: Around): Promise<Rehearsed['outcome']> {
  const { language, waitMs, json } = wanted;
  const words = MODE_WORDS[mode];
  const stage: Stage = {
    dataDir,
    clock: systemClock(),
    waitMs,
    stop,
    say: async (what) => {
      const text = words[what];
      if (text === undefined) return;
      const waiting =
        DRILLS[mode].kind === 'watched'
          ? ` (${filled(WORDS.waiting, language, { seconds: waitMs / 1_000 })})`
          : '';
      await writeTo(io.error, `→ ${saying(text, language)}${waiting}\n`);
    },
  };
  const rehearsed = await rehearse(DRILLS[mode], stage);
  const kept = await askDone(dataDir, { ask: 'record', mode, outcome: rehearsed.outcome });
  const row = kept.done ? kept.row : undefined;
  await writeTo(
    io.output,
    json ? `${JSON.stringify({ mode, ...rehearsed, row })}\n` : told(mode, { ...rehearsed, row }, language),
  );
  return kept.done ? rehearsed.outcome : 'failed';
}

function told(
  mode: DrillMode,
  of: Rehearsed & { readonly row: number | undefined },
  language: SetupLanguage,
): string {
  const { outcome, why, during, row } = of;
  const lines = [`${saying(MODE_WORDS[mode].name, language)}: ${saying(OUTCOME_WORDS[outcome], language)}`];
  if (during !== undefined) {
    const shown = [...new Set(during.lanes.flatMap((lane) => lane.shown))].join(', ') || '-';
    lines.push(filled(WORDS.shows, language, { shown, guard: during.guard.join(', ') || '-' }));
  }
  if (why !== undefined) lines.push(filled(WORDS[why], language, { missing: of.missing?.join(', ') ?? '' }));
  lines.push(row === undefined ? saying(WORDS.unkept, language) : filled(WORDS.kept, language, { row }));
  return `${lines.join('\n  ')}\n`;
}

function wantedBy(args: readonly string[]): Wanted | undefined {
  try {
    const text = { type: 'string' } as const;
    const flag = { type: 'boolean' } as const;
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { config: text, language: text, wait: text, yes: flag, json: flag },
    });
    const [mode, ...more] = positionals;
    const modes = mode === 'all' ? DRILL_MODES : DRILL_MODES.filter((each) => each === mode);
    const seconds = Number(values.wait ?? WAIT_SECONDS);
    const language = values.language ?? 'en';
    if (values.config === undefined || modes.length === 0 || more.length > 0) return undefined;
    if (!Number.isInteger(seconds) || seconds < 1 || seconds > WAIT_SECONDS_MAX) return undefined;
    if (language !== 'zh' && language !== 'en') return undefined;
    return {
      config: values.config,
      modes,
      language,
      waitMs: seconds * 1_000,
      yes: values.yes === true,
      json: values.json === true,
    };
  } catch {
    return undefined;
  }
}
