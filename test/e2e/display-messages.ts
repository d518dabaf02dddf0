/** What a gate tells a lane's screen: in order, and one verdict of each tone. */

export const STATE = {
  type: 'state',
  lane: 'main-in',
  direction: 'in',
  at: '2026-11-20T10:04:09.000Z',
  timeZone: 'Asia/Shanghai',
  problems: [] as string[],
  pageReads: false,
};
export const PASS = { type: 'verdict', seq: 7, tone: 'pass', name: '测*', people: 1, showMs: 60_000 };
export const SLOW_PHONE = {
  type: 'verdict',
  seq: 8,
  tone: 'stop',
  refusal: 'expired',
  offsetSeconds: -220,
  people: 1,
  showMs: 60_000,
};
export const GUARD = {
  type: 'verdict',
  seq: 9,
  tone: 'guard',
  refusal: 'needs-guard',
  name: '测*',
  people: 1,
  showMs: 60_000,
};
