import { beforeAll, describe, expect, it, vi } from 'vitest';
import type { Evidence, Outcome } from '../../src/decide/index.ts';
import type { Invariant } from '../twins/checker.ts';
import { planOf, simulate, type StartDocuments, startDocuments } from '../twins/gate-simulator.ts';

/**
 * Mistakes in deciding, one at a time: each must be named by the checker, which shares no rule with decide. The one place where a
 * room is replaced by hand, because a gate cannot be told to decide otherwise.
 */

type Mistake = (outcome: Outcome, evidence: Evidence) => Outcome;
const mistaken = vi.hoisted(() => ({ mistake: undefined as Mistake | undefined }));

vi.mock('../../src/decide/index.ts', async (importOriginal) => {
  const original = await importOriginal<typeof import('../../src/decide/index.ts')>();
  const decide: typeof original.decide = (evidence, setting, now) => {
    const outcome = original.decide(evidence, setting, now);
    return mistaken.mistake?.(outcome, evidence) ?? outcome;
  };
  return { ...original, decide };
});

const SEEDS_MAX = 80;
const PULSE = { type: 'open', pulseMs: 3_000, row: 0, people: 1 } as const;

/** Lets somebody in whom the rule has refused for this reason. */
function grantsAll(refusal: string): Mistake {
  return (outcome, evidence) => {
    const [row, ...more] = outcome.rows;
    if (evidence.type !== 'scan' || row?.refusal !== refusal) return outcome;
    const { refusal: _refused, ...rest } = row;
    const effects = [...outcome.effects, { ...PULSE, lane: evidence.lane }];
    return { ...outcome, rows: [{ ...rest, decision: 'granted' }, ...more], effects };
  };
}

const opens = (outcome: Outcome) => outcome.effects.filter(({ type }) => type === 'open');

const MISTAKES: readonly { what: string; breaks: Invariant; mistake: Mistake }[] = [
  {
    what: 'opens for what it refuses',
    breaks: 'R1',
    mistake: (outcome, evidence) =>
      evidence.type === 'scan' && outcome.rows[0]?.decision === 'refused'
        ? { ...outcome, effects: [...outcome.effects, { ...PULSE, lane: evidence.lane }] }
        : outcome,
  },
  { what: 'takes forged codes', breaks: 'R1', mistake: grantsAll('bad-signature') },
  {
    what: 'opens twice for one scan',
    breaks: 'R2',
    mistake: (outcome) => ({ ...outcome, effects: [...outcome.effects, ...opens(outcome)] }),
  },
  { what: 'takes used codes', breaks: 'A1', mistake: grantsAll('already-used') },
  { what: 'takes passes that are used up', breaks: 'A1', mistake: grantsAll('pass-used-up') },
  {
    what: 'remembers no use',
    breaks: 'A1',
    mistake: (outcome) => ({
      ...outcome,
      memory: outcome.memory.filter(({ key }) => !key.startsWith('used/')),
    }),
  },
  {
    what: 'frees a code that somebody has passed with',
    breaks: 'A1',
    mistake: (outcome, evidence) => {
      if (evidence.type !== 'door' || evidence.event !== 'passed' || evidence.entry === undefined)
        return outcome;
      const row = outcome.rows[0];
      return row === undefined ? outcome : { ...outcome, rows: [row, { ...row, door: 'annulled' }] };
    },
  },
  { what: 'takes the revoked', breaks: 'A2', mistake: grantsAll('revoked') },
  { what: 'takes the suspended', breaks: 'A2', mistake: grantsAll('suspended') },
  {
    what: 'lets anybody open by hand',
    breaks: 'A4',
    mistake: (outcome, evidence) => {
      if (evidence.type !== 'manual' || outcome.problem !== 'actor-missing') return outcome;
      const row = {
        at: '2026-12-31T05:00:00.000Z',
        clock: 'unsure',
        decision: 'manual',
        lane: 'north',
      } as const;
      const { problem: _problem, ...rest } = outcome;
      return { ...rest, rows: [row], effects: [{ ...PULSE, lane: 'north' }] };
    },
  },
  { what: 'takes expired codes', breaks: 'C1', mistake: grantsAll('expired') },
  { what: 'takes codes by a clock that is not sure', breaks: 'C1', mistake: grantsAll('clock-unsure') },
  {
    what: 'counts no repetition',
    breaks: 'J2',
    mistake: (outcome) => ({ ...outcome, next: { ...outcome.next, tallies: new Map() } }),
  },
  {
    what: 'counts each repetition twice',
    breaks: 'J2',
    mistake: (outcome) => ({
      ...outcome,
      rows: outcome.rows.map((row) => ({ ...row, ...twice(row.reason) })),
    }),
  },
  {
    what: 'writes down the name on the display',
    breaks: 'P1',
    mistake: (outcome) => {
      const name = outcome.sign?.name;
      if (name === undefined) return outcome;
      return { ...outcome, rows: outcome.rows.map((row) => ({ ...row, reason: name })) };
    },
  },
];

function twice(reason: string | undefined): { reason?: string } {
  const count = /^repeated:(\d+)$/.exec(reason ?? '')?.[1];
  return count === undefined ? {} : { reason: `repeated:${Number(count) * 2}` };
}

let documents: StartDocuments;

beforeAll(async () => {
  documents = await startDocuments();
});

describe('a gate that decides wrongly is found out when it', () => {
  it.each(MISTAKES)('$what: $breaks', { timeout: 120_000 }, async ({ breaks, mistake }) => {
    mistaken.mistake = mistake;
    let found: number | undefined;
    for (let seed = 1; seed <= SEEDS_MAX && found === undefined; seed += 1) {
      const { broken } = await simulate({ ...planOf(seed), journal: 'model' }, documents);
      if (broken.includes(breaks)) found = seed;
    }
    expect(found).toBeDefined();
  });
});
