import { type Text, text } from './text.ts';

/** What the plots of a gate's page say. */
export const history = {
  title: text('走势', 'History'),
  about: text(
    '由每 30 秒一次的运行报告和已收到的记录画成。',
    'Drawn from the gate’s reports, one every 30 s, and from the rows stored here.',
  ),
  day: text('24 小时', '24 hours'),
  week: text('7 天', '7 days'),
  span: text('时间范围', 'Span'),
  entries: text('每小时通行', 'Entries an hour'),
  refusals: text('拒绝原因', 'Refusals by reason'),
  noRefusals: text('这段时间没有拒绝。', 'Nothing was refused in this time.'),
  latency: text('扫码到开门', 'Scan to relay'),
  latencyAbout: text(
    'p50 按次数平均，p99 取最差的半分钟',
    'p50 weighed by scans, p99 of the worst half minute',
  ),
  temperature: text('温度', 'Temperature'),
  unsent: text('未上报的记录', 'Rows not yet sent'),
  clock: text('时钟', 'Clock'),
  none: text('这段时间没有数据。', 'No data in this time.'),
  latest: text('最近 {n}', 'latest {n}'),
  most: text('最高 {n}（{time}）', 'highest {n} ({time})'),
  asTable: text('看表格', 'As a table'),
  time: text('时间', 'Time'),
  count: text('次数', 'Count'),
  share: text('占比', 'Share'),
  reason: text('原因', 'Reason'),
  milliseconds: text('毫秒', 'ms'),
  celsius: text('°C', '°C'),
  rows: text('条', 'rows'),
  times: text('次', 'entries'),
  counted: text(
    '{series}，单位{unit}，从 {from} 到 {until}',
    '{series}, in {unit}, from {from} until {until}',
  ),
} as const satisfies Readonly<Record<string, Text>>;
