import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type KeptAccounts, keptAccounts } from '../../desk/index.ts';
import { agreed, type CommandIo, type CommandModule, EXIT, writeTo } from '../command.ts';
import { DESK_FILE } from '../gate/gate-desk.ts';
import { givenGateFile } from '../given-config.ts';

/**
 * `menwei gate accounts`: lists the guards of a gate, or takes all their accounts away when no head guard can sign in any
 * more. It opens nothing by itself: the gate then shows the figures of a first account.
 */

const USAGE = `usage: menwei gate accounts list --config FILE
       menwei gate accounts reset-first --config FILE [--yes]   all accounts end; the gate shows the figures of a first one
`;

const PROBLEMS = {
  missing: 'dataDir: no guard has an account here yet; start the gate, and read the figures of the first one',
  damaged: 'dataDir: the guards’ file is damaged; start the gate, which sets it aside and begins another',
  later: 'dataDir: the guards’ file is of a later version; use that version',
  unreadable: 'dataDir: the guards’ file cannot be opened; run this as the user of the gate',
} as const;

export const run: CommandModule['run'] = async (args, io) => {
  const asked = optionsOf(args);
  if (asked === undefined) {
    await writeTo(io.error, USAGE);
    return EXIT.usage;
  }
  const gate = await givenGateFile(asked.config, io);
  if (gate === undefined) return EXIT.failed;
  const opened = keptAccounts(join(gate.dataDir, DESK_FILE));
  if (!opened.ok) {
    await writeTo(io.error, `menwei: ${PROBLEMS[opened.error]}\n`);
    return EXIT.failed;
  }
  try {
    return asked.verb === 'list' ? await list(opened.value, io) : await reset(opened.value, asked.yes, io);
  } finally {
    opened.value.close();
  }
};

async function list(accounts: KeptAccounts, io: CommandIo): Promise<number> {
  const rows = accounts
    .list()
    .map(({ account, role, state }) => `${account.padEnd(32)}  ${role.padEnd(5)}  ${state}\n`);
  await writeTo(io.output, rows.length === 0 ? 'there are no accounts yet\n' : rows.join(''));
  return EXIT.done;
}

async function reset(accounts: KeptAccounts, isSure: boolean, io: CommandIo): Promise<number> {
  if (!isSure && !(await agreed(io, warning(accounts.list().length)))) {
    await writeTo(io.error, 'menwei: nothing was changed\n');
    return EXIT.failed;
  }
  accounts.clear();
  await writeTo(
    io.output,
    'all accounts are gone. The gate’s log, and displays at the gate itself, show eight figures now:\nopen /guard, choose an account and a PIN, and type them.\n',
  );
  return EXIT.done;
}

const warning = (count: number): string =>
  `All ${count} accounts of this gate’s guards end, and whoever reads its figures first is head guard.\nType yes to go on: `;

type Asked = { readonly verb: 'list' | 'reset-first'; readonly config: string; readonly yes: boolean };

function optionsOf(args: readonly string[]): Asked | undefined {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      options: { config: { type: 'string' }, yes: { type: 'boolean', default: false } },
      allowPositionals: true,
    });
    const [verb, ...more] = positionals;
    const { config, yes } = values;
    const isOne = verb === 'list' || verb === 'reset-first';
    return isOne && config !== undefined && more.length === 0 ? { verb, config, yes } : undefined;
  } catch {
    return undefined;
  }
}
