import { useEffect, useReducer } from 'preact/hooks';
import { displayState, displayVerdict } from '../../wire/index.ts';
import { openLine, parseMessage, type ServerEvent } from '../kit/index.ts';
import { FIRST_SCREEN, nextScreen, type Screen, type ScreenEvent } from './face.ts';

/** The live line of one lane, as the screen's state. A message that breaks the contract is passed over. */
export function useDisplay(lane: string): Screen {
  const [screen, tell] = useReducer(nextScreen, FIRST_SCREEN);
  useEffect(
    () =>
      openLine({
        url: `/display/${lane}/events`,
        received: (event) => {
          const known = screenEvent(event);
          if (known !== undefined) tell(known);
        },
        changed: (connection) => tell({ type: 'connection', connection }),
      }),
    [lane],
  );
  useEffect(() => {
    if (screen.verdict === undefined) return undefined;
    const timer = setTimeout(() => tell({ type: 'verdict-over', turn: screen.turn }), screen.verdict.showMs);
    return () => clearTimeout(timer);
  }, [screen.turn, screen.verdict]);
  return screen;
}

function screenEvent({ event, data }: ServerEvent): ScreenEvent | undefined {
  if (event === 'verdict') {
    performance.clearMarks('verdict-received');
    performance.mark('verdict-received');
    const verdict = parseMessage(displayVerdict, data);
    return verdict && { type: 'verdict', verdict };
  }
  const state = event === 'state' ? parseMessage(displayState, data) : undefined;
  return state && { type: 'state', state, atMs: performance.now() };
}
