import { writeFileSync } from 'node:fs';
import type { BundleProblem } from '../../district/index.ts';
import { type CommandIo, EXIT, writeTo } from '../command.ts';
import { failed, given, orSaid, usage, withDistrict } from '../root/command-line.ts';

/** `menwei district bundle`: all current documents in one file, for gates without a network; it signs nothing but the time. */

const USAGE = 'menwei district bundle --config FILE --out FILE [--gate ID]';

const WORDS: Readonly<Record<BundleProblem, string>> = {
  'no-root': 'this district has no root yet; start it once, or accept a root',
  'no-such-gate': '--gate: no gate is enrolled under this name; see `/api/gates`',
  'gate-not-confirmed': '--gate: nobody has compared its fingerprint yet; confirm it first',
  'gate-without-key': '--gate: it gave no key to seal a roster for; enrol it anew',
};

export async function run(args: readonly string[], io: CommandIo): Promise<number> {
  const asked = given(args, ['config', 'out', 'gate']);
  const [config, out] = [asked?.one('config'), asked?.one('out')];
  if (asked === undefined || asked.words.length > 0 || config === undefined || out === undefined)
    return usage(io, USAGE);
  return orSaid(io, () =>
    withDistrict(io, config, async ({ bundle }) => {
      const made = await bundle(asked.one('gate'));
      if (!made.ok) return failed(io, WORDS[made.error]);
      const { text, expired } = made.value;
      writeFileSync(out, text);
      const late = expired.map(
        (name) =>
          `menwei: ${name} has expired; start the district, which renews it, and make the bundle again\n`,
      );
      await writeTo(io.error, late.join(''));
      await writeTo(io.output, `${out}: take it to the gate, \`menwei trust import\` there\n`);
      return EXIT.done;
    }),
  );
}
