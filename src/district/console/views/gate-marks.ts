import type { GateView } from '../gate-views.ts';
import { mark, type Tone } from '../kit/marks.ts';
import type { Html, Page } from '../kit/page.ts';
import { alarms, clockQualities, laneModes } from '../words/common.ts';
import { documentName } from '../words/documents.ts';
import { conditions, wall as words } from '../words/gates.ts';
import { fill, type Text } from '../words/text.ts';

/** A gate's condition and what is the matter with it, in marks. */
const CONDITION_TONES: Readonly<Record<GateView['condition'], Tone>> = {
  online: 'good',
  silent: 'bad',
  offline: 'bad',
  never: 'warn',
  waiting: 'info',
  retired: 'none',
  stolen: 'none',
};

export function condition(page: Page, { condition: name }: GateView): Html {
  return mark(page, CONDITION_TONES[name], conditions[name]);
}

/** Each thing that is not as it should be, the gravest first. */
export function matters(
  page: Page,
  { alarms: open, alarmCount, status, behind, stale }: GateView,
): readonly Html[] {
  const found: (readonly [Tone, Text])[] = open
    .slice(0, MATTERS_MAX)
    .map(({ alarm }) => ['bad', alarms[alarm.alarm]]);
  // Of very many only the newest are read: the others count all the same.
  if (alarmCount > open.length) found.unshift(['bad', fill(words.alarmCount, { n: alarmCount })]);
  for (const { lane, door, mode } of status?.lanes ?? []) {
    if (door?.ok === false) found.push(['bad', fill(words.doorBad, { lane })]);
    if (mode !== 'normal') {
      const said = fill(words.laneMode, { lane, mode: laneModes[mode][page.language] });
      found.push([mode === 'fire' ? 'bad' : 'warn', said]);
    }
    if (door?.open === true) found.push(['info', fill(words.doorOpen, { lane })]);
  }
  if (behind > 0) found.push(['warn', fill(words.rowsBehind, { n: behind })]);
  const names = stale
    .map((name) => documentName(name)[page.language])
    .join(page.language === 'en' ? ', ' : '、');
  if (stale.length > 0) found.push(['warn', fill(words.documentsBehind, { names })]);
  if (status !== undefined && status.clock.quality !== 'synced')
    found.push([status.clock.quality === 'unsure' ? 'warn' : 'info', clockSaid(page, status.clock.quality)]);
  return found.slice(0, MATTERS_MAX).map(([tone, said]) => mark(page, tone, said));
}

const MATTERS_MAX = 6;

function clockSaid(page: Page, quality: keyof typeof clockQualities): Text {
  return fill({ 'zh-CN': '时钟{q}', en: 'clock {q}' }, { q: clockQualities[quality][page.language] });
}
