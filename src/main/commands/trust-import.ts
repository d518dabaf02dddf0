import { readFileSync, statSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { systemClock } from '../../../device/clock/index.ts';
import { BUNDLE_TEXT_MAX } from '../../wire/index.ts';
import { type CommandIo, EXIT, writeTo } from '../command.ts';
import { type ImportReport, importBundle } from '../gate/import-bundle.ts';
import { givenGate } from '../given-config.ts';

/** `menwei trust import BUNDLE --config FILE`: takes the documents of a bundle under the same rules as over the network. */
export { trustImport as run };

const USAGE = 'usage: menwei trust import BUNDLE --config FILE\n';

export async function trustImport(args: readonly string[], io: CommandIo): Promise<number> {
  const options = optionsOf(args);
  if (options === undefined) {
    await writeTo(io.error, USAGE);
    return EXIT.usage;
  }
  const config = await givenGate(options.config, io);
  if (config === undefined) return EXIT.failed;
  try {
    const report = await importBundle(config, readBundle(options.bundle), systemClock());
    await writeTo(io.output, acceptedLines(report));
    await writeTo(io.error, report.refused.map((line) => `menwei: refused: ${line}\n`).join(''));
    return report.refused.length === 0 ? EXIT.done : EXIT.failed;
  } catch (cause) {
    await writeTo(io.error, `menwei: ${cause instanceof Error ? cause.message : String(cause)}\n`);
    return EXIT.failed;
  }
}

function acceptedLines(report: ImportReport): string {
  return report.accepted
    .map(
      ({ document, version, changed }) => `${document} ${version}: ${changed ? 'taken' : 'held already'}\n`,
    )
    .join('');
}

function optionsOf(
  args: readonly string[],
): { readonly bundle: string; readonly config: string } | undefined {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      options: { config: { type: 'string' } },
      allowPositionals: true,
    });
    const [bundle, ...more] = positionals;
    if (bundle === undefined || more.length > 0 || values.config === undefined) return undefined;
    return { bundle, config: values.config };
  } catch {
    return undefined;
  }
}

/** UTF-8 may need four bytes a character. */
const BUNDLE_BYTES_MAX = BUNDLE_TEXT_MAX * 4;

function readBundle(file: string): string {
  try {
    if (statSync(file).size > BUNDLE_BYTES_MAX) throw new RangeError('too large');
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new Error(`${file} cannot be read${cause instanceof RangeError ? ': it is too large' : ''}`, {
      cause,
    });
  }
}
