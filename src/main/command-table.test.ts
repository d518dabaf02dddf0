import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import type { CommandIo } from './command.ts';
import { COMMANDS, type CommandRow, dispatch } from './command-table.ts';

function terminal() {
  const [output, error] = [new PassThrough(), new PassThrough()];
  const io: CommandIo = { input: new PassThrough(), output, error };
  return { io, said: () => String(output.read() ?? ''), explained: () => String(error.read() ?? '') };
}

const echo: CommandRow = {
  words: ['echo', 'loud'],
  usage: 'echo loud WORDS',
  about: 'Says it again.',
  load: async () => ({
    run: async (args, io) => {
      io.output.write(args.join(' ').toUpperCase());
      return 7;
    },
  }),
};

describe('the command line', () => {
  it('hands a command its own words and gives back its exit code', async () => {
    const { io, said } = terminal();
    expect(await dispatch(['echo', 'loud', 'so', '--be=it'], io, [echo])).toBe(7);
    expect(said()).toBe('SO --BE=IT');
  });

  it.each([[[]], [['echo']], [['shout']], [['loud', 'echo']]])(
    'shows help for %j and ends with 2',
    async (args) => {
      const { io, said, explained } = terminal();
      expect(await dispatch(args, io, [echo])).toBe(2);
      expect(said()).toBe('');
      expect(explained()).toContain('menwei echo loud WORDS');
    },
  );

  it.each(['--help', '-h', 'help'])('answers %s with every command and its sentence', async (word) => {
    const { io, said } = terminal();
    expect(await dispatch([word], io)).toBe(0);
    const help = said();
    for (const { usage, about } of COMMANDS) {
      expect(help).toContain(`menwei ${usage}`);
      expect(help).toContain(about);
    }
  });

  it('answers --help behind a command without running it', async () => {
    const { io, said } = terminal();
    expect(await dispatch(['echo', 'loud', '--help'], io, [echo])).toBe(0);
    expect(said()).toBe('usage: menwei echo loud WORDS\n\nSays it again.\n');
  });

  it('names each command once, and only those that can be loaded', async () => {
    expect(new Set(COMMANDS.map(({ words }) => words.join(' '))).size).toBe(COMMANDS.length);
    for (const { words, usage, load } of COMMANDS) {
      expect(usage.startsWith(words.join(' '))).toBe(true);
      expect(typeof (await load()).run).toBe('function');
    }
  });
});
