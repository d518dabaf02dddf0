import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { barPlot } from './plot.ts';
import { markdown, type Report } from './report.ts';

/**
 * Keeps bench/results.md: one section for each bench, each with the machine and the day of its own run. A run replaces
 * the sections of the benches that ran and leaves the others as they are.
 */

const FOLDER = join(import.meta.dirname, '..');
const FILE = join(FOLDER, 'results.md');
const HEAD = `# Measured

Written by \`scripts/bench\`. Contestants run side by side in one process, in interleaved rounds; a ratio is the median over
the rounds of one figure by its anchor's in the same round. Compare ratios, not times: times belong to the machine named.
`;

export function writeResult(report: Report, origin: readonly string[], order: readonly string[]): void {
  const sections = readSections();
  sections.set(report.name, markdown(report, origin));
  const known = order.filter((name) => sections.has(name));
  writeFileSync(FILE, [HEAD, ...known.map((name) => sectionText(name, sections.get(name) ?? ''))].join('\n'));
  writeFileSync(join(FOLDER, 'plots', `${report.name}.svg`), barPlot(report.title, report.plot));
}

function sectionText(name: string, text: string): string {
  return `<!-- bench ${name} -->\n${text.trim()}\n<!-- end ${name} -->\n`;
}

function readSections(): Map<string, string> {
  let text: string;
  try {
    text = readFileSync(FILE, 'utf8');
  } catch {
    return new Map();
  }
  const found = text.matchAll(/<!-- bench (?<name>[a-z]+) -->\n(?<text>[\s\S]*?)\n<!-- end \k<name> -->/g);
  return new Map(Array.from(found, ({ groups }) => [groups?.['name'] ?? '', groups?.['text'] ?? '']));
}
