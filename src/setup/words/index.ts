import type { Check, Finding, Level } from '../finding.ts';
import { DEVICE_WORDS } from './devices.ts';
import { MACHINE_WORDS } from './machine.ts';
import type { Both, Said } from './said.ts';
import { TRUST_WORDS } from './trust.ts';

/** Findings in words, in the language asked for. */

export type SetupLanguage = 'zh' | 'en';

export interface SaidFinding {
  readonly check: Check;
  readonly level: Level;
  readonly code: string;
  readonly about?: string;
  readonly what: string;
  readonly why?: string;
  readonly todo?: string;
}

export const FINDING_WORDS: Readonly<Record<string, Said>> = {
  ...MACHINE_WORDS,
  ...DEVICE_WORDS,
  ...TRUST_WORDS,
};

const CHECK_WORDS: Readonly<Record<Check, Both>> = {
  configuration: ['配置', 'Configuration'],
  gate: ['门禁', 'Gate'],
  folder: ['数据目录', 'Data folder'],
  clock: ['时钟', 'Clock'],
  trust: ['信任文件', 'Trust'],
  journal: ['通行日志', 'Journal'],
  reader: ['读码器', 'Reader'],
  door: ['门', 'Door'],
  broker: ['消息服务器', 'Broker'],
  district: ['区中心', 'District'],
  pages: ['页面', 'Pages'],
  guards: ['门卫账号', 'Guards'],
  machine: ['机器', 'Machine'],
};

const LEVEL_WORDS: Readonly<Record<Level, Both>> = {
  stops: ['必须处理', 'Must be mended'],
  hurts: ['需要处理', 'Needs attention'],
  unchecked: ['未能检查', 'Could not be checked'],
  note: ['提示', 'Worth knowing'],
  well: ['正常', 'In order'],
};

const at = (language: SetupLanguage): 0 | 1 => (language === 'zh' ? 0 : 1);

/** @throws when there are no words for it: a bug that the tests find */
export function inWords(finding: Finding, language: SetupLanguage): SaidFinding {
  const said = FINDING_WORDS[finding.code];
  if (said === undefined) throw new Error(`invariant broken: no words for ${finding.code}`);
  const fill = (both: Both | undefined) =>
    both?.[at(language)].replaceAll(/\{(\w+)\}/g, (_, name: string) => String(finding.values?.[name] ?? '?'));
  const [what = '', why, todo] = [said.what, said.why, said.todo].map(fill);
  const { check, level, code, about } = finding;
  return {
    check,
    level,
    code,
    ...(about === undefined ? {} : { about }),
    what,
    ...(why === undefined ? {} : { why }),
    ...(todo === undefined ? {} : { todo }),
  };
}

export const checkName = (check: Check, language: SetupLanguage): string => CHECK_WORDS[check][at(language)];
export const levelName = (level: Level, language: SetupLanguage): string => LEVEL_WORDS[level][at(language)];

/** Never says that all is well while something could not be looked at. */
export function summaryOf(findings: readonly Finding[], language: SetupLanguage): string {
  const count = (wanted: Level) => findings.filter(({ level }) => level === wanted).length;
  const [stops, hurts, open] = [count('stops'), count('hurts'), count('unchecked')];
  if (stops + hurts + open === 0)
    return language === 'zh' ? '全部检查正常。' : 'Everything was looked at and is in order.';
  return language === 'zh'
    ? `必须处理 ${stops} 项，需要处理 ${hurts} 项，未能检查 ${open} 项。`
    : `${stops} to mend now, ${hurts} to attend to, ${open} could not be checked.`;
}

const MARKS: Readonly<Record<Level, string>> = {
  stops: '✗',
  hurts: '!',
  unchecked: '?',
  note: '·',
  well: '✓',
};

/** For a terminal: what must be done first, and what is in order at the end. */
export function reportText(findings: readonly Finding[], language: SetupLanguage): string {
  const lines = findings.flatMap((finding) => {
    const { what, why, todo, about, check, level } = inWords(finding, language);
    const name = `${checkName(check, language)}${about === undefined ? '' : ` ${about}`}`;
    const more = [why, todo].filter((line) => line !== undefined);
    return [
      `${MARKS[level]} ${name}: ${what}`,
      ...(level === 'well' ? [] : more.map((line) => `    ${line}`)),
    ];
  });
  return `${[...lines, '', summaryOf(findings, language)].join('\n')}\n`;
}
