import { useEffect } from 'preact/hooks';
import { keepAwake } from '../kit/index.ts';
import { deskModule, fetchDesk } from './later.ts';
import { entrance, openDesk } from './session.ts';
import { say } from './settings.ts';
import { ShiftStart } from './shift-start.tsx';
import { SignIn } from './sign-in.tsx';
import { SmallTop } from './switches.tsx';
import { screen } from './words/screen.ts';

/** The guard's page: who is there, then the shift, then the desk. */
export function Guard() {
  useEffect(() => void openDesk(), []);
  useEffect(() => void fetchDesk(), []);
  useEffect(keepAwake, []);
  const now = entrance.value;
  const desk = deskModule.value;
  const onDuty = now.type === 'in' && now.session.shift !== undefined;
  if (onDuty && desk !== undefined) return <desk.Desk session={now.session} />;
  return (
    <div class="entrance">
      <SmallTop />
      {(now.type === 'opening' || onDuty) && (
        <main class="entrance-card">
          <p role="status">{say(screen.loading)}…</p>
        </main>
      )}
      {now.type === 'out' && <SignIn why={now.why} firstAccount={now.firstAccount} />}
      {now.type === 'in' && !onDuty && <ShiftStart session={now.session} />}
    </div>
  );
}
