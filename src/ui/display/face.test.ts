import { describe, expect, test } from 'vitest';
import type { DisplayProblem, DisplayState, DisplayVerdict } from '../../wire/index.ts';
import { FIRST_SCREEN, faceOf, nextScreen, type Screen, verdictOf } from './face.ts';

const STATE: DisplayState = {
  type: 'state',
  lane: 'a',
  direction: 'in',
  at: '2026-11-20T10:00:00Z',
  timeZone: 'Asia/Shanghai',
  problems: [],
  pageReads: false,
};
const PASS: DisplayVerdict = { type: 'verdict', seq: 1, tone: 'pass', people: 1, showMs: 1_000 };

function screenWith(problems: readonly DisplayProblem[], more: Partial<DisplayState> = {}): Screen {
  const state = { ...STATE, ...more, problems: [...problems] };
  return nextScreen({ ...FIRST_SCREEN, connection: 'live' }, { type: 'state', state, atMs: 5 });
}

describe('the face beneath', () => {
  test('before the first word from the gate it connects', () => {
    expect(faceOf(FIRST_SCREEN)).toEqual({ type: 'connecting' });
  });

  test('a gate in order waits for a code', () => {
    expect(faceOf(screenWith([]))).toEqual({ type: 'waiting', notices: [] });
  });

  test.each(['journal', 'door', 'readers', 'lockdown', 'starting'] as const)(
    '%s closes the lane to codes',
    (problem) => {
      expect(faceOf(screenWith(['clock', problem]))).toEqual({ type: 'closed', problem, notices: ['clock'] });
    },
  );

  test('a gate that is not enrolled asks for its symbol; one that nobody confirmed shows its fingerprint', () => {
    const symbol = { step: 'symbol' } as const;
    const asking = screenWith(['not-enrolled', 'readers'], { enrolment: symbol });
    expect(faceOf(asking)).toEqual({ type: 'enrolment', enrolment: symbol, notices: ['readers'] });
    const confirm = { step: 'confirm', fingerprint: 'a'.repeat(64) } as const;
    expect(faceOf(screenWith(['trust'], { enrolment: confirm }))).toEqual({
      type: 'enrolment',
      enrolment: confirm,
      notices: [],
    });
    expect(faceOf(screenWith(['fire'], { enrolment: confirm }))).toMatchObject({ problem: 'fire' });
  });

  test('of several the gate’s first is told large', () => {
    expect(faceOf(screenWith(['door', 'journal']))).toMatchObject({ problem: 'door', notices: ['journal'] });
  });

  test('lost readers are a notice where the page reads by itself', () => {
    expect(faceOf(screenWith(['readers'], { pageReads: true }))).toEqual({
      type: 'waiting',
      notices: ['readers'],
    });
  });

  test('a lost line is told whatever the gate last said, but a fire stays a fire', () => {
    expect(faceOf({ ...screenWith(['door']), connection: 'lost' })).toEqual({ type: 'lost' });
    expect(faceOf({ ...screenWith(['fire']), connection: 'lost' })).toMatchObject({ problem: 'fire' });
  });
});

describe('the verdict on top', () => {
  test('is taken away by its own timer and by no older one', () => {
    const first = nextScreen(screenWith([]), { type: 'verdict', verdict: PASS });
    const second = nextScreen(first, { type: 'verdict', verdict: { ...PASS, tone: 'stop' } });
    expect(verdictOf(nextScreen(second, { type: 'verdict-over', turn: first.turn }))?.tone).toBe('stop');
    expect(verdictOf(nextScreen(second, { type: 'verdict-over', turn: second.turn }))).toBeUndefined();
  });

  test('is not shown in a fire', () => {
    expect(verdictOf(nextScreen(screenWith(['fire']), { type: 'verdict', verdict: PASS }))).toBeUndefined();
  });

  test('is still shown when the line breaks under it', () => {
    const shown = nextScreen(screenWith([]), { type: 'verdict', verdict: PASS });
    expect(verdictOf(nextScreen(shown, { type: 'connection', connection: 'lost' }))).toEqual(PASS);
  });
});
