import { parseArgs } from 'node:util';
import { err, ok, type Result } from '../../base/index.ts';
import type { Mix } from './messages.ts';

/** What `menwei simulate` is asked for. What is not understood is told by its option and what to write there; nothing is guessed. */
export interface Asked {
  readonly gates: number;
  /** Scans a second, of all gates together. */
  readonly rate: number;
  readonly seconds: number;
  readonly backlogHours: number;
  readonly backlogGates: number;
  /** Those gates are connected all the while, and their rows come at once: the district was away, not they. */
  readonly backlogConnected: boolean;
  /** Residents who are revoked meanwhile, one after the other. */
  readonly revocations: number;
  readonly mix: Mix;
  /** Gates of one community, where the simulation makes the communities. */
  readonly communitySize: number;
  readonly processes: number | undefined;
  /** A district's configuration; absent: one of the simulation's own. */
  readonly config: string | undefined;
  /** The district of that configuration runs already; absent: this process runs it. */
  readonly running: RunningDistrict | undefined;
  readonly tls: { readonly authority?: string; readonly certificate?: string; readonly key?: string };
  readonly json: boolean;
}

/** Where its desk is, and who asks there. */
export interface RunningDistrict {
  readonly url: string;
  readonly account: string;
  readonly passwordFile: string;
}

export const USAGE =
  'usage: menwei simulate --gates N --rate R [--config FILE [--district URL --account NAME --password-file FILE]] [--seconds S] [--backlog HOURS [--backlog-gates K] [--backlog-connected]] [--revocations N] [--codes MIX] [--json]';

const GATES_MAX = 20_000;
const DEFAULT_SECONDS = 30;
const DEFAULT_MIX: Mix = { phone: 10, nonsense: 2, plain: 88 };

export function askedOf(args: readonly string[]): Result<Asked, readonly string[]> {
  const given = parsed(args);
  if (!given.ok) return given;
  const { value } = given;
  const problems: string[] = [];
  const number = (name: NumberOption, limits: Limits): number => {
    const read = numberOf(value[name], limits);
    if (read === undefined) problems.push(`--${name}: ${describe(limits)}`);
    return read ?? 0;
  };
  const asked: Asked = {
    gates: number('gates', { whole: true, least: 1, most: GATES_MAX }),
    rate: number('rate', { least: 0, most: 100_000, unit: 'scans a second of all gates together' }),
    seconds: number('seconds', { whole: true, least: 1, most: 7 * 86_400, otherwise: DEFAULT_SECONDS }),
    backlogHours: number('backlog', {
      least: 0,
      most: 2_160,
      otherwise: 0,
      unit: 'hours that a gate was away',
    }),
    backlogGates: number('backlog-gates', { whole: true, least: 1, most: GATES_MAX, otherwise: 1 }),
    backlogConnected: value['backlog-connected'] === true,
    revocations: number('revocations', { whole: true, least: 0, most: 10_000, otherwise: 0 }),
    mix: mixOf(value.codes, problems),
    communitySize: number('community-size', { whole: true, least: 1, most: 1_000, otherwise: 50 }),
    processes:
      value.processes === undefined ? undefined : number('processes', { whole: true, least: 1, most: 64 }),
    config: value.config,
    running: runningOf(value, problems),
    tls: tlsOf(value, problems),
    json: value.json === true,
  };
  if (problems.length === 0 && asked.backlogGates > asked.gates)
    problems.push('--backlog-gates: at most as many as --gates');
  return problems.length === 0 ? ok(asked) : err(problems);
}

const OPTIONS = {
  gates: { type: 'string' },
  rate: { type: 'string' },
  seconds: { type: 'string' },
  backlog: { type: 'string' },
  'backlog-gates': { type: 'string' },
  'backlog-connected': { type: 'boolean' },
  revocations: { type: 'string' },
  codes: { type: 'string' },
  'community-size': { type: 'string' },
  processes: { type: 'string' },
  config: { type: 'string' },
  district: { type: 'string' },
  account: { type: 'string' },
  'password-file': { type: 'string' },
  authority: { type: 'string' },
  certificate: { type: 'string' },
  key: { type: 'string' },
  json: { type: 'boolean' },
} as const;

type NumberOption =
  | 'gates'
  | 'rate'
  | 'seconds'
  | 'backlog'
  | 'backlog-gates'
  | 'revocations'
  | 'community-size'
  | 'processes';
type Given = ReturnType<typeof parse>;

function parse(args: readonly string[]) {
  return parseArgs({ args: [...args], options: OPTIONS }).values;
}

function parsed(args: readonly string[]): Result<Given, readonly string[]> {
  try {
    return ok(parse(args));
  } catch {
    // The parser's own words repeat what was given.
    return err([`not understood; ${USAGE}`]);
  }
}

interface Limits {
  readonly least: number;
  readonly most: number;
  readonly whole?: true;
  readonly otherwise?: number;
  readonly unit?: string;
}

function numberOf(text: string | undefined, limits: Limits): number | undefined {
  if (text === undefined) return limits.otherwise;
  const value = /^\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
  const fits = value >= limits.least && value <= limits.most;
  return fits && (limits.whole !== true || Number.isInteger(value)) ? value : undefined;
}

function describe({ whole, least, most, unit, otherwise }: Limits): string {
  const kind = whole === true ? 'a whole number' : 'a number';
  const about = unit === undefined ? '' : ` (${unit})`;
  const left = otherwise === undefined ? 'it must be given' : `left out it is ${otherwise}`;
  return `write ${kind} from ${least} to ${most}${about}; ${left}`;
}

/** `phone=10,nonsense=2`: scans in a hundred; what is left is not judged. */
function mixOf(text: string | undefined, problems: string[]): Mix {
  if (text === undefined) return DEFAULT_MIX;
  const parts = text.split(',').map((part) => /^(phone|nonsense)=(\d{1,3})$/.exec(part));
  const shares = { phone: 0, nonsense: 0 };
  for (const part of parts) {
    const [, name, share] = part ?? [];
    if (name === 'phone' || name === 'nonsense') shares[name] = Number(share);
  }
  const plain = 100 - shares.phone - shares.nonsense;
  if (parts.includes(null) || plain < 0)
    problems.push('--codes: scans in a hundred, as phone=10,nonsense=2; together at most 100');
  return { ...shares, plain };
}

/** Passwords cross the network to it. */
const DESK_ADDRESS = /^(https:\/\/[^\s/@?#]+|http:\/\/(127\.\d+\.\d+\.\d+|localhost|\[::1\])(:\d{1,5})?)\/?$/;

function runningOf(given: Given, problems: string[]): RunningDistrict | undefined {
  const { config, district, account, 'password-file': passwordFile } = given;
  if (district === undefined) {
    if (account !== undefined || passwordFile !== undefined)
      problems.push('--account, --password-file: of the district that --district names; name it too');
    return undefined;
  }
  if (!DESK_ADDRESS.test(district))
    problems.push('--district: write https://HOST:PORT, or http://127.0.0.1:PORT on its own machine');
  if (config === undefined)
    problems.push('--config: name the configuration of the district that --district names');
  if (account === undefined || passwordFile === undefined)
    problems.push(
      '--account, --password-file: name who signs in at that district, a registrar and operator, and a file with the password',
    );
  const url = district.replace(/\/$/, '');
  return { url, account: account ?? '', passwordFile: passwordFile ?? '' };
}

function tlsOf({ authority, certificate, key }: Given, problems: string[]): Asked['tls'] {
  if ((certificate === undefined) !== (key === undefined))
    problems.push('--certificate, --key: files of one pair; name both or neither');
  return {
    ...(authority === undefined ? {} : { authority }),
    ...(certificate === undefined ? {} : { certificate }),
    ...(key === undefined ? {} : { key }),
  };
}
