import { err, ok, type Result } from '../../src/base/index.ts';

/**
 * A HID report descriptor (USB HID 1.11, 6.2.2), read as far as input reports go: which usage lies where. What it is given is
 * a stranger's: all of it is bounded, and what does not hold together is refused whole.
 */
export interface InputField {
  /** 0: reports have no numbers. */
  readonly report: number;
  readonly page: number;
  readonly usage: number;
  /** From the beginning of the report as it is read, its number included. */
  readonly bit: number;
  /** Of one element, and how many follow each other with this usage. */
  readonly bits: number;
  readonly count: number;
}

export type DescriptorFault = 'too-long' | 'truncated' | 'unbalanced' | 'too-large' | 'report-number';

/** HID_MAX_DESCRIPTOR_SIZE (linux/hid.h). */
export const DESCRIPTOR_BYTES_MAX = 4_096;
/** All input reports of a device together; scanners declare some hundred bytes. */
const REPORTS_BITS_MAX = 8 * 16_384;
/** HID_GLOBAL_STACK_SIZE (linux/hid.h). */
const PUSHED_MAX = 4;
const COLLECTIONS_MAX = 32;
const RANGES_MAX = 256;

const LONG_ITEM = 0xfe;
const TYPE = { main: 0, global: 1, local: 2 } as const;
const MAIN = { input: 8, output: 9, collection: 10, feature: 11, endCollection: 12 } as const;
const GLOBAL = { usagePage: 0, reportSize: 7, reportId: 8, reportCount: 9, push: 10, pop: 11 } as const;
const LOCAL = { usage: 0, usageMinimum: 1, usageMaximum: 2, delimiter: 10 } as const;
/** Of an input item: bit 0 constant, bit 1 variable. */
const CONSTANT = 1;
const VARIABLE = 2;

interface Item {
  readonly type: number;
  readonly tag: number;
  readonly bytes: number;
  readonly value: number;
}

interface Globals {
  readonly page: number;
  readonly size: number;
  readonly count: number;
  readonly report: number;
}

/** Usages from one to another; with the page in their upper half, or without one. */
interface Range {
  readonly first: number;
  readonly last: number;
  readonly hasPage: boolean;
}

export function inputFields(descriptor: Uint8Array): Result<readonly InputField[], DescriptorFault> {
  if (descriptor.length > DESCRIPTOR_BYTES_MAX) return err('too-long');
  const reader = new DescriptorReader();
  for (let at = 0; at < descriptor.length; ) {
    const prefix = descriptor[at] ?? 0;
    if (prefix === LONG_ITEM) {
      at += 3 + (descriptor[at + 1] ?? 0);
      if (at > descriptor.length) return err('truncated');
      continue;
    }
    const bytes = (prefix & 3) === 3 ? 4 : prefix & 3;
    if (at + bytes >= descriptor.length) return err('truncated');
    const value = littleEndian(descriptor.subarray(at + 1, at + 1 + bytes));
    const fault = reader.take({ type: (prefix >> 2) & 3, tag: prefix >> 4, bytes, value });
    if (fault !== undefined) return err(fault);
    at += 1 + bytes;
  }
  return reader.end();
}

class DescriptorReader {
  readonly #fields: InputField[] = [];
  readonly #pushed: Globals[] = [];
  /** Bits so far of each input report, its number included. */
  readonly #bits = new Map<number, number>();
  #globals: Globals = { page: 0, size: 0, count: 0, report: 0 };
  #ranges: Range[] = [];
  #minimum: Item | undefined;
  /** Alternatives between delimiters stand for one usage: the first. */
  #inSet = false;
  #setTaken = false;
  #depth = 0;
  #total = 0;

  take(item: Item): DescriptorFault | undefined {
    if (item.type === TYPE.global) return this.#global(item);
    if (item.type === TYPE.local) return this.#local(item);
    if (item.type !== TYPE.main) return undefined;
    const fault = this.#main(item);
    this.#ranges = [];
    this.#minimum = undefined;
    this.#inSet = false;
    return fault;
  }

  end(): Result<readonly InputField[], DescriptorFault> {
    if (this.#depth !== 0) return err('unbalanced');
    // Either all reports have a number or there is one (6.2.2.7).
    return this.#bits.has(0) && this.#bits.size > 1 ? err('report-number') : ok(this.#fields);
  }

  #main({ tag, value }: Item): DescriptorFault | undefined {
    if (tag === MAIN.input) return this.#input(value);
    if (tag === MAIN.collection) this.#depth += 1;
    if (tag === MAIN.endCollection) this.#depth -= 1;
    return this.#depth < 0 || this.#depth > COLLECTIONS_MAX ? 'unbalanced' : undefined;
  }

  #global({ tag, value }: Item): DescriptorFault | undefined {
    if (tag === GLOBAL.usagePage) this.#globals = { ...this.#globals, page: value & 0xffff };
    else if (tag === GLOBAL.reportSize) this.#globals = { ...this.#globals, size: value };
    else if (tag === GLOBAL.reportCount) this.#globals = { ...this.#globals, count: value };
    else if (tag === GLOBAL.reportId) {
      if (value < 1 || value > 255) return 'report-number';
      this.#globals = { ...this.#globals, report: value };
    } else if (tag === GLOBAL.push) {
      if (this.#pushed.push(this.#globals) > PUSHED_MAX) return 'unbalanced';
    } else if (tag === GLOBAL.pop) {
      const before = this.#pushed.pop();
      if (before === undefined) return 'unbalanced';
      this.#globals = before;
    }
    return undefined;
  }

  #local(item: Item): DescriptorFault | undefined {
    if (item.tag === LOCAL.delimiter) {
      this.#inSet = item.value === 1;
      this.#setTaken = false;
    } else if (item.tag === LOCAL.usage) {
      if (this.#inSet && this.#setTaken) return undefined;
      this.#setTaken = true;
      this.#ranges.push({ first: item.value, last: item.value, hasPage: item.bytes === 4 });
    } else if (item.tag === LOCAL.usageMinimum) this.#minimum = item;
    else if (item.tag === LOCAL.usageMaximum && this.#minimum !== undefined) {
      const { value: first, bytes } = this.#minimum;
      this.#ranges.push({ first, last: Math.max(first, item.value), hasPage: bytes === 4 });
      this.#minimum = undefined;
    }
    return this.#ranges.length > RANGES_MAX ? 'too-large' : undefined;
  }

  #input(flags: number): DescriptorFault | undefined {
    const { report, size, count } = this.#globals;
    const bits = size * count;
    this.#total += bits;
    if (this.#total > REPORTS_BITS_MAX) return 'too-large';
    const begin = this.#bits.get(report) ?? (report === 0 ? 0 : 8);
    this.#bits.set(report, begin + bits);
    if ((flags & CONSTANT) === 0 && (flags & VARIABLE) !== 0 && bits > 0) this.#variables(begin);
    return undefined;
  }

  /** Usages go to the elements in their order; the last one to all that remain (6.2.2.8). */
  #variables(begin: number): void {
    const { report, size: bits, count, page } = this.#globals;
    let at = 0;
    for (const [index, { first, last, hasPage }] of this.#ranges.entries()) {
      for (let value = first; value <= last && at < count; value += 1) {
        const isLast = value === last && index === this.#ranges.length - 1;
        const taken = isLast ? count - at : 1;
        const own = hasPage ? Math.floor(value / 0x1_0000) : page;
        const field = {
          report,
          page: own,
          usage: value % 0x1_0000,
          bit: begin + at * bits,
          bits,
          count: taken,
        };
        this.#fields.push(field);
        at += taken;
      }
    }
  }
}

function littleEndian(bytes: Uint8Array): number {
  return bytes.reduceRight((value, byte) => value * 256 + byte, 0);
}
