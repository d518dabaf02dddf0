import type { BrokerFacts, GateFacts, RestOfFacts } from './facts.ts';
import { type Finding, found, sorted, unchecked, type Values } from './finding.ts';
import { judgeDoors, judgeReaders } from './judge-devices.ts';
import { judgeClock, judgeFolder, judgeMachine } from './judge-machine.ts';
import { CERTIFICATE_DUE_SHARE, HEARD_LATE_MS, PAGE_CERTIFICATE_DUE_MS, UNSENT_MANY } from './limits.ts';

/** Facts → findings, worst first. Pure: what could not be seen becomes a finding of its own and is never taken for good. */
export function judge({ configuration, rest }: GateFacts): Finding[] {
  const { problems, file, enrolled } = configuration;
  if (rest === undefined)
    return sorted(
      problems.map((problem) => found('configuration', 'stops', { code: 'config-bad', values: { problem } })),
    );
  return sorted([
    found('configuration', 'well', { code: 'config-good', values: { file } }),
    ...(enrolled ? [] : [found('configuration', 'stops', { code: 'not-enrolled' })]),
    ...judgeRunning(rest),
    ...judgeFolder(rest.folder),
    ...judgeClock(rest.clock),
    ...(enrolled ? judgeTrust(rest) : []),
    ...judgeJournal(rest),
    ...judgeReaders(rest),
    ...judgeDoors(rest),
    ...(enrolled ? [...judgeBroker(rest), ...judgeDistrict(rest), ...judgeGuards(rest)] : []),
    ...judgePages(rest),
    ...judgeMachine(rest.machine),
  ]);
}

function judgeRunning({ running }: RestOfFacts): Finding[] {
  if ('unseen' in running) return [unchecked('gate', running.unseen)];
  const { is, problems, ready } = running.seen;
  if (!is) return [found('gate', 'note', { code: 'gate-stopped' })];
  if (problems === undefined || 'unseen' in problems)
    return [found('gate', 'unchecked', { code: 'gate-silent' })];
  if (problems.seen.length === 0) return [found('gate', 'well', { code: 'gate-running' })];
  const level = ready === true ? 'hurts' : 'stops';
  return problems.seen.map((problem) => found('gate', level, { code: 'gate-says', values: { problem } }));
}

function judgeTrust({ trust }: RestOfFacts): Finding[] {
  if ('unseen' in trust) return [unchecked('trust', trust.unseen)];
  const { documents, best, reasons, expiring, damaged } = trust.seen;
  const because = reasons.map(({ document, state }) => `${document} ${state}`).join(', ');
  const standing: Finding[] =
    best === 'normal'
      ? [found('trust', 'well', { code: 'trust-good', values: { documents: documents.length } })]
      : [
          found('trust', best === 'none' ? 'stops' : 'hurts', {
            code: `trust-${best}`,
            values: { because: because === '' ? '-' : because },
          }),
        ];
  return [
    ...standing,
    ...documents.map(({ document, version, ageSeconds }) =>
      found('trust', 'well', {
        code: 'trust-document',
        about: document,
        values: { version, age: age(ageSeconds * 1_000) },
      }),
    ),
    ...expiring.map(({ document, step, unit }) =>
      found('trust', 'hurts', { code: 'trust-expiring', about: document, values: { step, unit } }),
    ),
    ...damaged.map(({ document, what }) =>
      found('trust', 'hurts', { code: 'trust-damaged', about: document, values: { what } }),
    ),
  ];
}

function judgeJournal({ journal }: RestOfFacts): Finding[] {
  if ('unseen' in journal) return [unchecked('journal', journal.unseen)];
  const { seen } = journal;
  if (seen.state === 'none') return [found('journal', 'note', { code: 'journal-none' })];
  const aside: Finding[] =
    seen.setAside === 0
      ? []
      : [found('journal', 'hurts', { code: 'journal-set-aside', values: { files: seen.setAside } })];
  if (seen.state === 'damaged')
    return [
      found('journal', 'stops', { code: 'journal-damaged', values: { detail: seen.detail } }),
      ...aside,
    ];
  return [found('journal', 'well', { code: 'journal-whole', values: { rows: seen.rows } }), ...aside];
}

function judgeBroker({ broker, now }: RestOfFacts): Finding[] {
  const { address, isPlain, reach, certificate } = broker;
  if (address === undefined) return [found('broker', 'note', { code: 'broker-none' })];
  const values = { address };
  const findings: Finding[] = [];
  if (isPlain === true) findings.push(found('broker', 'hurts', { code: 'broker-plain', values }));
  if (reach !== undefined) findings.push(reached(reach, values));
  return [...findings, ...judgeCertificate(certificate, now)];
}

function reached(reach: NonNullable<BrokerFacts['reach']>, values: Values): Finding {
  if ('unseen' in reach) return unchecked('broker', reach.unseen);
  return found('broker', reach.seen === 'reached' ? 'well' : 'hurts', {
    code: `broker-${reach.seen}`,
    values,
  });
}

function judgeCertificate(certificate: BrokerFacts['certificate'], now: number): Finding[] {
  if (certificate === undefined) return [];
  if ('unseen' in certificate)
    return [
      found('broker', 'hurts', { code: 'certificate-unreadable', values: { why: certificate.unseen } }),
    ];
  const { from, until } = certificate.seen;
  const values = { until: day(until) };
  if (now >= until) return [found('broker', 'hurts', { code: 'certificate-expired', values })];
  if (now < from)
    return [found('broker', 'hurts', { code: 'certificate-early', values: { from: day(from) } })];
  const isDue = until - now < (until - from) * CERTIFICATE_DUE_SHARE;
  return [
    found('broker', isDue ? 'hurts' : 'well', {
      code: isDue ? 'certificate-due' : 'certificate-good',
      values,
    }),
  ];
}

function judgeDistrict({ district, broker }: RestOfFacts): Finding[] {
  if (broker.address === undefined) return [];
  if ('unseen' in district) return [unchecked('district', district.unseen)];
  const { connected, heardMsAgo, unsent } = district.seen;
  const isLate = !connected || heardMsAgo === undefined || heardMsAgo > HEARD_LATE_MS;
  const heard =
    heardMsAgo === undefined
      ? found('district', 'hurts', { code: 'district-never' })
      : found('district', isLate ? 'hurts' : 'well', {
          code: isLate ? 'district-late' : 'district-heard',
          values: { age: age(heardMsAgo) },
        });
  const rows = { code: unsent === 0 ? 'all-sent' : 'unsent', values: { rows: unsent } };
  const level = unsent === 0 ? 'well' : unsent >= UNSENT_MANY || isLate ? 'hurts' : 'note';
  return [heard, found('district', level, rows)];
}

function judgePages({ pages, now }: RestOfFacts): Finding[] {
  const { address, isLoopback, state, certificateUntil } = pages;
  const values = { address };
  const findings: Finding[] = [
    {
      answers: found('pages', 'well', { code: 'pages-answer', values }),
      free: found('pages', 'well', { code: 'pages-free', values }),
      taken: found('pages', 'stops', { code: 'pages-taken', values }),
      silent: found('pages', 'hurts', { code: 'pages-silent', values }),
      unseen: unchecked('pages', address),
    }[state],
  ];
  if (isLoopback) findings.push(found('pages', 'note', { code: 'pages-loopback' }));
  if (certificateUntil === undefined) return findings;
  if ('unseen' in certificateUntil)
    return [
      ...findings,
      found('pages', 'hurts', {
        code: 'page-certificate-unreadable',
        values: { why: certificateUntil.unseen },
      }),
    ];
  const until = certificateUntil.seen;
  const isDue = until - now < PAGE_CERTIFICATE_DUE_MS;
  return [
    ...findings,
    found('pages', isDue ? 'hurts' : 'well', {
      code: isDue ? 'page-certificate-due' : 'page-certificate-good',
      values: { until: day(until) },
    }),
  ];
}

function judgeGuards({ guards }: RestOfFacts): Finding[] {
  if ('unseen' in guards) return [unchecked('guards', guards.unseen)];
  const level = { some: 'well', none: 'hurts', unwanted: 'note' } as const;
  return [found('guards', level[guards.seen], { code: `guards-${guards.seen}` })];
}

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** `3 min`, `5 h`, `12 d`: read alike in both languages. */
function age(ms: number): string {
  if (ms < 2 * MINUTE_MS) return `${Math.max(0, Math.round(ms / 1_000))} s`;
  if (ms < 2 * HOUR_MS) return `${Math.round(ms / MINUTE_MS)} min`;
  return ms < 2 * DAY_MS ? `${Math.round(ms / HOUR_MS)} h` : `${Math.round(ms / DAY_MS)} d`;
}

const day = (at: number): string => new Date(at).toISOString().slice(0, 10);
