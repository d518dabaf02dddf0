import type { DoorFacts, ReaderFacts, RestOfFacts } from './facts.ts';
import { type Finding, found } from './finding.ts';

/** What is judged of readers and doors: is it there, is it the right one, may we use it, does it work. */

export function judgeReaders({ readers }: Pick<RestOfFacts, 'readers'>): Finding[] {
  return readers.flatMap((reader) => [judgeReader(reader), ...judgeName(reader)]);
}

function judgeName({ id, path, isFleeting = false }: ReaderFacts): Finding[] {
  if (!isFleeting) return [];
  return [found('reader', 'note', { code: 'reader-name-fleeting', about: id, values: { path } })];
}

function judgeReader({ id, type, path, state, group, lost }: ReaderFacts): Finding {
  const about = id;
  const values = { type, path };
  switch (state) {
    case 'missing':
      return found('reader', 'hurts', { code: 'reader-missing', about, values });
    case 'wrong-type':
      return found('reader', 'hurts', { code: 'reader-wrong-type', about, values });
    case 'no-rights':
      return found('reader', 'hurts', {
        code: 'reader-no-rights',
        about,
        values: { ...values, group: group ?? 'root' },
      });
    case 'trial':
      return found('reader', 'note', { code: 'reader-trial', about, values });
    case 'page':
      return found('reader', 'note', { code: 'reader-page', about });
    case 'good':
      return lost === undefined
        ? found('reader', 'well', { code: 'reader-good', about, values })
        : found('reader', 'hurts', { code: 'reader-lost', about, values: { ...values, why: lost } });
  }
}

export function judgeDoors({ doors }: Pick<RestOfFacts, 'doors'>): Finding[] {
  return doors.flatMap((door) => [...judgeDriver(door), ...judgeLines(door), ...judgeWiring(door)]);
}

function judgeDriver({ lane, driver, state, detail, group, chip }: DoorFacts): Finding[] {
  const about = lane;
  switch (state) {
    case 'good':
      return [found('door', 'well', { code: 'door-good', about, values: { driver, chip: chip ?? driver } })];
    case 'held-by-gate':
      return [found('door', 'well', { code: 'door-held', about, values: { driver } })];
    case 'no-chip':
      return [found('door', 'stops', { code: 'door-no-chip', about, values: { there: detail ?? '-' } })];
    case 'no-rights':
      return [found('door', 'stops', { code: 'door-no-rights', about, values: { group: group ?? 'gpio' } })];
    case 'faulty':
      return [found('door', 'stops', { code: 'door-faulty', about, values: { why: detail ?? '-' } })];
    case 'simulated':
      return [found('door', 'hurts', { code: 'door-simulated', about, values: { driver } })];
    case 'unseen':
      return [found('door', 'unchecked', { code: 'door-unchecked', about, values: { why: detail ?? '-' } })];
  }
}

function judgeLines({ lane, taken = [], missingLines = [] }: DoorFacts): Finding[] {
  return [
    ...taken.map(({ line, by }) =>
      found('door', 'stops', { code: 'door-line-taken', about: lane, values: { line, by } }),
    ),
    ...missingLines.map((line) =>
      found('door', 'stops', { code: 'door-line-missing', about: lane, values: { line } }),
    ),
  ];
}

function judgeWiring({ lane, driver, hasSensor, hasFire }: DoorFacts): Finding[] {
  if (driver === 'simulated') return [];
  return [
    ...(hasSensor ? [] : [found('door', 'note', { code: 'door-no-sensor', about: lane })]),
    ...(hasFire ? [] : [found('door', 'note', { code: 'door-no-fire', about: lane })]),
  ];
}
