import { parseArgs } from 'node:util';
import { type CommandIo, EXIT, writeTo } from '../command.ts';
import { startDistrictService } from '../district/district-service.ts';
import { startIngestWorkerService } from '../district/ingest-worker-service.ts';
import { givenDistrict } from '../given-config.ts';
import { createLog } from '../log.ts';
import { untilToldToStop } from '../until-told-to-stop.ts';

/** `menwei district --config FILE [--only ingest]`: runs a district centre, or a worker of it, until it is told to stop. */

const USAGE = 'usage: menwei district --config FILE [--only ingest]\n';

export async function run(args: readonly string[], io: CommandIo): Promise<number> {
  const asked = parse(args);
  if (asked === undefined) {
    await writeTo(io.error, USAGE);
    return EXIT.usage;
  }
  const config = await givenDistrict(asked.file, io);
  if (config === undefined) return EXIT.failed;
  const start = asked.onlyIngest ? startIngestWorkerService : startDistrictService;
  const service = await start(config, createLog(config.log, io.output));
  await untilToldToStop();
  await service.stop();
  return EXIT.done;
}

function parse(args: readonly string[]): { file: string; onlyIngest: boolean } | undefined {
  try {
    const options = { config: { type: 'string' }, only: { type: 'string' } } as const;
    const { config: file, only } = parseArgs({ args: [...args], options }).values;
    if (file === undefined || (only !== undefined && only !== 'ingest')) return undefined;
    return { file, onlyIngest: only === 'ingest' };
  } catch {
    return undefined;
  }
}
