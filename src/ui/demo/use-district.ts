import { useCallback, useEffect, useState } from 'preact/hooks';
import type { DemoEntry } from '../../wire/index.ts';
import { type Connection, openLine } from '../kit/index.ts';
import { type District, entryOf, fetchDistrict, fetchEntries, LIVE_URL } from './api.ts';

/** Entries kept on the page; the district has them all. */
const ENTRIES_MAX = 60;
const RETRY_MS = 3_000;

/** Who lives here; asked again until the district answers, and when `reload` is called. */
export function useDistrict(): { readonly district?: District; readonly reload: () => Promise<void> } {
  const [district, setDistrict] = useState<District | undefined>(undefined);
  const reload = useCallback(async () => {
    const answer = await fetchDistrict();
    if (answer !== undefined) setDistrict(answer);
  }, []);
  useEffect(() => {
    if (district !== undefined) return undefined;
    void reload();
    const timer = setInterval(() => void reload(), RETRY_MS);
    return () => clearInterval(timer);
  }, [district === undefined]);
  return district === undefined ? { reload } : { district, reload };
}

/** The newest entries: those there were, then each as it comes. */
export function useEntries(): { readonly entries: readonly DemoEntry[]; readonly connection: Connection } {
  const [entries, setEntries] = useState<readonly DemoEntry[]>([]);
  const [connection, setConnection] = useState<Connection>('connecting');
  useEffect(
    () =>
      openLine({
        url: LIVE_URL,
        received: (event) => {
          const entry = entryOf(event);
          if (entry !== undefined) setEntries((before) => merged(before, [entry]));
        },
        changed: setConnection,
      }),
    [],
  );
  useEffect(() => {
    // Also after a break: what came meanwhile was said on no line.
    if (connection === 'live')
      void fetchEntries().then((known) => known && setEntries((before) => merged(known, before)));
  }, [connection]);
  return { entries, connection };
}

/** Newest first, each (gate, seq) once; of two the later argument's counts. */
export function merged(before: readonly DemoEntry[], later: readonly DemoEntry[]): readonly DemoEntry[] {
  const byName = new Map<string, DemoEntry>();
  for (const entry of [...before, ...later]) {
    const name = `${entry.gate}/${entry.seq}`;
    // An acknowledgement is never taken back by an older message that was overtaken.
    const acknowledged = entry.acknowledged || byName.get(name)?.acknowledged === true;
    byName.set(name, { ...entry, acknowledged });
  }
  const newestFirst = (left: DemoEntry, right: DemoEntry) =>
    right.at.localeCompare(left.at) || right.seq - left.seq;
  return [...byName.values()].sort(newestFirst).slice(0, ENTRIES_MAX);
}
