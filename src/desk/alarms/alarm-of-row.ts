import { type Alarm, ALARMS, alarmOfRow, type ChainedRow, type GuardAlarm } from '../../wire/index.ts';

/**
 * Which rows are alarms for the guard, under the same names as the district knows them. A silent one is none here: whoever
 * forces the guard may be looking on.
 */
export function guardAlarmOf(journal: string, row: ChainedRow): GuardAlarm | undefined {
  const byDoor = alarmOfRow(journal, row);
  if (byDoor !== undefined) {
    const { id, alarm, cleared } = byDoor;
    return cleared ? undefined : { type: 'alarm', id, alarm, ...placeOf(row), ...detailOf(row.reason) };
  }
  const said = row.decision === 'system' ? saidBy(row) : undefined;
  if (said === undefined || SILENT.has(said.alarm)) return undefined;
  const { alarm, detail } = said;
  const id = `${journal.slice(0, 8)}-${row.seq}-${alarm}`;
  return { type: 'alarm', id, alarm, ...placeOf(row), ...detailOf(detail) };
}

/** Whom it is acknowledged by, and which one. */
export function acknowledgementOf({ decision, reason, actor }: ChainedRow) {
  const id = decision === 'system' ? /^acknowledge:(.+)$/.exec(reason ?? '')?.[1] : undefined;
  return id === undefined || actor === undefined ? undefined : { id, by: actor };
}

const SILENT: ReadonlySet<Alarm> = new Set<Alarm>(['duress']);
/** Rows whose reason begins so are alarms as they are; what follows the colon is their detail. */
const TELLING: readonly Alarm[] = ['reader-lost', 'storage', 'expiry', 'desk-abuse', 'command-rejected'];
const DETAIL_MAX = 200;

function saidBy({ reason = '', actor }: ChainedRow): { alarm: Alarm; detail?: string } | undefined {
  const [what = '', ...rest] = reason.split(':');
  const detail = rest.join(':');
  if (what === 'alarm') return alarmNamed(detail);
  if (what === 'look-up')
    return detail.endsWith(':over') ? { alarm: 'look-ups', detail: actor ?? '' } : undefined;
  if (what === 'clock') return detail.endsWith('to unsure') ? { alarm: 'clock' } : undefined;
  const alarm = TELLING.find((each) => each === what);
  return alarm === undefined ? undefined : { alarm, detail };
}

function alarmNamed(name: string): { alarm: Alarm } | undefined {
  const alarm = ALARMS.find((each) => each === name);
  return alarm === undefined ? undefined : { alarm };
}

function placeOf({ at, lane, reader }: ChainedRow): Pick<GuardAlarm, 'at' | 'lane' | 'reader'> {
  return { at, ...(lane === undefined ? {} : { lane }), ...(reader === undefined ? {} : { reader }) };
}

function detailOf(detail: string | undefined): { detail?: string } {
  return detail === undefined || detail === '' ? {} : { detail: detail.slice(0, DETAIL_MAX) };
}
