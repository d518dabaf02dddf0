import { parseArgs } from 'node:util';
import { type CommandIo, EXIT, writeTo } from '../command.ts';
import { enrolGate, inGroups } from '../gate/enrol-gate.ts';

/** `menwei enrol TEXT --config FILE`: makes this machine a gate of the district whose console showed TEXT. */

const USAGE = 'usage: menwei enrol TEXT --config FILE\n';

export async function run(args: readonly string[], io: CommandIo): Promise<number> {
  const options = optionsOf(args);
  if (options === undefined) {
    await writeTo(io.error, USAGE);
    return EXIT.usage;
  }
  try {
    const { answer, fingerprint, wroteConfig } = await enrolGate(options.text, options.config);
    const next = wroteConfig ? `${options.config} was written; name its readers and its relay there.\n` : '';
    await writeTo(
      io.output,
      `gate ${answer.gate} of ${answer.district}\nfingerprint ${inGroups(fingerprint)}\n${next}`,
    );
    await writeTo(io.error, 'Compare the fingerprint with the console’s and confirm it there.\n');
    return EXIT.done;
  } catch (cause) {
    await writeTo(io.error, `menwei: ${cause instanceof Error ? cause.message : String(cause)}\n`);
    return EXIT.failed;
  }
}

function optionsOf(args: readonly string[]): { readonly text: string; readonly config: string } | undefined {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      options: { config: { type: 'string' } },
      allowPositionals: true,
    });
    const [text, ...more] = positionals;
    if (text === undefined || more.length > 0 || values.config === undefined) return undefined;
    return { text, config: values.config };
  } catch {
    return undefined;
  }
}
