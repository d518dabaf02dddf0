import type { Bar, Plot } from './report.ts';

/**
 * Horizontal bars as SVG, readable on a light page and on a dark one: mid tones only, no background.
 * A tick shows the goal. Beyond a factor of eight between bars the axis is logarithmic, and says so.
 */

const WIDTH = 760;
const LABELS = 290;
const VALUES = 80;
const ROW = 26;
const TOP = 44;
const COLOURS = { text: '#808489', bar: '#4c87b9', beyond: '#b9704c', goal: '#3f9a6b' } as const;
const LOGARITHMIC_FROM = 8;

export function barPlot(title: string, plot: Plot): string {
  const place = scale(plot.bars);
  const height = TOP + plot.bars.length * ROW + 10;
  const note = place.logarithmic ? `${plot.unit}, logarithmic` : plot.unit;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img" font-family="system-ui, sans-serif" font-size="13" fill="${COLOURS.text}">`,
    `<title>${escaped(title)}</title>`,
    `<text x="0" y="15" font-weight="600">${escaped(title)}</text>`,
    `<text x="0" y="33" font-size="11">${escaped(note)}; green tick: goal</text>`,
    ...plot.bars.map((bar, row) => barOf(bar, TOP + row * ROW, place)),
    '</svg>',
    '',
  ].join('\n');
}

interface Scale {
  readonly logarithmic: boolean;
  x(value: number): number;
}

function scale(bars: readonly Bar[]): Scale {
  const values = bars.flatMap(({ value, goal }) => (goal === undefined ? [value] : [value, goal]));
  const most = Math.max(...values);
  const least = Math.min(...values.filter((value) => value > 0));
  const room = WIDTH - LABELS - VALUES;
  if (most / least <= LOGARITHMIC_FROM)
    return { logarithmic: false, x: (value) => LABELS + (value / most) * room };
  const floor = Math.log(least) - 0.7;
  const span = Math.log(most) - floor;
  return {
    logarithmic: true,
    x: (value) => LABELS + (value <= 0 ? 0 : ((Math.log(value) - floor) / span) * room),
  };
}

function barOf({ label, value, goal }: Bar, y: number, place: Scale): string {
  const end = place.x(value);
  const colour = goal === undefined || value <= goal ? COLOURS.bar : COLOURS.beyond;
  const after = Math.max(end, goal === undefined ? 0 : place.x(goal)) + 8;
  return [
    `<text x="${LABELS - 8}" y="${y + 13}" text-anchor="end">${escaped(label)}</text>`,
    `<rect x="${LABELS}" y="${y}" width="${round(end - LABELS)}" height="18" rx="2" fill="${colour}"/>`,
    ...(goal === undefined
      ? []
      : [
          `<rect x="${round(place.x(goal) - 1.5)}" y="${y - 3}" width="3" height="24" fill="${COLOURS.goal}"/>`,
        ]),
    `<text x="${round(after)}" y="${y + 13}">${Number(value.toPrecision(3))}</text>`,
  ].join('\n');
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
