import { useEffect, useState } from 'preact/hooks';
import { displayVerdict } from '../../wire/index.ts';
import { openLine, parseMessage } from '../kit/index.ts';
import { lastLanes } from './session.ts';
import { volumeAt } from './quiet.ts';
import { loudness, say } from './settings.ts';
import { play } from './speaker.ts';
import { signIn as words } from './words/sign-in.ts';

/** How long a call stays on a locked desk: whoever waited longer has gone, or has knocked. */
const CALL_MS = 5 * 60_000;

/**
 * While the desk is locked after a pause, a lane that sends somebody to the guard still calls. It is heard on the lane's
 * own display line, which everybody at the gate sees; who it is, is not shown.
 */
export function IdleCall() {
  const [lane, setLane] = useState<string | undefined>(undefined);
  useEffect(() => {
    const ends = lastLanes.map((each) =>
      openLine({
        url: `/display/${each}/events`,
        received: ({ event, data }) => {
          if (event !== 'verdict' || parseMessage(displayVerdict, data)?.tone !== 'guard') return;
          setLane(each);
          // The gate's own time is not told to a locked desk; how loud a call is may go by this machine's.
          play('guard', volumeAt(loudness.peek(), new Date().getHours(), false));
        },
        changed: () => undefined,
      }),
    );
    return () => {
      for (const end of ends) end();
    };
  }, []);
  useEffect(() => {
    if (lane === undefined) return undefined;
    const timer = setTimeout(() => setLane(undefined), CALL_MS);
    return () => clearTimeout(timer);
  }, [lane]);
  return (
    <p role="alert" class={lane === undefined ? 'unseen' : 'idle-call'}>
      {lane !== undefined && `${lane} · ${say(words.called)}`}
    </p>
  );
}
