import { type DropReason, SCAN_TEXT_MAX } from '../../src/ports/index.ts';

/**
 * Input reports of a HID point-of-sale scanner (usage page 0x8C), joined into texts; never reads beyond a report, never joins
 * two scans. Where the data lies is told by the device's descriptor (hid-pos-layout.ts). Where there is none, this is what most
 * scanners have, tolerant of what firmwares differ in (report number or none, report size, AIM identifier or zeros):
 *
 * ```
 * 0 report number (absent when the device has one report only)
 * 1 length of the data in this report      2-4 AIM identifier, e.g. "]Q1", or zeros
 * 5.. data, padded                         last byte: bit 0 set = the text goes on in the next report
 * ```
 */
export interface PosReport {
  /** `]Q1`, or empty */
  readonly aim: string;
  readonly data: string;
  readonly more: boolean;
}

/** @returns `other`: a report that carries no data; undefined: one that cannot be what it says */
export type ReadReport = (report: Uint8Array) => PosReport | 'other' | undefined;

export type PosOutcome = { readonly text: string } | { readonly dropped: DropReason };

export interface PosAssembler {
  push(report: Uint8Array): PosOutcome[];
  /** No report came for a while, or the device went away. */
  gap(): PosOutcome[];
  readonly pending: boolean;
}

const AIM_LENGTH = 3;
/** Length, AIM identifier, one byte of data and the flag. */
const REPORT_BYTES_MIN = 6;
const MORE_BIT = 1;
const LINE_ENDS = new Set([0x00, 0x03, 0x09, 0x0a, 0x0d]);
const AIM_FLAG = 0x5d; // "]", ISO/IEC 15424

export function parsePosReport(report: Uint8Array): PosReport | undefined {
  if (report.length < REPORT_BYTES_MIN) return undefined;
  const start = hasReportNumber(report) ? 1 : 0;
  const length = report[start] ?? 0;
  const dataStart = start + 1 + AIM_LENGTH;
  const flagAt = report.length - 1;
  if (length > flagAt - dataStart) return undefined;
  const aim = latin1(report.subarray(start + 1, dataStart));
  return {
    aim: aim.startsWith(']') ? aim : '',
    data: latin1(report.subarray(dataStart, dataStart + length)),
    more: ((report[flagAt] ?? 0) & MORE_BIT) === MORE_BIT,
  };
}

/** The AIM flag tells where the length stands; without one, numbered reports are the rule. */
function hasReportNumber(report: Uint8Array): boolean {
  if (report[2] === AIM_FLAG) return true;
  return report[1] !== AIM_FLAG;
}

export function createPosAssembler(read: ReadReport = parsePosReport): PosAssembler {
  let text = '';
  let begun = false;
  let spoiled = false;

  function spoil(reason: DropReason): PosOutcome[] {
    text = '';
    if (spoiled) return [];
    spoiled = true;
    return [{ dropped: reason }];
  }

  function end(): PosOutcome[] {
    const whole = withoutLineEnd(text);
    const good = !spoiled && whole !== '';
    text = '';
    begun = false;
    spoiled = false;
    return good ? [{ text: whole }] : [];
  }

  return {
    push(bytes) {
      const report = read(bytes);
      if (report === 'other') return [];
      begun = true;
      if (report === undefined) return [...spoil('keys-lost'), ...end()];
      text += report.data;
      const outcome = withoutLineEnd(text).length > SCAN_TEXT_MAX ? spoil('too-long') : [];
      return report.more ? outcome : [...outcome, ...end()];
    },
    gap() {
      if (!begun) return [];
      const outcome = spoil('timed-out');
      end();
      return outcome;
    },
    get pending() {
      return begun;
    },
  };
}

/** Without the suffix that the reader was told to add: NUL, ETX, TAB, LF, CR. */
function withoutLineEnd(text: string): string {
  let end = text.length;
  while (end > 0 && LINE_ENDS.has(text.charCodeAt(end - 1))) end -= 1;
  return text.slice(0, end);
}

export function latin1(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return text;
}
