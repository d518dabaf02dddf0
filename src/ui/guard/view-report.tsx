import { REFUSALS } from '../../code/index.ts';
import { GUARD_WORDS } from '../../wire/index.ts';
import type { ComponentChildren } from 'preact';
import type { Text } from '../kit/index.ts';
import { fetchReport } from './api.ts';
import { AtGate } from './at-gate.tsx';
import { Failed } from './failed.tsx';
import { preferences, say } from './settings.ts';
import { useFetched } from './use-fetched.ts';
import { reasonText } from './words/deeds.ts';
import { alarmWords } from './words/gate.ts';
import { page } from './words/page.ts';
import { report as words } from './words/sheets.ts';

type Report = Extract<Awaited<ReturnType<typeof fetchReport>>, { readonly ok: true }>['value'];

/** The shift on one page of paper. */
export function ReportView() {
  const { value, failure } = useFetched(fetchReport);
  return (
    <div class="printed report">
      <Failed failure={failure} />
      {value !== undefined && <Paper report={value} />}
      <div class="sheet-do">
        <button type="button" class="button button-main" data-first="" onClick={() => window.print()}>
          {say(page.print)}
        </button>
      </div>
    </div>
  );
}

function Paper({ report }: { readonly report: Report }) {
  const { entries } = report;
  return (
    <article>
      <h3 class="print-only">{say(words.title)}</h3>
      <dl class="report-head">
        <Pair name={words.gate}>
          {report.gate} · {report.community}
        </Pair>
        <Pair name={words.guard}>{report.account}</Pair>
        <Pair name={words.from}>
          <AtGate at={report.startedAt} day />
        </Pair>
        <Pair name={words.until}>
          {report.endedAt === undefined ? say(words.now) : <AtGate at={report.endedAt} day />}
        </Pair>
        <Pair name={words.rows}>
          {report.rows.from} – {report.rows.to}
        </Pair>
      </dl>
      <dl class="report-counts">
        <Pair name={words.granted}>{entries.granted}</Pair>
        <Pair name={words.refused}>{entries.refused}</Pair>
        <Pair name={words.guardAsked}>{entries.guard}</Pair>
        <Pair name={words.manual}>{entries.manual}</Pair>
        <Pair name={words.lookUps}>{report.lookUps}</Pair>
      </dl>
      <div class="report-lists">
        <Counts title={words.refusals} counts={report.refusals} name={refusalName} />
        <Counts title={words.byHand} counts={report.manual} name={(reason) => say(reasonText(reason))} />
      </div>
      <h3>{say(words.alarms)}</h3>
      {report.alarms.length === 0 && <p>{say(words.none)}</p>}
      <ul class="report-alarms">
        {report.alarms.slice(0, ALARMS_PRINTED_MAX).map((alarm) => (
          <li key={`${alarm.alarm}/${alarm.at}`}>
            <AtGate at={alarm.at} /> {alarmName(alarm.alarm)} ·{' '}
            {alarm.acknowledgedBy === undefined
              ? say(words.notSeen)
              : `${say(words.seen)} ${alarm.acknowledgedBy}`}
          </li>
        ))}
      </ul>
      {report.alarms.length > ALARMS_PRINTED_MAX && <p>+ {report.alarms.length - ALARMS_PRINTED_MAX}</p>}
      <h3>{say(words.note)}</h3>
      <p class="report-note">{report.note === '' ? say(words.none) : report.note}</p>
      <p class="print-only report-signature">{say(words.signature)}: ______________________</p>
    </article>
  );
}

/** What fits on the page beside everything else. */
const ALARMS_PRINTED_MAX = 12;

function Pair({ name, children }: { readonly name: Text; readonly children: ComponentChildren }) {
  return (
    <div>
      <dt>{say(name)}</dt>
      <dd>{children}</dd>
    </div>
  );
}

interface CountsProps {
  readonly title: Text;
  readonly counts: Readonly<Record<string, number>>;
  readonly name: (key: string) => string;
}

function Counts({ title, counts, name }: CountsProps) {
  const sorted = Object.entries(counts).sort(([, one], [, other]) => other - one);
  return (
    <section>
      <h3>{say(title)}</h3>
      {sorted.length === 0 && <p>{say(words.none)}</p>}
      <dl>
        {sorted.map(([key, count]) => (
          <div key={key}>
            <dt>{name(key)}</dt>
            <dd>{count}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

function refusalName(refusal: string): string {
  const known = REFUSALS.find((each) => each === refusal);
  return known === undefined ? refusal : GUARD_WORDS[preferences.value.language][known].cause;
}

function alarmName(alarm: string): string {
  return alarm in alarmWords ? say(alarmWords[alarm as keyof typeof alarmWords].name) : alarm;
}
