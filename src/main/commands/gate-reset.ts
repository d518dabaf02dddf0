import { parseArgs } from 'node:util';
import { findGate } from '../../../config/load.ts';
import { agreed, type CommandModule, EXIT, writeTo } from '../command.ts';
import { resetGate } from '../gate/reset-gate.ts';
import { usable } from '../given-config.ts';

/** `menwei gate reset --config FILE`: takes a gate's keys and beliefs away, so that it can be enrolled anew. */

const USAGE = 'usage: menwei gate reset --config FILE [--yes]\n';

export const run: CommandModule['run'] = async (args, io) => {
  const options = optionsOf(args);
  if (options === undefined) {
    await writeTo(io.error, USAGE);
    return EXIT.usage;
  }
  const gate = await usable(findGate(options.config, process.env), io);
  if (gate === undefined) return EXIT.failed;
  const place = gate.enrolled
    ? { dataDir: gate.config.dataDir, root: gate.config.trust.root }
    : { dataDir: gate.file.dataDir, root: gate.root };
  if (!options.yes && !(await agreed(io, warning(place.dataDir)))) {
    await writeTo(io.error, 'menwei: nothing was changed\n');
    return EXIT.failed;
  }
  try {
    const folder = resetGate(place, new Date());
    await writeTo(
      io.output,
      `keys, root, broker credentials, documents and guards’ accounts were moved to ${folder}\nthe journal stays. Start the gate, and show it the symbol of the district’s console.\nErase ${folder} once the new enrolment is confirmed.\n`,
    );
    return EXIT.done;
  } catch (problem) {
    await writeTo(io.error, `menwei: ${problem instanceof Error ? problem.message : 'failed'}\n`);
    return EXIT.failed;
  }
};

const warning = (dataDir: string): string =>
  `This gate loses its place in its district, and its door opens for nobody until it is enrolled anew (${dataDir}).\nType yes to go on: `;

function optionsOf(args: readonly string[]): { readonly config: string; readonly yes: boolean } | undefined {
  try {
    const { config, yes } = parseArgs({
      args: [...args],
      options: { config: { type: 'string' }, yes: { type: 'boolean', default: false } },
    }).values;
    return config === undefined ? undefined : { config, yes };
  } catch {
    return undefined;
  }
}
