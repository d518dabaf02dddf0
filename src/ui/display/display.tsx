import type { DisplayVerdict, Language } from '../../wire/index.ts';
import { type Preferences, usePreferences } from '../kit/index.ts';
import { Closed } from './closed.tsx';
import { Enrolment, enrolmentSaying } from './enrolment.tsx';
import { type Face, faceOf, type Screen, verdictOf } from './face.ts';
import { FirstAccount, SetUp } from './figures.tsx';
import { TopBar } from './top-bar.tsx';
import { useAnnouncer } from './use-announcer.ts';
import { useDisplay } from './use-display.ts';
import { useKiosk } from './use-kiosk.ts';
import { useNight } from './use-night.ts';
import { Verdict, verdictSaying } from './verdict.tsx';
import { Waiting } from './waiting.tsx';
import { problems, words } from './words.ts';

/** A lane's screen: one face, a verdict on top of it, and the same in words for those who cannot see it. */
export function Display({ lane }: { readonly lane: string }) {
  const [preferences, change] = usePreferences();
  const screen = useDisplay(lane);
  const announcer = useAnnouncer(screen, preferences.sound, preferences.language);
  const rests = useKiosk(screen);
  useNight(screen, preferences);
  const face = faceOf(screen);
  const verdict = verdictOf(screen);
  const { language } = preferences;
  return (
    <div
      class={rests ? 'display pointer-rests' : 'display'}
      data-face={verdict === undefined ? face.type : 'verdict'}
    >
      {/* It stays beneath the verdict, so that a camera that reads need not start again for each person. */}
      <div class="beneath" inert={verdict !== undefined}>
        <TopBar screen={screen} preferences={preferences} change={change} announcer={announcer} />
        {screen.state?.firstAccount !== undefined && (
          <FirstAccount figures={screen.state.firstAccount} language={language} />
        )}
        {screen.state?.setUp !== undefined && <SetUp {...screen.state.setUp} language={language} />}
        <FaceView face={face} screen={screen} preferences={preferences} change={change} />
      </div>
      {verdict !== undefined && <Verdict key={screen.turn} verdict={verdict} language={language} />}
      <p class="unseen" role="status" aria-live="assertive">
        {saying({ verdict, face, language })}
      </p>
    </div>
  );
}

interface FaceProps {
  readonly face: Face;
  readonly screen: Screen;
  readonly preferences: Preferences;
  readonly change: (change: Partial<Preferences>) => void;
}

function FaceView({ face, screen, preferences, change }: FaceProps) {
  const { language } = preferences;
  switch (face.type) {
    case 'closed':
      return (
        <Closed kind={face.problem} {...problems[face.problem]} notices={face.notices} language={language} />
      );
    case 'lost':
      return (
        <Closed
          kind="lost"
          title={words.lost}
          next={words.lostNext}
          more={words.lostAgain}
          language={language}
        />
      );
    case 'enrolment':
      return screen.state ? (
        <Enrolment
          state={screen.state}
          enrolment={face.enrolment}
          notices={face.notices}
          preferences={preferences}
          change={change}
        />
      ) : null;
    case 'waiting':
      return screen.state ? (
        <Waiting state={screen.state} notices={face.notices} preferences={preferences} change={change} />
      ) : null;
    case 'connecting':
      return (
        <Closed kind="connecting" title={words.connecting} next={words.connectingNext} language={language} />
      );
  }
}

interface Said {
  readonly verdict: DisplayVerdict | undefined;
  readonly face: Face;
  readonly language: Language;
}

function saying({ verdict, face, language }: Said): string {
  if (verdict !== undefined) return verdictSaying(verdict, language);
  switch (face.type) {
    case 'enrolment':
      return enrolmentSaying(face.enrolment, language);
    case 'closed':
      return `${problems[face.problem].title[language]} ${problems[face.problem].next[language]}`;
    case 'lost':
      return `${words.lost[language]} ${words.lostNext[language]}`;
    case 'waiting':
      return words.show[language];
    case 'connecting':
      return words.connecting[language];
  }
}
