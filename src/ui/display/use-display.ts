import { useEffect, useReducer } from 'preact/hooks';
import { displayPages, displayState, displayVerdict } from '../../wire/index.ts';
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
          for (const known of screenEvents(event)) tell(known);
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

function screenEvents({ event, data }: ServerEvent): ScreenEvent[] {
  if (event === 'verdict') {
    performance.clearMarks('verdict-received');
    performance.mark('verdict-received');
    const verdict = parseMessage(displayVerdict, data);
    return verdict === undefined ? [] : [{ type: 'verdict', verdict }];
  }
  if (event !== 'state') return [];
  const pages = parseMessage(displayPages, data)?.pages;
  const state = parseMessage(displayState, data);
  return [
    ...(pages === undefined ? [] : [{ type: 'pages', pages } as const]),
    ...(state === undefined ? [] : [{ type: 'state', state, atMs: performance.now() } as const]),
  ];
}
