import { parseArgs } from 'node:util';
import { loadDistrictConfig } from '../../../config/district.ts';
import { describeProblems } from '../../../config/load.ts';
import { type CommandIo, EXIT, writeTo } from '../command.ts';
import { startDistrictService } from '../district-service.ts';
import { createLog } from '../log.ts';
import { untilToldToStop } from '../until-told-to-stop.ts';

/** `menwei district --config FILE`: runs a district centre until it is told to stop. */

const USAGE = 'usage: menwei district --config FILE\n';

export async function run(args: readonly string[], io: CommandIo): Promise<number> {
  const file = configPath(args);
  if (file === undefined) {
    await writeTo(io.error, USAGE);
    return EXIT.usage;
  }
  const loaded = loadDistrictConfig(file, process.env);
  if (!loaded.ok) {
    await writeTo(io.error, `${describeProblems(loaded.error)}\n`);
    return EXIT.failed;
  }
  const { config } = loaded.value;
  const district = await startDistrictService(config, createLog(config.log, io.output));
  await untilToldToStop();
  await district.stop();
  return EXIT.done;
}

function configPath(args: readonly string[]): string | undefined {
  try {
    return parseArgs({ args: [...args], options: { config: { type: 'string' } } }).values.config;
  } catch {
    return undefined;
  }
}
