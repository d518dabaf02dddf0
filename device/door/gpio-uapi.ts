/**
 * The GPIO character device, version 2 (linux/gpio.h): how its structures lie in memory, on machines that store the
 * low byte first. Pure; makes no calls.
 *
 * ```
 * gpio_v2_line_request  592 bytes            gpio_v2_line_config  272 bytes, at 288
 *   0 offsets[64] u32                          0 flags u64           8 num_attrs u32
 * 256 consumer[32]                            12 padding[5] u32     32 attrs[10] × 24
 * 288 config                                 gpio_v2_line_config_attribute  24 bytes
 * 560 num_lines u32                            0 id u32  4 padding u32  8 flags | values | debounce µs
 * 564 event_buffer_size u32                   16 mask u64
 * 568 padding[5] u32                         gpio_v2_line_values    bits u64, mask u64
 * 588 fd s32
 * ```
 */
export const GPIO = {
  /** _IOR(0xB4, 0x01, struct gpiochip_info) */
  getChipInfo: 0x8044_b401,
  /** _IOWR(0xB4, 0x05, struct gpio_v2_line_info) */
  getLineInfo: 0xc100_b405,
  /** _IOWR(0xB4, 0x07, struct gpio_v2_line_request) */
  getLine: 0xc250_b407,
  /** _IOWR(0xB4, 0x0E, struct gpio_v2_line_values) */
  getValues: 0xc010_b40e,
  /** _IOWR(0xB4, 0x0F, struct gpio_v2_line_values) */
  setValues: 0xc010_b40f,
} as const;

export const CHIP_INFO_BYTES = 68;
export const LINE_INFO_BYTES = 256;
export const LINE_REQUEST_BYTES = 592;
export const LINE_EVENT_BYTES = 48;

/** enum gpio_v2_line_flag */
const FLAG = {
  activeLow: 1n << 1n,
  input: 1n << 2n,
  output: 1n << 3n,
  edgeRising: 1n << 4n,
  edgeFalling: 1n << 5n,
  pullUp: 1n << 8n,
  pullDown: 1n << 9n,
  biasDisabled: 1n << 10n,
} as const;

export type Pull = 'up' | 'down' | 'none';
const PULL: Readonly<Record<Pull, bigint>> = {
  up: FLAG.pullUp,
  down: FLAG.pullDown,
  none: FLAG.biasDisabled,
};

/** enum gpio_v2_line_attr_id */
const ATTRIBUTE = { outputValues: 2, debounce: 3 } as const;

const CONSUMER_AT = 256;
const CONSUMER_BYTES_MAX = 31;
const FLAGS_AT = 288;
const ATTRIBUTE_COUNT_AT = 296;
const ATTRIBUTES_AT = 320;
const LINE_COUNT_AT = 560;
const EVENT_BUFFER_AT = 564;
const FD_AT = 588;
const FIRST_LINE = 1n;

export interface LineSpec {
  readonly line: number;
  readonly activeLow: boolean;
}

/** One output, given its resting level in the same call that makes it an output: the relay never twitches. */
export function outputRequest(spec: LineSpec, consumer: string): Uint8Array {
  const { bytes, view } = request(spec, consumer);
  view.setBigUint64(FLAGS_AT, FLAG.output | (spec.activeLow ? FLAG.activeLow : 0n), true);
  // Values are logical: 0 is rest, whichever way the relay is wired.
  attribute(view, ATTRIBUTE.outputValues, 0n);
  return bytes;
}

/** One input with both edges as events; the chip's own resistor holds it where `pull` says while nothing drives it. */
export function inputRequest(
  spec: LineSpec & { readonly pull: Pull; readonly debounceMs: number },
  consumer: string,
  eventBufferSize: number,
): Uint8Array {
  const { bytes, view } = request(spec, consumer);
  const level = (spec.activeLow ? FLAG.activeLow : 0n) | PULL[spec.pull];
  view.setBigUint64(FLAGS_AT, FLAG.input | FLAG.edgeRising | FLAG.edgeFalling | level, true);
  if (spec.debounceMs > 0) attribute(view, ATTRIBUTE.debounce, BigInt(Math.round(spec.debounceMs * 1_000)));
  view.setUint32(EVENT_BUFFER_AT, eventBufferSize, true);
  return bytes;
}

/** The descriptor that the kernel wrote into an answered request. */
export function requestedFd(answered: Uint8Array): number {
  return viewOf(answered).getInt32(FD_AT, true);
}

export function lineValues(active: boolean): Uint8Array {
  const bytes = new Uint8Array(16);
  const view = viewOf(bytes);
  view.setBigUint64(0, active ? FIRST_LINE : 0n, true);
  view.setBigUint64(8, FIRST_LINE, true);
  return bytes;
}

export function isActive(answered: Uint8Array): boolean {
  return (viewOf(answered).getBigUint64(0, true) & FIRST_LINE) === FIRST_LINE;
}

export interface LineEvent {
  /** Nanoseconds of CLOCK_MONOTONIC */
  readonly atNs: bigint;
  /** A rising edge is logical: the line became active. */
  readonly active: boolean;
  /** Counts up by one per event of this line: a jump tells of lost ones. */
  readonly sequence: number;
}

/** enum gpio_v2_line_event_id: 1 rising, 2 falling */
const RISING = 1;

export function lineEvents(bytes: Uint8Array): LineEvent[] {
  const view = viewOf(bytes);
  const events: LineEvent[] = [];
  for (let at = 0; at + LINE_EVENT_BYTES <= bytes.length; at += LINE_EVENT_BYTES) {
    events.push({
      atNs: view.getBigUint64(at, true),
      active: view.getUint32(at + 8, true) === RISING,
      sequence: view.getUint32(at + 20, true),
    });
  }
  return events;
}

export interface ChipInfo {
  readonly name: string;
  readonly label: string;
  readonly lines: number;
}

/** struct gpiochip_info: name[32], label[32], lines u32 */
export function chipInfo(answered: Uint8Array): ChipInfo {
  return {
    name: text(answered.subarray(0, 32)),
    label: text(answered.subarray(32, 64)),
    lines: viewOf(answered).getUint32(64, true),
  };
}

export interface LineInfo {
  /** Who holds it; empty when nobody does, or does not say. */
  readonly consumer: string;
  readonly used: boolean;
}

/** struct gpio_v2_line_info: name[32], consumer[32], offset u32, num_attrs u32, flags u64, attrs[10] × 16, padding[4] u32 */
export function lineInfoRequest(line: number): Uint8Array {
  const bytes = new Uint8Array(LINE_INFO_BYTES);
  viewOf(bytes).setUint32(64, line, true);
  return bytes;
}

export function lineInfo(answered: Uint8Array): LineInfo {
  return {
    consumer: text(answered.subarray(32, 64)),
    // GPIO_V2_LINE_FLAG_USED
    used: (viewOf(answered).getBigUint64(72, true) & 1n) === 1n,
  };
}

function request(spec: LineSpec, consumer: string): { bytes: Uint8Array; view: DataView } {
  const bytes = new Uint8Array(LINE_REQUEST_BYTES);
  const view = viewOf(bytes);
  view.setUint32(0, spec.line, true);
  for (let at = 0; at < Math.min(consumer.length, CONSUMER_BYTES_MAX); at += 1) {
    bytes[CONSUMER_AT + at] = consumer.charCodeAt(at) & 0x7f;
  }
  view.setUint32(LINE_COUNT_AT, 1, true);
  return { bytes, view };
}

function attribute(view: DataView, id: number, value: bigint): void {
  view.setUint32(ATTRIBUTE_COUNT_AT, 1, true);
  view.setUint32(ATTRIBUTES_AT, id, true);
  view.setBigUint64(ATTRIBUTES_AT + 8, value, true);
  view.setBigUint64(ATTRIBUTES_AT + 16, FIRST_LINE, true);
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function text(bytes: Uint8Array): string {
  const end = bytes.indexOf(0);
  return String.fromCharCode(...bytes.subarray(0, end < 0 ? bytes.length : end));
}
