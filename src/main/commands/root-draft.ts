import { readFileSync, writeFileSync } from 'node:fs';
import { systemClock } from '../../../device/clock/index.ts';
import { err, ok, type Result, unixSeconds } from '../../base/index.ts';
import { SIGNING_ROLES, type SigningRole } from '../../district/index.ts';
import type { DocumentSigner } from '../../issue/index.ts';
import { bundleFile, type PublicRootKey, ROLES, type RootPayload } from '../../wire/index.ts';
import { type CommandIo, EXIT, writeTo } from '../command.ts';
import { changesOf, draftOf, readDraft, rootOf } from '../root/ceremony.ts';
import { failed, type Given, given, orSaid, usage, withDistrict } from '../root/command-line.ts';
import { readJson, readPublicKey } from '../root/root-key.ts';

/**
 * `menwei root draft`: what the next root will say. With `--config` on the district's machine, where role keys can be made
 * anew; with `--from` out of a bundle of the district, on a machine that never sees it.
 */

const USAGE =
  'menwei root draft (--config FILE | --from BUNDLE) --out DRAFT [--root-key PUB]… [--threshold N] [--rotate ROLE]… [--days N]';
const DAY_SECONDS = 86_400;

export async function run(args: readonly string[], io: CommandIo): Promise<number> {
  const asked = given(args, ['config', 'from', 'out', 'root-key*', 'threshold', 'rotate*', 'days']);
  const [config, from, out] = [asked?.one('config'), asked?.one('from'), asked?.one('out')];
  if (asked === undefined || asked.words.length > 0 || out === undefined) return usage(io, USAGE);
  if ((config === undefined) === (from === undefined)) return usage(io, USAGE);
  const wishes = await wishesOf(asked);
  if (!wishes.ok) return failed(io, wishes.error);
  return orSaid(io, () =>
    config === undefined
      ? fromBundle(io, { from: from ?? '', out, wishes: wishes.value })
      : fromDistrict(io, { config, out, wishes: wishes.value }),
  );
}

interface Wishes {
  readonly rootKeys: readonly PublicRootKey[];
  readonly threshold: number | undefined;
  readonly rotate: readonly SigningRole[];
  readonly days: number;
}

async function wishesOf(asked: Given): Promise<Result<Wishes, string>> {
  const rootKeys: PublicRootKey[] = [];
  for (const file of asked.all('root-key')) {
    const key = await readPublicKey(file);
    if (!key.ok) return key;
    if (rootKeys.some(({ kid }) => kid === key.value.kid))
      return err(`${file}: this key is named twice; every root key is another one`);
    rootKeys.push(key.value);
  }
  const rotate = asked.all('rotate');
  const roles = SIGNING_ROLES.filter((role) => rotate.includes(role));
  if (roles.length !== new Set(rotate).size)
    return err(`--rotate: use ${SIGNING_ROLES.join(', ')}; the root's own keys are named by --root-key`);
  const [threshold, days] = [
    numberOf(asked.one('threshold'), 16),
    numberOf(asked.one('days') ?? '365', 3_650),
  ];
  if (threshold === 'bad' || days === 'bad' || days === undefined)
    return err('--threshold: use 1 to 16, --days: 1 to 3650');
  return ok({ rootKeys, threshold, rotate: roles, days });
}

function numberOf(text: string | undefined, most: number): number | undefined | 'bad' {
  if (text === undefined) return undefined;
  return /^[1-9]\d{0,3}$/.test(text) && Number(text) <= most ? Number(text) : 'bad';
}

function fromBundle(io: CommandIo, given: { from: string; out: string; wishes: Wishes }): Promise<number> {
  const { from, out, wishes } = given;
  if (wishes.rotate.length > 0)
    return failed(io, '--rotate: role keys are made on the district’s own machine; use --config there');
  const read = readJson(from);
  if (!read.ok) return failed(io, read.error);
  const bundle = bundleFile.safeParse(read.value);
  const roots = (bundle.success ? bundle.data.documents : [])
    .filter((document) => typeof document === 'object')
    .map((document) => JSON.stringify(document))
    .filter((text) => rootOf(text) !== undefined);
  const before = roots.at(-1);
  const last = before === undefined ? undefined : rootOf(before);
  if (before === undefined || last === undefined)
    return failed(io, `${from}: has no root; make the file with \`menwei district bundle\``);
  return write(io, out, { before, wishes, district: last.iss, roles: new Map() });
}

function fromDistrict(
  io: CommandIo,
  given: { config: string; out: string; wishes: Wishes },
): Promise<number> {
  const { config, out, wishes } = given;
  return withDistrict(io, config, async ({ keys, roots }, { district }) => {
    const before = (await roots()).at(-1);
    const roles = new Map<SigningRole, DocumentSigner>();
    if (before === undefined) for (const role of SIGNING_ROLES) roles.set(role, keys.signers[role]);
    for (const role of wishes.rotate) roles.set(role, await keys.makeRoleKey(role));
    return write(io, out, { before, wishes, district, roles });
  });
}

interface Content {
  readonly before: string | undefined;
  readonly wishes: Wishes;
  readonly district: string;
  /** Those that get another key. */
  readonly roles: ReadonlyMap<SigningRole, DocumentSigner>;
}

async function write(io: CommandIo, out: string, content: Content): Promise<number> {
  const payload = payloadOf(content);
  if (!payload.ok) return failed(io, payload.error);
  writeFileSync(out, draftOf(payload.value, content.before));
  const draft = readDraft(JSON.parse(readFileSync(out, 'utf8')));
  if (!draft.ok) return failed(io, `draft: ${draft.error}`);
  await writeTo(io.output, `${changesOf(draft.value).join('\n')}\n`);
  return EXIT.done;
}

function payloadOf({ before, wishes, district, roles }: Content): Result<RootPayload, string> {
  const last = before === undefined ? undefined : rootOf(before);
  const { rootKeys, days } = wishes;
  if (last === undefined && rootKeys.length === 0)
    return err('--root-key: a district’s first root names its root keys; make three with `menwei root new`');
  const rootKids = rootKeys.length > 0 ? rootKeys.map(({ kid }) => kid) : (last?.roles.root.keys ?? []);
  const threshold = wishes.threshold ?? (rootKeys.length > 0 ? 2 : (last?.roles.root.threshold ?? 2));
  if (threshold > rootKids.length)
    return err(
      `--threshold: ${threshold} of ${rootKids.length} keys can never sign; name more keys by --root-key, or a lower threshold`,
    );
  const chosen = Object.fromEntries(
    ROLES.map((role) => {
      if (role === 'root') return [role, { keys: [...rootKids], threshold }];
      const signer = roles.get(role);
      return [role, signer === undefined ? last?.roles[role] : { keys: [signer.kid], threshold: 1 }];
    }),
  ) as RootPayload['roles'];
  const known = {
    ...last?.keys,
    ...Object.fromEntries(rootKeys.map(({ kid, key }) => [kid, key])),
    ...Object.fromEntries([...roles.values()].map(({ kid, publicJwk }) => [kid, publicJwk])),
  };
  const named = new Set(ROLES.flatMap((role) => chosen[role].keys));
  const iat = unixSeconds(systemClock().wall());
  return ok({
    iss: district,
    version: (last?.version ?? 0) + 1,
    iat,
    exp: iat + days * DAY_SECONDS,
    keys: Object.fromEntries(Object.entries(known).filter(([kid]) => named.has(kid))),
    roles: chosen,
  });
}
