import { describe, expect, it } from 'vitest';
import type { DoorFacts, GateFacts, ReaderFacts, RestOfFacts } from './facts.ts';
import {
  exitOf,
  FINDING_WORDS,
  type Finding,
  inWords,
  judge,
  type Level,
  reportText,
  summaryOf,
} from './index.ts';

const NOW = Date.parse('2026-11-20T08:00:00Z');
const DAY_MS = 86_400_000;

const DOOR: DoorFacts = {
  lane: 'main',
  driver: 'gpio',
  state: 'good',
  chip: 'pinctrl-rp1',
  hasSensor: true,
  hasFire: true,
};
const READER: ReaderFacts = { id: 'front', type: 'serial', path: '/dev/serial/by-id/a', state: 'good' };

/** A gate on which everything was looked at and found in order. */
const WELL: RestOfFacts = {
  now: NOW,
  running: { seen: { is: true, ready: true, problems: { seen: [] } } },
  folder: {
    path: '/var/lib/menwei',
    state: 'there',
    writable: true,
    disk: { seen: { kind: 'disk', freeBytes: 8e9, totalBytes: 16e9 } },
  },
  clock: {
    seen: {
      battery: true,
      synchronised: true,
      source: 'kernel',
      quality: 'synced',
      errorSeconds: 1,
      behindBuildMs: 0,
    },
  },
  trust: {
    seen: {
      documents: [{ document: 'keyset', version: 3, ageSeconds: 7_200 }],
      best: 'normal',
      reasons: [],
      expiring: [],
      damaged: [],
    },
  },
  journal: { seen: { state: 'whole', rows: 41, setAside: 0 } },
  readers: [READER],
  doors: [DOOR],
  broker: {
    address: 'broker.example:8883',
    isPlain: false,
    reach: { seen: 'reached' },
    certificate: { seen: { from: NOW - 30 * DAY_MS, until: NOW + 60 * DAY_MS } },
  },
  district: { seen: { connected: true, heardMsAgo: 30_000, unsent: 0 } },
  pages: {
    address: 'https://gate.local:8443',
    isLoopback: false,
    state: 'answers',
    certificateUntil: { seen: NOW + 300 * DAY_MS },
  },
  guards: { seen: 'some' },
  machine: { temperatureC: 51, power: 'ok', memoryFreeBytes: { seen: 4e8 }, memoryTotalBytes: 1e9 },
};

const facts = (rest: Partial<RestOfFacts> = {}, enrolled = true): GateFacts => ({
  configuration: { file: 'gate.yaml', problems: [], enrolled },
  rest: { ...WELL, ...rest },
});

type Seen<Key extends keyof RestOfFacts> = Extract<RestOfFacts[Key], { seen: unknown }>['seen'];
const clock = (change: Partial<Seen<'clock'>>) =>
  facts({
    clock: {
      seen: {
        battery: true,
        synchronised: true,
        source: 'kernel',
        quality: 'synced',
        behindBuildMs: 0,
        ...change,
      },
    },
  });
const trust = (change: Partial<Seen<'trust'>>) =>
  facts({
    trust: { seen: { documents: [], best: 'normal', reasons: [], expiring: [], damaged: [], ...change } },
  });
const folder = (change: Partial<RestOfFacts['folder']>) => facts({ folder: { ...WELL.folder, ...change } });
const disk = (kind: 'disk' | 'memory' | 'network', freeBytes: number) =>
  folder({ disk: { seen: { kind, freeBytes, totalBytes: 16e9 } } });
const reader = (change: Partial<ReaderFacts>) => facts({ readers: [{ ...READER, ...change }] });
const door = (change: Partial<DoorFacts>) => facts({ doors: [{ ...DOOR, ...change }] });
const broker = (change: Partial<RestOfFacts['broker']>) => facts({ broker: { ...WELL.broker, ...change } });
const pages = (change: Partial<RestOfFacts['pages']>) => facts({ pages: { ...WELL.pages, ...change } });
const certificate = (from: number, until: number) =>
  broker({ certificate: { seen: { from: NOW + from * DAY_MS, until: NOW + until * DAY_MS } } });

const CASES: readonly (readonly [code: string, level: Level, facts: GateFacts])[] = [
  [
    'config-bad',
    'stops',
    { configuration: { file: 'g', problems: ['g:2: gate: wrong; use a-z'], enrolled: false } },
  ],
  ['not-enrolled', 'stops', facts({}, false)],
  ['gate-stopped', 'note', facts({ running: { seen: { is: false } } })],
  ['gate-silent', 'unchecked', facts({ running: { seen: { is: true, problems: { unseen: 'no answer' } } } })],
  [
    'gate-says',
    'hurts',
    facts({ running: { seen: { is: true, ready: true, problems: { seen: ['broker: not connected'] } } } }),
  ],
  [
    'gate-says',
    'stops',
    facts({ running: { seen: { is: true, ready: false, problems: { seen: ['journal: full'] } } } }),
  ],
  ['gate-unchecked', 'unchecked', facts({ running: { unseen: 'EACCES' } })],
  ['folder-missing', 'note', folder({ state: 'missing' })],
  ['folder-unreadable', 'stops', folder({ state: 'unreadable' })],
  ['folder-not-writable', 'stops', folder({ writable: false })],
  ['folder-open', 'hurts', folder({ openTo: '755' })],
  ['folder-foreign', 'unchecked', folder({ foreign: true })],
  ['folder-in-memory', 'hurts', disk('memory', 8e9)],
  ['folder-on-network', 'hurts', disk('network', 8e9)],
  ['folder-unchecked', 'unchecked', folder({ disk: { unseen: 'EIO' } })],
  ['disk-low', 'hurts', disk('disk', 100e6)],
  ['disk-full', 'stops', disk('disk', 1e6)],
  ['clock-before-build', 'stops', clock({ behindBuildMs: 1 })],
  ['clock-unsure', 'hurts', clock({ quality: 'unsure' })],
  ['clock-no-battery', 'note', clock({ battery: false })],
  ['clock-not-synchronised', 'hurts', clock({ synchronised: false })],
  ['clock-unchecked', 'unchecked', clock({ source: 'unknown', synchronised: false })],
  ['clock-unchecked', 'unchecked', facts({ clock: { unseen: 'unknown' } })],
  ['temperature-high', 'hurts', facts({ machine: { ...WELL.machine, temperatureC: 84 } })],
  ['temperature-none', 'note', facts({ machine: { ...WELL.machine, temperatureC: undefined } })],
  ['power-low', 'hurts', facts({ machine: { ...WELL.machine, power: 'undervoltage' } })],
  ['power-untold', 'note', facts({ machine: { ...WELL.machine, power: 'untold' } })],
  ['memory-low', 'hurts', facts({ machine: { ...WELL.machine, memoryFreeBytes: { seen: 1e6 } } })],
  [
    'machine-unchecked',
    'unchecked',
    facts({ machine: { ...WELL.machine, memoryFreeBytes: { unseen: 'meminfo' } } }),
  ],
  ['trust-flagged', 'hurts', trust({ best: 'flagged', reasons: [{ document: 'status', state: 'aging' }] })],
  ['trust-guard', 'hurts', trust({ best: 'guard', reasons: [{ document: 'status', state: 'stale' }] })],
  ['trust-none', 'stops', trust({ best: 'none', reasons: [{ document: 'keyset', state: 'expired' }] })],
  ['trust-expiring', 'hurts', trust({ expiring: [{ document: 'keyset', step: 7, unit: 'days' }] })],
  ['trust-damaged', 'hurts', trust({ damaged: [{ document: 'roster', what: 'its file is damaged' }] })],
  ['trust-unchecked', 'unchecked', facts({ trust: { unseen: 'root' } })],
  ['journal-none', 'note', facts({ journal: { seen: { state: 'none' } } })],
  [
    'journal-damaged',
    'stops',
    facts({ journal: { seen: { state: 'damaged', detail: 'row 7', setAside: 0 } } }),
  ],
  ['journal-set-aside', 'hurts', facts({ journal: { seen: { state: 'whole', rows: 1, setAside: 2 } } })],
  ['journal-unchecked', 'unchecked', facts({ journal: { unseen: 'EACCES' } })],
  ['reader-missing', 'hurts', reader({ state: 'missing' })],
  ['reader-wrong-type', 'hurts', reader({ state: 'wrong-type' })],
  ['reader-no-rights', 'hurts', reader({ state: 'no-rights', group: 'dialout' })],
  ['reader-lost', 'hurts', reader({ lost: 'unplugged' })],
  ['reader-name-fleeting', 'note', reader({ isFleeting: true })],
  ['reader-trial', 'note', reader({ state: 'trial' })],
  ['reader-page', 'note', reader({ state: 'page' })],
  ['door-held', 'well', door({ state: 'held-by-gate' })],
  ['door-no-chip', 'stops', door({ state: 'no-chip', detail: 'none' })],
  ['door-no-rights', 'stops', door({ state: 'no-rights', group: 'gpio' })],
  ['door-line-taken', 'stops', door({ state: 'faulty', detail: 'x', taken: [{ line: 17, by: 'w1-gpio' }] })],
  ['door-line-missing', 'stops', door({ state: 'faulty', detail: 'x', missingLines: [90] })],
  ['door-faulty', 'stops', door({ state: 'faulty', detail: 'the relay process did not answer' })],
  ['door-simulated', 'hurts', door({ state: 'simulated', driver: 'simulated' })],
  ['door-no-sensor', 'note', door({ hasSensor: false })],
  ['door-no-fire', 'note', door({ hasFire: false })],
  ['door-unchecked', 'unchecked', door({ state: 'unseen', detail: 'no answer' })],
  ['broker-none', 'note', facts({ broker: {} })],
  ['broker-plain', 'hurts', broker({ isPlain: true })],
  ['broker-refused', 'hurts', broker({ reach: { seen: 'refused' } })],
  ['broker-no-name', 'hurts', broker({ reach: { seen: 'no-name' } })],
  ['broker-no-answer', 'hurts', broker({ reach: { seen: 'no-answer' } })],
  ['broker-untrusted', 'hurts', broker({ reach: { seen: 'untrusted' } })],
  ['broker-unchecked', 'unchecked', broker({ reach: { unseen: 'mqtt.tls' } })],
  ['certificate-due', 'hurts', certificate(-80, 10)],
  ['certificate-expired', 'hurts', certificate(-90, -1)],
  ['certificate-early', 'hurts', certificate(1, 90)],
  ['certificate-unreadable', 'hurts', broker({ certificate: { unseen: 'ENOENT' } })],
  [
    'district-late',
    'hurts',
    facts({ district: { seen: { connected: false, heardMsAgo: 60_000, unsent: 0 } } }),
  ],
  ['district-late', 'hurts', facts({ district: { seen: { connected: true, heardMsAgo: 1e7, unsent: 0 } } })],
  ['district-never', 'hurts', facts({ district: { seen: { connected: true, unsent: 0 } } })],
  ['district-unchecked', 'unchecked', facts({ district: { unseen: 'EACCES' } })],
  ['unsent', 'note', facts({ district: { seen: { connected: true, heardMsAgo: 1_000, unsent: 3 } } })],
  ['unsent', 'hurts', facts({ district: { seen: { connected: true, heardMsAgo: 1_000, unsent: 5_000 } } })],
  ['pages-free', 'well', pages({ state: 'free' })],
  ['pages-taken', 'stops', pages({ state: 'taken' })],
  ['pages-silent', 'hurts', pages({ state: 'silent' })],
  ['pages-loopback', 'note', pages({ isLoopback: true })],
  ['pages-unchecked', 'unchecked', pages({ state: 'unseen' })],
  ['page-certificate-due', 'hurts', pages({ certificateUntil: { seen: NOW + DAY_MS } })],
  ['page-certificate-unreadable', 'hurts', pages({ certificateUntil: { unseen: 'ENOENT' } })],
  ['guards-none', 'hurts', facts({ guards: { seen: 'none' } })],
  ['guards-unwanted', 'note', facts({ guards: { seen: 'unwanted' } })],
  ['guards-unchecked', 'unchecked', facts({ guards: { unseen: 'gate stopped' } })],
];

describe('what the doctor says', () => {
  it.each(CASES)('%s (%s) is found, with why and what to do in both languages', (code, level, given) => {
    const finding = judge(given).find((each) => each.code === code && each.level === level);
    if (finding === undefined) throw new Error('it was not found');
    for (const language of ['zh', 'en'] as const) {
      const said = inWords(finding, language);
      expect(said.what).not.toMatch(/[{}?]|undefined/);
      if (level === 'stops' || level === 'hurts') expect([said.why, said.todo]).not.toContain(undefined);
      if (level === 'unchecked') expect(said.todo).toBeDefined();
    }
  });

  it('has been heard whole: each sentence there is was said at least once', () => {
    const said = new Set(
      [facts(), ...CASES.map(([, , given]) => given)]
        .flatMap((given) => judge(given))
        .map(({ code }) => code),
    );
    expect(Object.keys(FINDING_WORDS).filter((code) => !said.has(code))).toEqual([]);
  });

  it.each([
    ['all is in order', facts(), 0],
    ['something is worth knowing', pages({ isLoopback: true }), 0],
    ['something could not be looked at', facts({ journal: { unseen: 'EACCES' } }), 1],
    ['something hurts', reader({ state: 'missing' }), 1],
    ['no code can open', disk('disk', 0), 2],
  ] as const)('when %s, the exit code says so', (_, given, exit) => {
    expect(exitOf(judge(given))).toBe(exit);
  });

  it('never says that all is well while something could not be looked at', () => {
    const open = judge(facts({ guards: { unseen: 'no answer' } }));
    for (const language of ['zh', 'en'] as const) expect(summaryOf(open, language)).toMatch(/1/);
    expect(summaryOf(judge(facts()), 'en')).toMatch(/in order/);
  });

  it('begins with what must be mended', () => {
    const findings: Finding[] = judge({
      ...facts({ ...disk('disk', 0).rest, readers: [{ ...READER, state: 'missing' }] }),
    });
    expect(findings.map(({ level }) => level).slice(0, 2)).toEqual(['stops', 'hurts']);
    expect(reportText(findings, 'en').split('\n')[0]).toMatch(/^✗ Data folder: The disk is full/);
  });
});
