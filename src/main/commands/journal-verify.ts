import { Damage, type JournalReader } from '../../journal/reading.ts';
import { type CommandIo, EXIT, writeTo } from '../command.ts';
import { PLACE_USAGE, setAsideNotes, withJournal } from './journal-place.ts';

/** `menwei journal verify`: follows the whole chain; says that it is whole, or names the first row that does not hold. */

const USAGE = `journal verify ${PLACE_USAGE}`;

export function run(args: readonly string[], io: CommandIo): Promise<number> {
  return withJournal({ args, options: {}, usage: USAGE }, io, async (reader) => {
    await writeTo(io.error, setAsideNotes(reader.file));
    const { exit, answer } = verdictOf(reader);
    await writeTo(io.output, `${answer}\n`);
    return exit;
  });
}

function verdictOf(reader: JournalReader): { readonly exit: number; readonly answer: string } {
  try {
    const { id, seq, hash } = reader.verify();
    return { exit: EXIT.done, answer: `whole from row 1 to ${seq}, journal ${id}, hash ${hash}` };
  } catch (cause) {
    if (!(cause instanceof Damage)) throw cause;
    const where = cause.seq === undefined ? '' : `first bad row ${cause.seq}: `;
    return { exit: EXIT.failed, answer: `damaged, ${where}${cause.message}` };
  }
}
