import { err, ok, type Result } from '../../src/base/index.ts';
import { type DescriptorFault, type InputField, inputFields } from './hid-descriptor.ts';
import { latin1, type PosReport, type ReadReport } from './hid-pos-report.ts';

/**
 * Where a point-of-sale scanner says that its data lies: in which report, from which byte, how much, and which bit tells that
 * more follows. Taken from its own report descriptor, so that another order or size of the fields is read as well.
 */

/** Usage page 0x8C, bar code scanner (USB HID Point of Sale Usage Tables 1.02, 3). */
const POS_PAGE = 0x8c;
/** Usage Page, with one byte. */
const USAGE_PAGE_ITEM = 0x05;
const SYMBOLOGY_IDENTIFIER_1 = 0xfb;
const DECODED_DATA = 0xfe;
const DECODE_DATA_CONTINUED = 0xff;
/** Generic Desktop page, Byte Count (HID Usage Tables, 4): the page of scanners has no length of its own. */
const DESKTOP_PAGE = 0x01;
const BYTE_COUNT = 0x3b;
const AIM_LENGTH = 3;

interface Bytes {
  readonly at: number;
  readonly length: number;
}

interface PosLayout {
  readonly data: Bytes;
  readonly count: Bytes | undefined;
  readonly aim: Bytes | undefined;
  /** Of the report's bits, the one that is set while the text goes on. */
  readonly moreBit: number | undefined;
}

/** @returns `no-data` when no report of this device carries decoded data */
export function reportReaderOf(descriptor: Uint8Array): Result<ReadReport, DescriptorFault | 'no-data'> {
  const fields = inputFields(descriptor);
  if (!fields.ok) return fields;
  const layouts = new Map<number, PosLayout>();
  for (const [report, its] of Map.groupBy(fields.value, (field) => field.report)) {
    const layout = layoutOf(its);
    if (layout !== undefined) layouts.set(report, layout);
  }
  if (layouts.size === 0) return err('no-data');
  return ok((bytes) => {
    const layout = layouts.get(0) ?? layouts.get(bytes[0] ?? 0);
    return layout === undefined ? 'other' : read(bytes, layout);
  });
}

/** Whether it begins as a scanner's does; the udev rule asks the same. */
export function isPosDescriptor(descriptor: Uint8Array): boolean {
  return descriptor[0] === USAGE_PAGE_ITEM && descriptor[1] === POS_PAGE;
}

function layoutOf(fields: readonly InputField[]): PosLayout | undefined {
  const find = (page: number, usage: number) =>
    fields.find((field) => field.page === page && field.usage === usage);
  const data = bytesOf(find(POS_PAGE, DECODED_DATA));
  if (data === undefined) return undefined;
  const aim = bytesOf(find(POS_PAGE, SYMBOLOGY_IDENTIFIER_1));
  return {
    data,
    count: numberOf(find(DESKTOP_PAGE, BYTE_COUNT)),
    // The three follow each other, as three usages or as one.
    aim: aim === undefined ? undefined : { at: aim.at, length: AIM_LENGTH },
    moreBit: find(POS_PAGE, DECODE_DATA_CONTINUED)?.bit,
  };
}

function bytesOf(field: InputField | undefined): Bytes | undefined {
  if (field === undefined || field.bits !== 8 || field.bit % 8 !== 0) return undefined;
  return { at: field.bit / 8, length: field.count };
}

/** One number of one byte or two: a report is no longer than those can say. */
function numberOf(field: InputField | undefined): Bytes | undefined {
  if (field === undefined || (field.bits !== 8 && field.bits !== 16) || field.bit % 8 !== 0) return undefined;
  return { at: field.bit / 8, length: field.bits / 8 };
}

/** @returns undefined for a report that ends before what it says it holds */
function read(report: Uint8Array, { data, count, aim, moreBit }: PosLayout): PosReport | undefined {
  const flag = moreBit === undefined ? 0 : report[Math.floor(moreBit / 8)];
  if (flag === undefined) return undefined;
  const length =
    count === undefined ? Math.min(data.length, report.length - data.at) : numberAt(report, count);
  if (length === undefined || length < 0 || length > data.length || data.at + length > report.length)
    return undefined;
  const text = latin1(report.subarray(data.at, data.at + length));
  const symbology = aim === undefined ? '' : latin1(report.subarray(aim.at, aim.at + aim.length));
  return {
    aim: symbology.startsWith(']') ? symbology : '',
    data: count === undefined ? text.replace(/\0+$/, '') : text,
    more: ((flag >> ((moreBit ?? 0) % 8)) & 1) === 1,
  };
}

function numberAt(report: Uint8Array, { at, length }: Bytes): number | undefined {
  if (at + length > report.length) return undefined;
  return report.subarray(at, at + length).reduceRight((value, byte) => value * 256 + byte, 0);
}
