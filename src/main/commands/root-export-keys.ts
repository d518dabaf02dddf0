import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type CommandIo, EXIT, writeTo } from '../command.ts';
import { failed, given, orSaid, usage, withDistrict } from '../root/command-line.ts';
import { writeRootKey } from '../root/root-key.ts';

/** `menwei root export`: root keys that a district made for itself leave its machine, one file for each holder. */

const USAGE = 'menwei root export --config FILE --out-dir FOLDER';

export async function run(args: readonly string[], io: CommandIo): Promise<number> {
  const asked = given(args, ['config', 'out-dir']);
  const [config, folder] = [asked?.one('config'), asked?.one('out-dir')];
  if (asked === undefined || asked.words.length > 0 || config === undefined || folder === undefined)
    return usage(io, USAGE);
  return orSaid(io, () =>
    withDistrict(io, config, async ({ keys }) => {
      const seeds = await keys.rootSeeds();
      if (seeds.length === 0)
        return failed(io, 'no root keys lie on this machine: they were carried away, or never made here');
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      for (const [at, seed] of seeds.entries()) {
        const { kid } = await writeRootKey(join(folder, `root-key-${at + 1}.json`), seed);
        await writeTo(io.output, `${join(folder, `root-key-${at + 1}.json`)}: key ${kid}\n`);
      }
      // All of them can be read back by now; only then do they leave.
      await keys.removeRootKeys();
      await writeTo(
        io.error,
        'The keys are gone from the district’s machine. Give each file to another person, and delete this folder.\n',
      );
      return EXIT.done;
    }),
  );
}
