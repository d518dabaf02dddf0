import { readFileSync } from 'node:fs';
import { systemClock } from '../../../device/clock/index.ts';
import { unixSeconds } from '../../base/index.ts';
import { type CommandIo, EXIT, writeTo } from '../command.ts';
import { judgeRoot } from '../root/ceremony.ts';
import { failed, given, orSaid, usage, withDistrict } from '../root/command-line.ts';

/** `menwei district root accept`: a root out of a ceremony becomes the district's, whether it runs or not. */

const USAGE = 'menwei district root accept ROOT --config FILE';

export async function run(args: readonly string[], io: CommandIo): Promise<number> {
  const asked = given(args, ['config']);
  const [file, ...more] = asked?.words ?? [];
  const config = asked?.one('config');
  if (file === undefined || more.length > 0 || config === undefined) return usage(io, USAGE);
  return orSaid(io, () =>
    withDistrict(io, config, async ({ roots, keys, storeRoot }, { district }) => {
      const text = readFileSync(file, 'utf8').trim();
      const judged = await judgeRoot(text, await roots(), district);
      if (!judged.ok) return failed(io, `${file}: ${judged.error}`);
      const { version, exp } = judged.value;
      if (exp <= unixSeconds(systemClock().wall()))
        return failed(io, `${file}: has expired; begin again with a draft`);
      keys.adopt(judged.value);
      if (keys.missing.length > 0)
        return failed(
          io,
          `${file}: names keys that are not on this machine (${keys.missing.join(', ')}): nothing could be signed under it; make the draft with --config here`,
        );
      if (!(await storeRoot(text)))
        return failed(io, `${file}: another version ${version} came first; make a new draft`);
      await writeTo(
        io.output,
        `root version ${version} is the district’s; one that runs publishes it within seconds\n`,
      );
      return EXIT.done;
    }),
  );
}
