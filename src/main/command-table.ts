import { type CommandIo, type CommandModule, EXIT, writeTo } from './command.ts';

/** All commands, one row each. Nothing of a command is loaded before it is asked for. */

export interface CommandRow {
  /** Two words, noun and verb, or one. */
  readonly words: readonly string[];
  readonly usage: string;
  /** One sentence. */
  readonly about: string;
  readonly load: () => Promise<CommandModule>;
}

export const COMMANDS: readonly CommandRow[] = [
  {
    words: ['gate'],
    usage: 'gate --config FILE',
    about: 'Run a gate: its readers, its door, its display, its reports.',
    load: () => import('./commands/gate.ts'),
  },
  {
    words: ['code', 'check'],
    usage: 'code check --context FILE',
    about:
      'Judge codes, one JSON string a line on standard input, against a context file; one JSON answer a line.',
    load: () => import('./commands/code-check.ts'),
  },
];

/** Finds the command, loads it and runs it. */
export async function dispatch(
  args: readonly string[],
  io: CommandIo,
  commands: readonly CommandRow[] = COMMANDS,
): Promise<number> {
  const [first] = args;
  if (first === '--help' || first === '-h' || first === 'help') {
    await writeTo(io.output, helpOf(commands));
    return EXIT.done;
  }
  const row = commands.find(({ words }) => words.every((word, at) => args[at] === word));
  if (row === undefined) {
    const said = args.length === 0 ? '' : 'menwei: there is no such command\n\n';
    await writeTo(io.error, said + helpOf(commands));
    return EXIT.usage;
  }
  const rest = args.slice(row.words.length);
  if (rest.includes('--help') || rest.includes('-h')) {
    await writeTo(io.output, `usage: menwei ${row.usage}\n\n${row.about}\n`);
    return EXIT.done;
  }
  return (await row.load()).run(rest, io);
}

function helpOf(commands: readonly CommandRow[]): string {
  const rows = commands.map(({ usage, about }) => `  menwei ${usage}\n      ${about}\n`);
  return `usage: menwei COMMAND [options]\n\n${rows.join('')}\nmenwei COMMAND --help says more of one command.\n`;
}
