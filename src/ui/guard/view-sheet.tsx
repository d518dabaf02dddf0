import type { GuardSessionAnswer } from '../../wire/index.ts';
import { Dialog, type Text } from '../kit/index.ts';
import { AccountsView } from './view-accounts.tsx';
import { AlarmsView } from './view-alarms.tsx';
import { CameraView } from './view-camera.tsx';
import { InsideView } from './view-inside.tsx';
import { KeysView } from './view-keys.tsx';
import { EndShiftView, LeaveView } from './view-leave.tsx';
import { MenuView } from './view-menu.tsx';
import { ReportView } from './view-report.tsx';
import { SecretView } from './view-secret.tsx';
import { SettingsView } from './view-settings.tsx';
import { refocusSearch } from './focus.ts';
import { say } from './settings.ts';
import { closeView, type View, view } from './views.ts';
import { page } from './words/page.ts';
import {
  accountsPage,
  camera,
  inside,
  keySheet,
  leaving,
  menu,
  report,
  secretPage,
  settings,
} from './words/sheets.ts';

/** What the menu leads to, over the desk. */
export function ViewSheet({ session }: { readonly session: GuardSessionAnswer }) {
  const shown = view.value;
  if (shown === undefined) return null;
  const { title, size } = SHEETS[shown];
  return (
    <Dialog
      key={shown}
      title={say(title)}
      size={size}
      closeLabel={say(page.close)}
      close={() => {
        closeView();
        refocusSearch();
      }}
    >
      <Body shown={shown} session={session} />
    </Dialog>
  );
}

interface Sheet {
  readonly title: Text;
  readonly size: 'card' | 'sheet';
}

const SHEETS: Readonly<Record<View, Sheet>> = {
  keys: { title: keySheet.title, size: 'sheet' },
  menu: { title: menu.title, size: 'card' },
  inside: { title: inside.title, size: 'sheet' },
  report: { title: report.title, size: 'sheet' },
  alarms: { title: menu.alarms, size: 'sheet' },
  camera: { title: camera.title, size: 'sheet' },
  settings: { title: settings.title, size: 'card' },
  secret: { title: secretPage.title, size: 'card' },
  accounts: { title: accountsPage.title, size: 'sheet' },
  leave: { title: leaving.leaveTitle, size: 'card' },
  'end-shift': { title: leaving.title, size: 'card' },
};

function Body({ shown, session }: { readonly shown: View; readonly session: GuardSessionAnswer }) {
  switch (shown) {
    case 'keys':
      return <KeysView />;
    case 'menu':
      return <MenuView isHead={session.role === 'head'} />;
    case 'inside':
      return <InsideView />;
    case 'report':
      return <ReportView />;
    case 'alarms':
      return <AlarmsView />;
    case 'camera':
      return <CameraView />;
    case 'settings':
      return <SettingsView />;
    case 'secret':
      return <SecretView />;
    case 'accounts':
      return <AccountsView />;
    case 'leave':
      return <LeaveView />;
    case 'end-shift':
      return <EndShiftView />;
  }
}
