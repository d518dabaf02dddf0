import { parseArgs } from 'node:util';
import { describeProblems, type FoundGate, findGate } from '../../../config/load.ts';
import type { SetupEntrance } from '../../setup/index.ts';
import { type CommandIo, EXIT, writeTo } from '../command.ts';
import { startGateService } from '../gate/gate-service.ts';
import { createLog } from '../log.ts';
import { askThrough } from '../proxy.ts';
import { untilToldToStop } from '../until-told-to-stop.ts';

/** `menwei gate --config FILE`: runs a gate until it is told to stop; one that is not enrolled yet waits for its symbol first. */

const USAGE = 'usage: menwei gate --config FILE\n';

export async function run(args: readonly string[], io: CommandIo): Promise<number> {
  const file = configPath(args);
  if (file === undefined) {
    await writeTo(io.error, USAGE);
    return EXIT.usage;
  }
  const toldToStop = untilToldToStop();
  const setUp: SettingUp = { file };
  for (;;) {
    const found = findGate(file, process.env);
    if (!found.ok) {
      await writeTo(io.error, `${describeProblems(found.error)}\n`);
      return EXIT.failed;
    }
    const outcome = await serve(found.value, { toldToStop, io, setUp });
    if (outcome === 'stopped') return EXIT.done;
    if (outcome === 'restart') return EXIT_RESTART;
  }
}

/** EX_TEMPFAIL of sysexits.h: whoever supervises this process starts it again, also with Restart=on-failure. */
const EXIT_RESTART = 75;

/** What lasts from one start of an unenrolled gate to the next. */
interface SettingUp {
  readonly file: string;
  entrance?: SetupEntrance;
}

interface Serving {
  readonly toldToStop: Promise<void>;
  readonly io: CommandIo;
  readonly setUp: SettingUp;
}

async function serve(
  found: FoundGate,
  { toldToStop, io, setUp }: Serving,
): Promise<'stopped' | 'restart' | 'again'> {
  if (found.enrolled) {
    const log = createLog(found.config.log, io.output);
    askThrough(found.config.proxy, { warn: (what) => log.warn({}, what) });
    const { promise: restart, resolve: askRestart } = Promise.withResolvers<void>();
    const gate = await startGateService(found.config, log, { configFile: setUp.file, askRestart });
    const why = await Promise.race([
      toldToStop.then(() => 'stopped' as const),
      restart.then(() => 'restart' as const),
    ]);
    await gate.stop();
    return why;
  }
  const { newEntrance, startUnenrolledService } = await import('../gate/unenrolled-service.ts');
  const log = createLog(found.file.log, io.output);
  askThrough(found.file.proxy, { warn: (what) => log.warn({}, what) });
  setUp.entrance ??= newEntrance(log);
  const { file: configFile, entrance } = setUp;
  const waiting = await startUnenrolledService({ found, log, settingUp: { configFile, entrance } });
  const outcome = await Promise.race([
    toldToStop.then(() => 'stopped' as const),
    waiting.over.then(() => 'again' as const),
  ]);
  await waiting.stop();
  return outcome;
}

function configPath(args: readonly string[]): string | undefined {
  try {
    return parseArgs({ args: [...args], options: { config: { type: 'string' } } }).values.config;
  } catch {
    return undefined;
  }
}
