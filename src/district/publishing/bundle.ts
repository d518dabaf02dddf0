import type { BundleFile } from '../../wire/index.ts';
import type { Gate } from '../database/database.ts';
import type { SealedRosters } from './sealed-rosters.ts';
import type { Shelf } from './shelf.ts';

/** All current documents as one file, each root first; for one gate, its policy alone and its roster sealed for it. */
export async function bundleOf(of: {
  readonly shelf: Shelf;
  readonly sealed: SealedRosters;
  /** General JWS texts, oldest first. */
  readonly roots: readonly string[];
  /** Absent: nobody here may tell the time. */
  readonly time: string | undefined;
  readonly gate: Gate | undefined;
}): Promise<BundleFile> {
  const { shelf, sealed, roots, time, gate } = of;
  const carried = (await shelf.all()).filter(({ name }) => isCarried(name, gate));
  const roster = gate === undefined ? undefined : (await sealed.of(gate))?.text;
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

function isCarried(name: string, gate: Gate | undefined): boolean {
  if (name === 'root' || name.startsWith('roster/')) return false;
  return gate === undefined || !name.startsWith('policy/') || name === `policy/${gate.community}`;
}
