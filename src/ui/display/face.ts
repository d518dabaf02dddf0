import type { DisplayEnrolment, DisplayProblem, DisplayState, DisplayVerdict } from '../../wire/index.ts';
import type { Connection } from '../kit/index.ts';

/** What the screen knows, and which of its faces that makes. Pure: the page draws what `faceOf` and `verdictOf` say. */

export interface Screen {
  readonly connection: Connection;
  readonly state?: DisplayState;
  /** The pages that the gate serves, also where the rest of its state is of another build. */
  readonly pages?: string;
  /** Steady milliseconds at which `state` came, to go on from its time. */
  readonly stateAtMs: number;
  readonly verdict?: DisplayVerdict;
  /** Counts verdicts: the same verdict twice is shown, sounded and said twice. */
  readonly turn: number;
}

export type ScreenEvent =
  | { readonly type: 'connection'; readonly connection: Connection }
  | { readonly type: 'state'; readonly state: DisplayState; readonly atMs: number }
  | { readonly type: 'pages'; readonly pages: string }
  | { readonly type: 'verdict'; readonly verdict: DisplayVerdict }
  | { readonly type: 'verdict-over'; readonly turn: number };

export const FIRST_SCREEN: Screen = { connection: 'connecting', stateAtMs: 0, turn: 0 };

export function nextScreen(screen: Screen, event: ScreenEvent): Screen {
  switch (event.type) {
    case 'connection':
      return { ...screen, connection: event.connection };
    case 'state':
      return { ...screen, state: event.state, stateAtMs: event.atMs };
    case 'pages':
      return { ...screen, pages: event.pages };
    case 'verdict':
      return { ...screen, verdict: event.verdict, turn: screen.turn + 1 };
    case 'verdict-over':
      return event.turn === screen.turn ? withoutVerdict(screen) : screen;
  }
}

/** What lies on top: nothing but the newest verdict, and in a fire not even that. */
export function verdictOf(screen: Screen): DisplayVerdict | undefined {
  return screen.state?.problems.includes('fire') ? undefined : screen.verdict;
}

/** What lies beneath a verdict, and is there again when it goes. */
export type Face =
  | { readonly type: 'closed'; readonly problem: DisplayProblem; readonly notices: readonly DisplayProblem[] }
  | {
      readonly type: 'enrolment';
      readonly enrolment: DisplayEnrolment;
      readonly notices: readonly DisplayProblem[];
    }
  | { readonly type: 'waiting'; readonly notices: readonly DisplayProblem[] }
  | { readonly type: 'connecting' }
  | { readonly type: 'lost' };

/** With these nobody is let in by a code here, so the screen does not ask for one. */
const CLOSING: ReadonlySet<DisplayProblem> = new Set([
  'fire',
  'lockdown',
  'journal',
  'door',
  'readers',
  'starting',
  'not-enrolled',
]);

export function faceOf(screen: Screen): Face {
  const problems = screen.state?.problems ?? [];
  if (problems.includes('fire')) return { type: 'closed', problem: 'fire', notices: [] };
  if (screen.connection === 'lost') return { type: 'lost' };
  if (screen.state === undefined) return { type: 'connecting' };
  const { enrolment } = screen.state;
  if (enrolment !== undefined) {
    const notices = problems.filter((problem) => problem !== 'not-enrolled');
    return { type: 'enrolment', enrolment, notices: enrolment.step === 'confirm' ? [] : notices };
  }
  const closing = problems.find((problem) => closes(problem, screen.state));
  const notices = problems.filter((problem) => problem !== closing);
  return closing === undefined ? { type: 'waiting', notices } : { type: 'closed', problem: closing, notices };
}

/** A tablet that reads by itself does not need the gate's own readers. */
function closes(problem: DisplayProblem, state: DisplayState | undefined): boolean {
  return CLOSING.has(problem) && !(problem === 'readers' && state?.pageReads === true);
}

function withoutVerdict(screen: Screen): Screen {
  const { verdict: _over, ...rest } = screen;
  return rest;
}
