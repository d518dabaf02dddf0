import type { Outcome } from './run.ts';
import type { Revoked } from './revocations.ts';
import type { Measured, Standing } from './simulation.ts';

/** What a simulation says, in columns. */

export function tickLine(second: number, standing: Standing, { rows, seconds, ack, live }: Measured): string {
  const unsent = standing.unsent + standing.backlogUnsent;
  return [
    `${second} s`.padStart(6),
    `${standing.ready} gates`,
    `sent ${whole(standing.sent)}`,
    `acknowledged ${whole(standing.acknowledged)}`,
    `unsent ${whole(unsent)}`,
    `${whole(rows / seconds)} rows/s`,
    `ack p50 ${ms(ack.p50Ms)} p95 ${ms(ack.p95Ms)} p99 ${ms(ack.p99Ms)}`,
    `live p99 ${ms(live.p99Ms)}`,
  ].join('  ');
}

export function finalTable(outcome: Outcome): string {
  const { gates, processes, total, measured, phases, revocations, stored, warnings } = outcome;
  const spans: (readonly [string, Measured])[] = [
    ['whole', measured],
    ...(phases === undefined ? [] : Object.entries(phases)),
  ];
  return [
    '',
    `${whole(gates)} gates in ${processes} processes; ${whole(total.granted)} scans granted, ${whole(total.refused)} refused`,
    '',
    columns([
      '',
      'seconds',
      'rows/s',
      'acked/s',
      'ack p50',
      'ack p95',
      'ack p99',
      'live p50',
      'live p99',
      'used p99',
    ]),
    ...spans.map(([name, span]) => columns(spanCells(name, span))),
    ...(revocations === undefined ? [] : ['', revokedLine(revocations)]),
    '',
    `${outcome.districtHere ? 'this process, the district' : 'this process, which only adds up'}: ${Math.round(measured.district.cpuShare * 100)} % of a core, ${Math.round(measured.district.residentBytes / 2 ** 20)} MiB`,
    `rows at the gates ${whole(stored.expected)}, in the database ${whole(stored.rows)}: lost ${whole(stored.lost)}, doubled ${whole(stored.doubled)}, chains that do not hold ${whole(stored.broken)}`,
    ...(stored.gates.length === 0 ? [] : [`look at: ${stored.gates.join(', ')}`]),
    ...Object.entries(warnings).map(([text, count]) => `gates warned ${whole(count)} times: ${text}`),
    '',
  ].join('\n');
}

function spanCells(name: string, { seconds, rows, acknowledged, ack, live, used }: Measured): string[] {
  return [
    name,
    seconds.toFixed(1),
    whole(rows / seconds),
    whole(acknowledged / seconds),
    ...[ack.p50Ms, ack.p95Ms, ack.p99Ms, live.p50Ms, live.p99Ms, used.p99Ms].map(ms),
  ];
}

function revokedLine({ revocations, expected, missed, gate, last }: Revoked): string {
  return `${revocations} revoked: refused at a gate p50 ${ms(gate.p50Ms)} p95 ${ms(gate.p95Ms)}, at the last gate p50 ${ms(last.p50Ms)} p95 ${ms(last.p95Ms)} max ${ms(last.maxMs)}; ${whole(missed)} of ${whole(expected)} gates too late`;
}

const WIDTH = 10;

function columns(cells: readonly string[]): string {
  return cells.map((cell, at) => (at === 0 ? cell.padEnd(WIDTH) : cell.padStart(WIDTH))).join('');
}

function whole(value: number): string {
  return Math.round(value).toLocaleString('en-GB');
}

function ms(value: number): string {
  return `${value >= 100 ? Math.round(value) : value.toPrecision(2)} ms`;
}
