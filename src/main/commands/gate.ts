import { parseArgs } from 'node:util';
import { describeProblems, findGate, type FoundGate } from '../../../config/load.ts';
import { type CommandIo, EXIT, writeTo } from '../command.ts';
import { startGateService } from '../gate-service.ts';
import { createLog } from '../log.ts';
import { startUnenrolledService } from '../unenrolled-service.ts';
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
  for (;;) {
    const found = findGate(file, process.env);
    if (!found.ok) {
      await writeTo(io.error, `${describeProblems(found.error)}\n`);
      return EXIT.failed;
    }
    if ((await serve(found.value, toldToStop, io)) === 'stopped') return EXIT.done;
  }
}

async function serve(
  found: FoundGate,
  toldToStop: Promise<void>,
  io: CommandIo,
): Promise<'stopped' | 'enrolled'> {
  if (found.enrolled) {
    const gate = await startGateService(found.config, createLog(found.config.log, io.output));
    await toldToStop;
    await gate.stop();
    return 'stopped';
  }
  const waiting = await startUnenrolledService(found, createLog(found.file.log, io.output));
  const outcome = await Promise.race([
    toldToStop.then(() => 'stopped' as const),
    waiting.enrolled.then(() => 'enrolled' as const),
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
