import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { systemClock } from '../../../device/clock/index.ts';
import { err, ok, type Result, unixSeconds } from '../../base/index.ts';
import type { GateSealKey } from '../../issue/index.ts';
import { bundleOf, type ContextBundle } from '../bundle/context-bundle.ts';
import { readContext } from '../bundle/context-file.ts';
import { roleKeys } from '../bundle/role-keys.ts';
import { type CommandIo, EXIT, writeTo } from '../command.ts';
import { writeSecret } from '../gate/gate-keys.ts';

/**
 * `menwei trust bundle`: out of a plain context, every document that a gate believes, signed, in one file; and the root that
 * the gate pins. For communities that run on files, and for trying a gate out.
 */
export { trustBundle as run };

const USAGE =
  'usage: menwei trust bundle --context FILE --out BUNDLE --root-out FILE [--gate-key FILE] [--keys-dir DIR] [--at SECONDS]\n';

export async function trustBundle(args: readonly string[], io: CommandIo): Promise<number> {
  const options = optionsOf(args);
  if (options === undefined) {
    await writeTo(io.error, USAGE);
    return EXIT.usage;
  }
  const made = await make(options);
  if (!made.ok) {
    await writeTo(io.error, made.error.map((problem) => `menwei: ${problem}\n`).join(''));
    return EXIT.failed;
  }
  const { bundle, root, version, notes } = made.value;
  writeFileSync(options.rootOut, root);
  // A roster that is not sealed tells who lives here: then the file is for its owner alone.
  if (options.gateKey === undefined) writeSecret(options.out, bundle);
  else writeFileSync(options.out, bundle);
  const said = [...notes, ...cautions(options)].map((note) => `menwei: ${note}\n`);
  await writeTo(io.error, said.join(''));
  await writeTo(io.output, `${options.out}: version ${version}; pinned root in ${options.rootOut}\n`);
  return EXIT.done;
}

interface Options {
  readonly context: string;
  readonly out: string;
  readonly rootOut: string;
  readonly gateKey?: string;
  readonly keysDir?: string;
  readonly at?: number;
}

async function make(options: Options): Promise<Result<ContextBundle, readonly string[]>> {
  const context = await readContext(options.context);
  if (!context.ok) return err(context.error.map((problem) => `${options.context}: ${problem}`));
  const gateKey = options.gateKey === undefined ? undefined : readGateKey(options.gateKey);
  if (gateKey !== undefined && !gateKey.ok) return err([gateKey.error]);
  const district = context.value.district.id;
  try {
    const keys = await roleKeys(district, options.keysDir);
    const made = await bundleOf({
      context: context.value,
      keys,
      at: options.at ?? unixSeconds(systemClock().wall()),
      ...(gateKey === undefined ? {} : { gateKey: gateKey.value }),
    });
    keys.keep({ district, lastVersion: made.version, roots: made.roots });
    return ok(made);
  } catch (cause) {
    return err(problemsOf(cause, options.context));
  }
}

function cautions(options: Options): string[] {
  const open =
    'the roster is signed but not sealed: whoever has the bundle can read it, and a gate takes it only with trust.plainRoster';
  const lost =
    'the signing keys were not kept: a later bundle needs a new pinned root (keep them with --keys-dir)';
  return [...(options.gateKey === undefined ? [open] : []), ...(options.keysDir === undefined ? [lost] : [])];
}

function optionsOf(args: readonly string[]): Options | undefined {
  try {
    const text = { type: 'string' } as const;
    const options = {
      context: text,
      out: text,
      'root-out': text,
      'gate-key': text,
      'keys-dir': text,
      at: text,
    };
    const { values } = parseArgs({ args: [...args], options });
    const { context, out, 'root-out': rootOut, 'gate-key': gateKey, 'keys-dir': keysDir, at } = values;
    if (context === undefined || out === undefined || rootOut === undefined) return undefined;
    if (at !== undefined && !/^\d{1,10}$/.test(at)) return undefined;
    return {
      context,
      out,
      rootOut,
      ...(gateKey === undefined ? {} : { gateKey }),
      ...(keysDir === undefined ? {} : { keysDir }),
      ...(at === undefined ? {} : { at: Number(at) }),
    };
  } catch {
    return undefined;
  }
}

/** The gate's public X25519 key as a JWK; of a private one the public half is used. */
function readGateKey(file: string): Result<GateSealKey, string> {
  try {
    const { kty, crv, x } = JSON.parse(readFileSync(file, 'utf8')) as Partial<GateSealKey>;
    if (kty === 'OKP' && crv === 'X25519' && typeof x === 'string' && /^[\w-]{43}$/.test(x)) {
      return ok({ kty, crv, x });
    }
    return err(`${file}: is no X25519 key (a JWK with kty OKP and crv X25519)`);
  } catch {
    return err(`${file}: cannot be read as a JWK`);
  }
}

function problemsOf(cause: unknown, file: string): string[] {
  if (cause instanceof Error && 'issues' in cause) {
    const issues = cause.issues as readonly {
      readonly path: readonly PropertyKey[];
      readonly message: string;
    }[];
    return issues.map(({ path, message }) => `${file}: ${path.map(String).join('.')}: ${message}`);
  }
  return [cause instanceof Error ? cause.message : String(cause)];
}
