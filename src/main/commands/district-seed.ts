import { randomBytes } from 'node:crypto';
import { parseArgs } from 'node:util';
import { ed25519Signer } from '../../crypto/index.ts';
import type { SeedProblem } from '../../district/index.ts';
import { type CommandIo, EXIT, writeTo } from '../command.ts';
import { besideDistrict, progressBar } from '../district/registry-beside.ts';

/** `menwei district seed`: a test district of any size, of people who do not exist; the same for the same seed. */

const USAGE = `usage: menwei district seed --residents N --config FILE [--gates M] [--seed S] [--add]
  --seed S  makes the same people, rooms, indexes and phones again; drawn and told when it is left out
  --add     also where residents are already
`;

const PROBLEMS: Readonly<Record<SeedProblem, string>> = {
  'has-residents': 'the district has residents; use an empty one, or add to it with --add',
  'few-places': 'places: too few for so many residents; set at least twice as many in the configuration',
  'seeded-before': '--seed: some of these people are there already; use an empty district',
};

const RESIDENTS_MAX = 8_000_000;
const GATES_MAX = 10_000;

interface Asked {
  readonly config: string;
  readonly residents: number;
  readonly gates: number;
  readonly seed: string;
  readonly add: boolean;
}

export async function run(args: readonly string[], io: CommandIo): Promise<number> {
  const asked = optionsOf(args);
  if (asked === undefined) {
    await writeTo(io.error, USAGE);
    return EXIT.usage;
  }
  return besideDistrict(asked.config, io, async (registry, { communities }) => {
    const bar = progressBar(io);
    const from = performance.now();
    const publicKeyOf = (secret: Uint8Array) => ed25519Signer(secret).publicKey;
    const done = await registry.seed({
      ...asked,
      communities: communities.map(({ id }) => id),
      publicKeyOf,
      progress: bar.step,
    });
    bar.end();
    if (!done.ok) {
      await writeTo(io.error, `menwei: ${PROBLEMS[done.error]}\n`);
      return EXIT.failed;
    }
    const { residents, phones, gates } = done.value;
    const seconds = ((performance.now() - from) / 1000).toFixed(1);
    await writeTo(
      io.output,
      `${residents} residents, ${phones} phones and ${gates} gates in ${seconds} s, seed ${asked.seed}\n`,
    );
    return EXIT.done;
  });
}

function optionsOf(args: readonly string[]): Asked | undefined {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        config: { type: 'string' },
        residents: { type: 'string' },
        gates: { type: 'string', default: '0' },
        seed: { type: 'string', default: randomBytes(6).toString('hex') },
        add: { type: 'boolean', default: false },
      },
    });
    const { config, seed, add } = values;
    const [residents, gates] = [countOf(values.residents, RESIDENTS_MAX), countOf(values.gates, GATES_MAX)];
    if (config === undefined || residents === undefined || gates === undefined) return undefined;
    return /^[\w.-]{1,64}$/.test(seed) ? { config, residents, gates, seed, add } : undefined;
  } catch {
    return undefined;
  }
}

function countOf(text: string | undefined, max: number): number | undefined {
  const count = text !== undefined && /^\d{1,8}$/.test(text) ? Number(text) : undefined;
  return count === undefined || count > max ? undefined : count;
}
