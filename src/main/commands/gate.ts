import { parseArgs } from 'node:util';
import { describeProblems, loadGateConfig } from '../../../config/load.ts';
import { type CommandIo, EXIT, writeTo } from '../command.ts';
import { startGateService } from '../gate-service.ts';
import { createLog } from '../log.ts';
import { untilToldToStop } from '../until-told-to-stop.ts';

/** `menwei gate --config FILE`: runs a gate until it is told to stop. */

const USAGE = 'usage: menwei gate --config FILE\n';

export async function run(args: readonly string[], io: CommandIo): Promise<number> {
  const file = configPath(args);
  if (file === undefined) {
    await writeTo(io.error, USAGE);
    return EXIT.usage;
  }
  const loaded = loadGateConfig(file, process.env);
  if (!loaded.ok) {
    await writeTo(io.error, `${describeProblems(loaded.error)}\n`);
    return EXIT.failed;
  }
  const { config } = loaded.value;
  const service = await startGateService(config, createLog(config.log, io.output));
  await untilToldToStop();
  await service.stop();
  return EXIT.done;
}

function configPath(args: readonly string[]): string | undefined {
  try {
    return parseArgs({ args: [...args], options: { config: { type: 'string' } } }).values.config;
  } catch {
    return undefined;
  }
}
