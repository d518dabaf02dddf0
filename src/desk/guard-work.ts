import type { Clock, Log } from '../ports/index.ts';
import type { InsideAnswer, ShiftReport } from '../wire/index.ts';
import type { GuardAccounts } from './accounts/guard-accounts.ts';
import type { GuardSessions } from './accounts/sessions.ts';
import { AlarmList } from './alarms/alarm-list.ts';
import { Deeds, type SecondGuard, type SecondVerdict } from './deeds/deeds.ts';
import type { DeskGate } from './gate-port.ts';
import { insideNow } from './inside/inside.ts';
import { LivePages } from './live/live-pages.ts';
import { LookUps } from './look-up/look-ups.ts';
import { type ReportedShift, shiftReport } from './report/shift-report.ts';
import { RowFeed } from './rows/row-feed.ts';
import type { DeskWork } from './work.ts';

/** What guards do at the desk, put together: looking up, deeds, what they are told live, alarms, the list for a fire, the report. */
export interface GuardWorkOptions {
  readonly gate: DeskGate;
  readonly work: DeskWork;
  readonly accounts: Pick<GuardAccounts, 'confirm'>;
  readonly sessions: Pick<GuardSessions, 'onEnd'>;
  readonly clock: Clock;
  readonly log: Log;
}

export class GuardWork {
  readonly lookUps: LookUps;
  readonly deeds: Deeds;
  readonly alarms: AlarmList;
  readonly live: LivePages;
  readonly #options: GuardWorkOptions;
  readonly #feed: RowFeed;
  #inside: Promise<InsideAnswer> | undefined;
  #reading: Promise<unknown> = Promise.resolve();

  constructor(options: GuardWorkOptions) {
    const { gate, work, clock, log, accounts, sessions } = options;
    this.#options = options;
    this.lookUps = new LookUps({ gate, work });
    this.deeds = new Deeds({ gate, work, isSecond: (second) => isSecond(accounts, second) });
    this.alarms = new AlarmList(gate);
    this.live = new LivePages({ work, clock, alarms: () => this.alarms.known });
    this.#feed = new RowFeed({ journal: work.journal, pause: work.pause, log }, (row, journal) => {
      this.live.row(row, journal);
      const alarm = this.alarms.see(row, journal);
      if (alarm !== undefined) this.live.alarm(alarm);
    });
    sessions.onEnd((guard, why) => this.live.signedOut(guard, why));
  }

  start(): void {
    void this.#feed.start().then(() => this.live.start());
  }

  stop(): void {
    this.#feed.stop();
    this.live.stop();
  }

  /** Who asks while it is being made gets the same list. */
  inside(): Promise<InsideAnswer> {
    const { work, gate } = this.#options;
    this.#inside ??= this.#oneAfterAnother(() => insideNow(work, gate.now())).finally(() => {
      this.#inside = undefined;
    });
    return this.#inside;
  }

  report(shift: ReportedShift): Promise<ShiftReport> {
    const { work, gate } = this.#options;
    return this.#oneAfterAnother(() => shiftReport(shift, work, gate.gate));
  }

  /** What reads the journal back takes turns, so that many askers take no more of the machine than one. */
  #oneAfterAnother<Answer>(read: () => Promise<Answer>): Promise<Answer> {
    const answer = this.#reading.then(read);
    this.#reading = answer.catch(() => undefined);
    return answer;
  }
}

async function isSecond(
  accounts: Pick<GuardAccounts, 'confirm'>,
  second: SecondGuard,
): Promise<SecondVerdict> {
  const confirmed = await accounts.confirm(second);
  if (confirmed.ok) return { ok: true, duress: confirmed.value.duress };
  const { refusal, waitSeconds } = confirmed.error;
  const problem = refusal === 'locked' || refusal === 'busy' ? refusal : 'second-wrong';
  return { ok: false, problem, ...(waitSeconds === undefined ? {} : { waitSeconds }) };
}
