import { parseArgs } from 'node:util';
import type { Result } from '../../base/index.ts';
import { type AccountProblem, type Desk, MACHINE } from '../../district/index.ts';
import {
  type AccountView,
  accountName,
  DESK_ROLES,
  deskRoles,
  type InvitationView,
} from '../../wire/index.ts';
import { type CommandIo, EXIT, writeTo } from '../command.ts';
import { besideDesk } from '../district/desk-beside.ts';
import { givenDistrict } from '../given-config.ts';

/**
 * `menwei district account`: opens, renews, bars and lists the accounts of a district's desk in its database, whether the
 * district runs or not. It never sees a password: it hands out an invitation, with which the person sets one.
 */

const USAGE = `usage: menwei district account add NAME --roles A,B --config FILE
       menwei district account invite NAME --config FILE    a new invitation; password and sessions end, a bar is lifted
       menwei district account disable NAME --config FILE   its sessions end at once
       menwei district account list --config FILE
roles: ${DESK_ROLES.join(', ')}
`;

const PROBLEMS: Readonly<Record<AccountProblem, string>> = {
  'no-such-account': 'NAME: there is no such account; see `menwei district account list`',
  'known-account': 'NAME: there is one already; use another name, or `invite` for a new password',
  'reserved-name': 'NAME: has a meaning in the audit log; use another one',
  'too-many-operators': '--roles: there are 500 operators; take the role operator from one account first',
  'too-many-accounts': 'NAME: there is no place for one more account',
  'last-administrator': 'NAME: the last administrator stays; open another one first',
};

export async function run(args: readonly string[], io: CommandIo): Promise<number> {
  const asked = optionsOf(args);
  if (asked === undefined) {
    await writeTo(io.error, USAGE);
    return EXIT.usage;
  }
  const config = await givenDistrict(asked.config, io);
  if (config === undefined) return EXIT.failed;
  try {
    const said = await besideDesk(config, io, (desk) => doneAt(desk, asked));
    await writeTo(said.ok ? io.output : io.error, said.ok ? said.value : `menwei: ${said.error}\n`);
    return said.ok ? EXIT.done : EXIT.failed;
  } catch (cause) {
    await writeTo(io.error, `menwei: ${cause instanceof Error ? cause.message : String(cause)}\n`);
    return EXIT.failed;
  }
}

type Asked =
  | { readonly verb: 'list'; readonly config: string }
  | { readonly verb: 'invite' | 'disable'; readonly config: string; readonly account: string }
  | {
      readonly verb: 'add';
      readonly config: string;
      readonly account: string;
      readonly roles: (typeof DESK_ROLES)[number][];
    };

function optionsOf(args: readonly string[]): Asked | undefined {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      options: { config: { type: 'string' }, roles: { type: 'string' } },
      allowPositionals: true,
    });
    const [verb, name, ...more] = positionals;
    const { config, roles } = values;
    if (config === undefined || more.length > 0) return undefined;
    if (verb === 'list') return name === undefined && roles === undefined ? { verb, config } : undefined;
    const account = accountName.safeParse(name).data;
    if (account === undefined) return undefined;
    if (verb === 'add') {
      const wanted = deskRoles.safeParse(roles?.split(','));
      return wanted.success ? { verb, config, account, roles: wanted.data } : undefined;
    }
    const isOne = verb === 'invite' || verb === 'disable';
    return isOne && roles === undefined ? { verb, config, account } : undefined;
  } catch {
    return undefined;
  }
}

async function doneAt({ accounts }: Desk, asked: Asked): Promise<Result<string, string>> {
  if (asked.verb === 'list') return { ok: true, value: tableOf(await accounts.list()) };
  if (asked.verb === 'disable') {
    const disabled = await accounts.disable(asked.account, MACHINE);
    return inWords(disabled, () => `${asked.account} is barred; its sessions are over\n`);
  }
  const invited =
    asked.verb === 'add'
      ? await accounts.open(asked, MACHINE)
      : await accounts.invite(asked.account, MACHINE);
  return inWords(invited, invitationText);
}

function inWords<Value>(
  result: Result<Value, AccountProblem>,
  words: (value: Value) => string,
): Result<string, string> {
  return result.ok ? { ok: true, value: words(result.value) } : { ok: false, error: PROBLEMS[result.error] };
}

function invitationText({ account, invitation, expiresAt }: InvitationView): string {
  const until = new Date(expiresAt).toISOString();
  return `account     ${account}\ninvitation  ${invitation}\ngood until  ${until}, once\nHand it to the person, who sets a password of at least twelve characters with it.\n`;
}

function tableOf(all: readonly AccountView[]): string {
  const rows = all.map(({ account, roles, state, signedInAt }) => {
    const last = signedInAt === undefined ? 'never' : new Date(signedInAt).toISOString();
    return `${account.padEnd(32)}  ${state.padEnd(8)}  ${last.padEnd(24)}  ${roles.join(',')}\n`;
  });
  return rows.length === 0 ? 'there are no accounts yet\n' : rows.join('');
}
