import { parseArgs } from 'node:util';
import type { GateFile } from '../../../config/schema.ts';
import { systemClock } from '../../../device/clock/index.ts';
import { isGood, relayInWords } from '../../setup/index.ts';
import { agreed, type CommandIo, EXIT, writeTo } from '../command.ts';
import { laneOf, testRelay } from '../gate/relay-test.ts';
import { givenGateFile } from '../given-config.ts';

/** `menwei relay test --config FILE [--lane L]`: one pulse on a stopped gate, after it was confirmed, and what the contact saw. */

const USAGE = 'usage: menwei relay test --config FILE [--lane L] [--language zh|en] [--yes] [--json]\n';
const ACTOR = 'installer';

interface Wanted {
  readonly config: string;
  readonly lane: string | undefined;
  readonly language: 'zh' | 'en';
  readonly yes: boolean;
  readonly json: boolean;
}

/** @returns 0 when the relay switched and nothing contradicts it, 1 when not, 2 when not understood */
export async function run(args: readonly string[], io: CommandIo): Promise<number> {
  const wanted = wantedBy(args);
  if (wanted === undefined) {
    await writeTo(io.error, USAGE);
    return EXIT.usage;
  }
  const config = await givenGateFile(wanted.config, io);
  if (config === undefined) return EXIT.failed;
  try {
    return await test(config, wanted, io);
  } catch (problem) {
    await writeTo(io.error, `menwei: ${problem instanceof Error ? problem.message : 'failed'}\n`);
    return EXIT.failed;
  }
}

async function test(config: GateFile, wanted: Wanted, io: CommandIo): Promise<number> {
  const lane = laneOf(config.lanes, wanted.lane);
  if (!wanted.yes && !(await agreed(io, warning(wanted.language, lane.id)))) {
    await writeTo(io.error, 'menwei: nothing was opened\n');
    return EXIT.failed;
  }
  const result = await testRelay({ config, lane: lane.id, actor: ACTOR, clock: systemClock() });
  const words = relayInWords(result, wanted.language).join('\n');
  await writeTo(io.output, wanted.json ? `${JSON.stringify(result)}\n` : `${words}\n`);
  return isGood(result) ? EXIT.done : EXIT.failed;
}

const warning = (language: 'zh' | 'en', lane: string): string =>
  language === 'zh'
    ? `通道 ${lane} 的门会打开一次。请站在能看见门的地方，输入 yes 继续：`
    : `The door of lane ${lane} opens once. Stand where you see it, and type yes to go on: `;

function wantedBy(args: readonly string[]): Wanted | undefined {
  try {
    const text = { type: 'string' } as const;
    const flag = { type: 'boolean' } as const;
    const { values } = parseArgs({
      args: [...args],
      options: { config: text, lane: text, language: text, yes: flag, json: flag },
    });
    const language = values.language ?? 'en';
    if (values.config === undefined || (language !== 'zh' && language !== 'en')) return undefined;
    return {
      config: values.config,
      lane: values.lane,
      language,
      yes: values.yes === true,
      json: values.json === true,
    };
  } catch {
    return undefined;
  }
}
