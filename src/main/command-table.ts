import { BUILD } from './build.ts';
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
    words: ['gate', 'reset'],
    usage: 'gate reset --config FILE [--yes]',
    about: 'Take a gate’s keys and beliefs away, so that it can be enrolled anew; its journal stays.',
    load: () => import('./commands/gate-reset.ts'),
  },
  {
    words: ['gate', 'accounts'],
    usage: 'gate accounts (list | reset-first [--yes]) --config FILE',
    about:
      'List the guards of a gate, or take all their accounts away, so that it shows the figures of a first one.',
    load: () => import('./commands/gate-accounts.ts'),
  },
  {
    words: ['gate'],
    usage: 'gate --config FILE',
    about:
      'Run a gate: its readers, its door, its display, its reports; one that is not enrolled waits for its symbol.',
    load: () => import('./commands/gate.ts'),
  },
  {
    words: ['district', 'import'],
    usage: 'district import FILE --config FILE [--community N] [--dry-run] [--skip-bad]',
    about: 'Enter a community’s residents from a CSV or XLSX list: all of it or nothing.',
    load: () => import('./commands/district-import.ts'),
  },
  {
    words: ['district', 'seed'],
    usage: 'district seed --residents N --config FILE [--gates M] [--seed S] [--add]',
    about: 'Fill a test district with people who do not exist.',
    load: () => import('./commands/district-seed.ts'),
  },
  {
    words: ['district', 'account'],
    usage: 'district account (add NAME --roles A,B | invite NAME | disable NAME | list) --config FILE',
    about: 'Open, renew, bar and list the accounts of a district’s desk, while it runs too.',
    load: () => import('./commands/district-account.ts'),
  },
  {
    words: ['district', 'backup'],
    usage: 'district backup --config FILE --out FILE [--key-file FILE] [--with-root-keys]',
    about: 'Make one sealed file of database, keys and configuration, while the district runs.',
    load: () => import('./commands/district-backup.ts'),
  },
  {
    words: ['district', 'restore'],
    usage: 'district restore BACKUP --config FILE [--key-file FILE]',
    about: 'Put a backup into an empty place; gates send what they still have since then.',
    load: () => import('./commands/district-restore.ts'),
  },
  {
    words: ['root', 'new'],
    usage: 'root new (--out FILE | --written --public FILE)',
    about: 'Make a root key, in a file or on paper.',
    load: () => import('./commands/root-new.ts'),
  },
  {
    words: ['root', 'draft'],
    usage:
      'root draft (--config FILE | --from BUNDLE) --out DRAFT [--root-key PUB]… [--threshold N] [--rotate ROLE]…',
    about: 'Write down what a district’s next root will say, for people to sign.',
    load: () => import('./commands/root-draft.ts'),
  },
  {
    words: ['root', 'sign'],
    usage: 'root sign DRAFT (--key FILE | --typed) --out SIGNATURE',
    about: 'Sign a draft with one root key, on a machine without network.',
    load: () => import('./commands/root-sign.ts'),
  },
  {
    words: ['root', 'join'],
    usage: 'root join DRAFT SIGNATURE… --out ROOT',
    about: 'Make a root out of a draft and the signatures of enough people.',
    load: () => import('./commands/root-join.ts'),
  },
  {
    words: ['root', 'export'],
    usage: 'root export --config FILE --out-dir FOLDER',
    about: 'Move root keys that a district made for itself off its machine.',
    load: () => import('./commands/root-export-keys.ts'),
  },
  {
    words: ['district', 'root', 'accept'],
    usage: 'district root accept ROOT --config FILE',
    about: 'Give a district its next root, whether it runs or not.',
    load: () => import('./commands/district-root-accept.ts'),
  },
  {
    words: ['district', 'bundle'],
    usage: 'district bundle --config FILE --out FILE [--gate ID]',
    about: 'Put all current documents into one file for gates without a network.',
    load: () => import('./commands/district-bundle.ts'),
  },
  {
    words: ['district', 'broker-config'],
    usage: 'district broker-config --config FILE --out DIR [--port PORT]',
    about: 'Write what a mosquitto needs to know of the gates: access rules, certificates, passwords.',
    load: () => import('./commands/district-broker-config.ts'),
  },
  {
    words: ['district'],
    usage: 'district --config FILE [--only ingest]',
    about:
      'Run a district centre: registry, issuing desk, documents, broker, database; or only a worker that stores.',
    load: () => import('./commands/district.ts'),
  },
  {
    words: ['simulate'],
    usage:
      'simulate --gates N --rate R [--config FILE [--district URL --account NAME --password-file FILE]] [--seconds S] [--backlog HOURS [--backlog-gates K] [--backlog-connected]] [--revocations N] [--codes MIX] [--json]',
    about:
      'Let many gates report to a district made for it, and count what it has stored: nothing lost, nothing doubled.',
    load: () => import('./commands/simulate.ts'),
  },
  {
    words: ['enrol'],
    usage: 'enrol TEXT --config FILE',
    about: 'Make this machine a gate of the district whose console showed TEXT.',
    load: () => import('./commands/enrol.ts'),
  },
  {
    words: ['code', 'check'],
    usage: 'code check --context FILE',
    about:
      'Judge codes, one JSON string a line on standard input, against a context file; one JSON answer a line.',
    load: () => import('./commands/code-check.ts'),
  },
  {
    words: ['trust', 'bundle'],
    usage: 'trust bundle --context FILE --out BUNDLE --root-out FILE [--gate-key FILE] [--keys-dir DIR]',
    about:
      'Make a complete signed bundle out of a plain context file, for a community that runs on files alone.',
    load: () => import('./commands/trust-bundle.ts'),
  },
  {
    words: ['trust', 'import'],
    usage: 'trust import BUNDLE --config FILE',
    about: 'Take in the documents of a bundle, whether the gate runs or not.',
    load: () => import('./commands/trust-import.ts'),
  },
  {
    words: ['trust', 'show'],
    usage: 'trust show --config FILE [--json]',
    about: 'Show what a gate believes, how fresh it is, and what expires next.',
    load: () => import('./commands/trust-show.ts'),
  },
  {
    words: ['journal', 'list'],
    usage: 'journal list [--json] [--from SEQ] [--follow] (--config FILE | --data DIR)',
    about: 'List the rows, oldest first, while the gate runs too.',
    load: () => import('./commands/journal-list.ts'),
  },
  {
    words: ['journal', 'verify'],
    usage: 'journal verify (--config FILE | --data DIR)',
    about: 'Follow the whole chain and name the first row that does not hold.',
    load: () => import('./commands/journal-verify.ts'),
  },
  {
    words: ['journal', 'export'],
    usage: 'journal export --format csv|json [--from SEQ] (--config FILE | --data DIR)',
    about: 'Export the rows for a spreadsheet or another program.',
    load: () => import('./commands/journal-export.ts'),
  },
  {
    words: ['update'],
    usage: 'update (FOLDER|URL | --requested DIR) [--check] [--again] [--keys DIR] [--state DIR]',
    about: 'Take in a signed release, and go back to the version before when it is not healthy.',
    load: () => import('./commands/update.ts'),
  },
  {
    words: ['release', 'sign'],
    usage: 'release sign FOLDER --key FILE --number N [--days 90]',
    about: 'Name the packages of a folder in one signed text, for machines to update by.',
    load: () => import('./commands/release-sign.ts'),
  },
  {
    words: ['doctor'],
    usage: 'doctor --config FILE [--language zh|en] [--json] [--bundle FILE.tar.gz]',
    about:
      'Look at everything a gate stands on, say what is out of order and what to do; write a bundle for support.',
    load: () => import('./commands/doctor.ts'),
  },
  {
    words: ['drill'],
    usage: 'drill --config FILE MODE|all [--language zh|en] [--wait SECONDS] [--yes]',
    about: 'Rehearse what a running gate does when something fails, and keep the outcome.',
    load: () => import('./commands/drill.ts'),
  },
  {
    words: ['relay', 'test'],
    usage: 'relay test --config FILE [--lane L] [--yes] [--json]',
    about: 'Open a stopped gate’s door once, and say what its contact saw.',
    load: () => import('./commands/relay-test.ts'),
  },
  {
    words: ['reader', 'list'],
    usage: 'reader list [--json]',
    about: 'Show what is plugged in and could be a reader, each by the name that it keeps.',
    load: () => import('./commands/reader-list.ts'),
  },
  {
    words: ['reader', 'test'],
    usage: 'reader test (--stdin | --keyboard PATH | --serial PATH | --hid PATH | --camera CAMERA)',
    about:
      'Tell how a reader is set (layout, Caps Lock, double output, line end, speed), or show live how to aim and focus a camera.',
    load: () => import('./commands/reader-test.ts'),
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
  if (first === '--version') {
    await writeTo(io.output, `menwei ${BUILD.version}\n`);
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
