import { sealRoster } from '../../issue/index.ts';
import type { BundleFile } from '../../wire/index.ts';
import type { Gate } from '../database/database.ts';
import type { Shelf } from './shelf.ts';

/** All current documents as one file, each root first; for one gate, its policy alone and its roster sealed for it. */
export async function bundleOf(of: {
  readonly shelf: Shelf;
  /** General JWS texts, oldest first. */
  readonly roots: readonly string[];
  /** Absent: nobody here may tell the time. */
  readonly time: string | undefined;
  readonly gate: Gate | undefined;
}): Promise<BundleFile> {
  const { shelf, roots, time, gate } = of;
  const carried = (await shelf.all()).filter(({ name }) => isCarried(name, gate));
  const roster = gate === undefined ? undefined : await sealedRoster(shelf, gate);
  return {
    type: 'menwei-bundle',
    documents: [
      ...roots.map((text) => JSON.parse(text) as Record<string, unknown>),
      ...carried.map(({ text }) => text),
      ...(roster === undefined ? [] : [roster]),
      ...(time === undefined ? [] : [time]),
    ],
  };
}

/** Undefined: nobody has confirmed the gate, it has no key to seal for, or there is no roster. */
export async function sealedRoster(shelf: Shelf, gate: Gate): Promise<string | undefined> {
  if (gate.seal_key === null || gate.confirmed !== 1) return undefined;
  const roster = await shelf.get(`roster/${gate.community}`);
  if (roster === undefined) return undefined;
  return sealRoster(roster.text, { kty: 'OKP', crv: 'X25519', x: gate.seal_key });
}

function isCarried(name: string, gate: Gate | undefined): boolean {
  if (name === 'root' || name.startsWith('roster/')) return false;
  return gate === undefined || !name.startsWith('policy/') || name === `policy/${gate.community}`;
}
