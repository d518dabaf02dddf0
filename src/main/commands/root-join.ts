import { writeFileSync } from 'node:fs';
import { systemClock } from '../../../device/clock/index.ts';
import { unixSeconds } from '../../base/index.ts';
import { type CommandIo, EXIT, writeTo } from '../command.ts';
import { joinDraft, readDraft } from '../root/ceremony.ts';
import { failed, given, orSaid, usage } from '../root/command-line.ts';
import { readJson } from '../root/root-key.ts';

/** `menwei root join`: a draft and the signatures of enough people make a root. */

const USAGE = 'menwei root join DRAFT SIGNATURE… --out ROOT';

export async function run(args: readonly string[], io: CommandIo): Promise<number> {
  const asked = given(args, ['out']);
  const [file, ...names] = asked?.words ?? [];
  const out = asked?.one('out');
  if (file === undefined || names.length === 0 || out === undefined) return usage(io, USAGE);
  return orSaid(io, async () => {
    const read = readJson(file);
    if (!read.ok) return failed(io, read.error);
    const draft = readDraft(read.value);
    if (!draft.ok) return failed(io, `${file}: ${draft.error}`);
    const signatures: { name: string; value: unknown }[] = [];
    for (const name of names) {
      const value = readJson(name);
      if (!value.ok) return failed(io, value.error);
      signatures.push({ name, value: value.value });
    }
    const root = await joinDraft(draft.value, signatures, unixSeconds(systemClock().wall()));
    if (!root.ok) return failed(io, ...root.error);
    writeFileSync(out, `${root.value}\n`);
    const { version, iss } = draft.value.payload;
    await writeTo(
      io.output,
      `${out}: root version ${version} of ${iss}, fingerprint ${draft.value.fingerprint}\n`,
    );
    return EXIT.done;
  });
}
