import { writeFileSync } from 'node:fs';
import { systemClock } from '../../../device/clock/index.ts';
import { unixSeconds } from '../../base/index.ts';
import { type CommandIo, EXIT, writeTo } from '../command.ts';
import { changesOf, readDraft, signDraft } from '../root/ceremony.ts';
import { failed, given, orSaid, usage } from '../root/command-line.ts';
import { readJson, readRootKey } from '../root/root-key.ts';
import { typedKey } from '../root/typed-key.ts';

/** `menwei root sign`: one person's signature under a draft, on a machine of their own. It shows what is being signed. */

const USAGE = 'menwei root sign DRAFT (--key FILE | --typed) --out SIGNATURE';

export async function run(args: readonly string[], io: CommandIo): Promise<number> {
  const asked = given(args, ['key', 'typed?', 'out']);
  const [file, ...more] = asked?.words ?? [];
  const [key, out] = [asked?.one('key'), asked?.one('out')];
  if (asked === undefined || file === undefined || more.length > 0 || out === undefined)
    return usage(io, USAGE);
  if ((key === undefined) !== asked.has('typed')) return usage(io, USAGE);
  return orSaid(io, async () => {
    const read = readJson(file);
    if (!read.ok) return failed(io, read.error);
    const draft = readDraft(read.value);
    if (!draft.ok) return failed(io, `${file}: ${draft.error}`);
    await writeTo(io.error, `${changesOf(draft.value).join('\n')}\n`);
    const signer = key === undefined ? await typedKey(io) : await readRootKey(key);
    if (!signer.ok) return failed(io, signer.error);
    const signature = await signDraft(draft.value, signer.value, unixSeconds(systemClock().wall()));
    if (!signature.ok) return failed(io, signature.error);
    writeFileSync(out, signature.value);
    await writeTo(io.output, `${out}: signed with key ${signer.value.kid}\n`);
    return EXIT.done;
  });
}
