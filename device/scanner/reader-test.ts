import { keyCaps, LAYOUTS, type Layout } from './layouts.ts';

/**
 * The set-up symbol and what can be told from the way a reader typed it: layout, letter case, doubled output, missing
 * line end, added characters and speed. Pure; it judges a reader only, and the symbol is never a code.
 */

/** Differs between any two layouts and between cases; `XS` is no code's prefix. Every reader can type it. */
export const SETUP_TEXT = 'XSETUP/qazwmyQAZWMY/0123456789/:.-_=+&#/END';

/** What arrived between the first character and silence. */
export interface Typed {
  /** Texts in order, without their line ends. */
  readonly texts: readonly string[];
  /** Whether the last text was ended by Enter, Tab or a line end rather than by silence. */
  readonly ended: boolean;
  /** First to last character of the first text, where the reader types character by character. */
  readonly durationMs?: number;
}

export type Finding =
  | { readonly fault: 'nothing-read' }
  | { readonly fault: 'not-the-symbol' }
  | { readonly fault: 'layout'; readonly reader: Layout; readonly gate: Layout }
  | { readonly fault: 'caps-lock' }
  | { readonly fault: 'upper-case' }
  | { readonly fault: 'lower-case' }
  | { readonly fault: 'doubled-text' }
  | { readonly fault: 'doubled-keys' }
  | { readonly fault: 'no-line-end' }
  | { readonly fault: 'added'; readonly before: string; readonly after: string }
  | { readonly fault: 'slow'; readonly msPerCharacter: number }
  | { readonly fault: 'too-fast'; readonly msPerCharacter: number };

export interface Verdict {
  /** Codes will be read: what was found, if anything, costs time or links only. */
  readonly usable: boolean;
  readonly findings: readonly Finding[];
}

/** Enough to recognise a prefix; what stands further off may be somebody's code. */
const ADDED_SHOWN_MAX = 8;
const BARRED = '?';
/** A code of kind 2 has 279 characters: above this it takes more than 2.2 s. */
const SLOW_MS_PER_CHARACTER = 8;
/** Below this the kernel was seen to lose keys. */
const TOO_FAST_MS_PER_CHARACTER = 3;

/** @param gate the layout under which the keys were turned into characters */
export function judgeReader(typed: Typed, gate: Layout = 'us'): Verdict {
  const [first] = typed.texts;
  if (first === undefined) return { usable: false, findings: [{ fault: 'nothing-read' }] };
  const single = undouble(first, typed.texts.slice(1));
  const read = recognise(single.text, gate);
  if (read === undefined) return { usable: false, findings: [{ fault: 'not-the-symbol' }] };
  const findings = [...single.findings, ...read, ...lineEnd(typed), ...speed(typed, first.length)];
  return { usable: findings.every(harmless), findings };
}

/** Letter case never matters to a code; the layouts in use by the house type codes alike. */
function harmless(finding: Finding): boolean {
  switch (finding.fault) {
    case 'caps-lock':
    case 'upper-case':
    case 'lower-case':
    case 'slow':
    case 'doubled-text':
      return true;
    case 'layout':
      return (finding.reader === 'fr') === (finding.gate === 'fr');
    case 'added':
      return AIM.test(finding.before) && finding.after === '';
    case 'nothing-read':
    case 'not-the-symbol':
    case 'doubled-keys':
    case 'no-line-end':
    case 'too-fast':
      return false;
  }
}

/** AIM identifier of a QR symbol (ISO/IEC 15424), which gates cut off. */
const AIM = /^(\]Q\d)?$/;

interface Single {
  readonly text: string;
  readonly findings: readonly Finding[];
}

function undouble(first: string, more: readonly string[]): Single {
  const half = first.slice(0, first.length / 2);
  if (first.length % 2 === 0 && half + half === first) {
    return { text: half, findings: [{ fault: 'doubled-text' }] };
  }
  if (/^(?:(.)\1)+$/su.test(first)) {
    return {
      text: [...first].filter((_, at) => at % 2 === 0).join(''),
      findings: [{ fault: 'doubled-keys' }],
    };
  }
  return { text: first, findings: more.includes(first) ? [{ fault: 'doubled-text' }] : [] };
}

/** The simplest explanation: right layout first, then other readers' layouts, then another layout at the gate's end. */
function recognise(text: string, gate: Layout): Finding[] | undefined {
  for (const [reader, end] of layoutPairs(gate)) {
    const layout: Finding[] = reader === end ? [] : [{ fault: 'layout', reader, gate: end }];
    for (const expected of typedUnder(reader, end)) {
      for (const variant of caseVariants(expected)) {
        const at = text.indexOf(variant.text);
        if (at >= 0) return [...layout, ...variant.findings, ...added(text, at, variant.text.length)];
      }
    }
  }
  return undefined;
}

function layoutPairs(gate: Layout): (readonly [reader: Layout, gate: Layout])[] {
  const others = LAYOUTS.filter((layout) => layout !== gate);
  const same = [[gate, gate] as const, ...others.map((reader) => [reader, gate] as const)];
  const elsewhere = others.flatMap((end) =>
    LAYOUTS.filter((reader) => reader !== end).map((reader) => [reader, end] as const),
  );
  return [...same, ...elsewhere];
}

/** As characters, as the gate's own decoder spells them, and as a terminal does, which overlooks an AltGr without use. */
function typedUnder(reader: Layout, gate: Layout): readonly string[] {
  const caps = keyCaps(gate);
  const spell = (unused: (plain: string) => string) =>
    [...SETUP_TEXT]
      .map((character) => {
        const key = keyOf(character, reader);
        const cap = key === undefined ? undefined : caps.get(key.code);
        if (key === undefined || cap === undefined) return '';
        return key.level === 'altGr' && cap.altGr === '' ? unused(cap.plain) : cap[key.level];
      })
      .join('');
  const onTerminal = spell((plain) => plain);
  return [onTerminal, asDecoded(spell(() => BARRED))];
}

function keyOf(
  character: string,
  layout: Layout,
): { code: number; level: 'plain' | 'shifted' | 'altGr' } | undefined {
  for (const [code, cap] of keyCaps(layout)) {
    for (const level of ['plain', 'shifted', 'altGr'] as const) {
      if (cap[level] === character && !isKeypad(code)) return { code, level };
    }
  }
  return undefined;
}

function isKeypad(code: number): boolean {
  return code === 55 || code === 98 || (code >= 71 && code <= 83);
}

/** The gate's own decoder puts `?` for what no code has. */
function asDecoded(text: string): string {
  return text.replace(/[^A-Za-z0-9:/.\-_~%&=+#\]\\ ]/gu, BARRED);
}

function caseVariants(text: string): readonly { text: string; findings: readonly Finding[] }[] {
  return [
    { text, findings: [] },
    { text: swapCase(text), findings: [{ fault: 'caps-lock' }] },
    { text: text.toUpperCase(), findings: [{ fault: 'upper-case' }] },
    { text: text.toLowerCase(), findings: [{ fault: 'lower-case' }] },
  ];
}

function swapCase(text: string): string {
  return [...text].map((c) => (c === c.toLowerCase() ? c.toUpperCase() : c.toLowerCase())).join('');
}

function added(text: string, at: number, length: number): Finding[] {
  const before = text.slice(0, at).slice(-ADDED_SHOWN_MAX);
  const after = text.slice(at + length).slice(0, ADDED_SHOWN_MAX);
  return before === '' && after === '' ? [] : [{ fault: 'added', before, after }];
}

function lineEnd(typed: Typed): Finding[] {
  return typed.ended ? [] : [{ fault: 'no-line-end' }];
}

function speed(typed: Typed, characters: number): Finding[] {
  if (typed.durationMs === undefined || characters < 2) return [];
  const msPerCharacter = typed.durationMs / (characters - 1);
  if (msPerCharacter > SLOW_MS_PER_CHARACTER) return [{ fault: 'slow', msPerCharacter }];
  return msPerCharacter < TOO_FAST_MS_PER_CHARACTER ? [{ fault: 'too-fast', msPerCharacter }] : [];
}
