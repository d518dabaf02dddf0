import { type CommandIo, EXIT, writeTo } from '../command.ts';
import { documentSigner } from '../../issue/index.ts';
import { failed, fresh, given, orSaid, usage } from '../root/command-line.ts';
import { writePublicKey, writeRootKey } from '../root/root-key.ts';
import { typedKey } from '../root/typed-key.ts';
import { writtenKey } from '../root/written-key.ts';

/** `menwei root new`: a new root key, in a file, or on paper and then in no file at all. */

export async function run(args: readonly string[], io: CommandIo): Promise<number> {
  const asked = given(args, ['out', 'written?', 'public']);
  const [out, file] = [asked?.one('out'), asked?.one('public')];
  if (asked === undefined || asked.words.length > 0) return usage(io, USAGE);
  if (asked.has('written') && file !== undefined && out === undefined)
    return orSaid(io, () => onPaper(io, file));
  if (out === undefined || asked.has('written') || file !== undefined) return usage(io, USAGE);
  return orSaid(io, async () => {
    const { kid } = await writeRootKey(out, fresh(32));
    await writeTo(io.output, `${out}: key ${kid}; its public half in ${out}.pub\n`);
    return EXIT.done;
  });
}

const USAGE = 'menwei root new (--out FILE | --written --public FILE)';

/** The public half is kept only once the paper has been read back. */
async function onPaper(io: CommandIo, file: string): Promise<number> {
  const seed = fresh(32);
  await writeTo(io.output, `${writtenKey(seed).join('\n')}\n`);
  await writeTo(io.error, 'Write the rows down, then type them from the paper.\n');
  const typed = await typedKey(io);
  if (!typed.ok) return failed(io, typed.error);
  const { kid, publicJwk: key } = await documentSigner(seed);
  if (typed.value.kid !== kid)
    return failed(io, 'what was typed is another key than the one shown; begin again');
  writePublicKey(file, { kid, key });
  await writeTo(io.error, `The paper is right. Key ${kid}; its public half in ${file}\n`);
  return EXIT.done;
}
