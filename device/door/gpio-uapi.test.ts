import { describe, expect, it } from 'vitest';
import {
  CHIP_INFO_BYTES,
  chipInfo,
  GPIO,
  inputRequest,
  isActive,
  LINE_EVENT_BYTES,
  LINE_INFO_BYTES,
  LINE_REQUEST_BYTES,
  lineEvents,
  lineInfo,
  lineInfoRequest,
  lineValues,
  outputRequest,
  requestedFd,
} from './gpio-uapi.ts';

/** Offsets that differ from zero, as hex, so that a misplaced byte shows. */
function written(bytes: Uint8Array): Record<number, string> {
  const found: Record<number, string> = {};
  for (const [at, byte] of bytes.entries()) if (byte !== 0) found[at] = byte.toString(16).padStart(2, '0');
  return found;
}

/** asm-generic/ioctl.h: direction << 30 | size << 16 | type << 8 | number */
function ioctlNumber(direction: number, number: number, size: number): number {
  return ((direction << 30) | (size << 16) | (0xb4 << 8) | number) >>> 0;
}

describe('structures of linux/gpio.h', () => {
  it('have the request numbers that their sizes give', () => {
    expect(GPIO.getChipInfo).toBe(ioctlNumber(2, 0x01, CHIP_INFO_BYTES));
    expect(GPIO.getLineInfo).toBe(ioctlNumber(3, 0x05, LINE_INFO_BYTES));
    expect(GPIO.getLine).toBe(ioctlNumber(3, 0x07, LINE_REQUEST_BYTES));
    expect(GPIO.getValues).toBe(ioctlNumber(3, 0x0e, 16));
    expect(GPIO.setValues).toBe(ioctlNumber(3, 0x0f, 16));
    expect([LINE_REQUEST_BYTES, LINE_EVENT_BYTES]).toEqual([592, 48]);
  });

  it('asks for a line without taking it, and reads who holds it', () => {
    const asked = lineInfoRequest(300);
    expect([asked.length, written(asked)]).toEqual([256, { 64: '2c', 65: '01' }]);
    expect(lineInfo(asked)).toEqual({ consumer: '', used: false });
    asked.set(Buffer.from('menwei main'), 32);
    asked[72] = 0x05;
    expect(lineInfo(asked)).toEqual({ consumer: 'menwei main', used: true });
  });

  it('requests the relay as an output that rests', () => {
    const bytes = outputRequest({ line: 17, activeLow: false }, 'gate');
    expect(bytes).toHaveLength(592);
    expect(written(bytes)).toEqual({
      0: '11',
      256: '67',
      257: '61',
      258: '74',
      259: '65',
      288: '08', // output
      296: '01', // one attribute
      320: '02', // output values, all zero
      336: '01', // for the first line
      560: '01', // one line
    });
  });

  it('requests an active-low relay so that its rest is the high level', () => {
    expect(written(outputRequest({ line: 17, activeLow: true }, 'gate'))[288]).toBe('0a');
  });

  it('requests an input with both edges, pull-up and debounce', () => {
    const bytes = inputRequest({ line: 300, activeLow: true, pull: 'up', debounceMs: 30 }, 'g', 64);
    expect(written(bytes)).toEqual({
      0: '2c',
      1: '01',
      256: '67',
      288: '36', // active low, input, rising, falling
      289: '01', // pull-up
      296: '01',
      320: '03', // debounce
      328: '30', // 30,000 µs
      329: '75',
      336: '01',
      560: '01',
      564: '40', // 64 events kept
    });
  });

  it('leaves debounce out where none is asked', () => {
    expect(
      written(inputRequest({ line: 1, activeLow: false, pull: 'up', debounceMs: 0 }, 'g', 16))[296],
    ).toBe(undefined);
  });

  it.each([
    ['up', '34', '01'],
    ['down', '34', '02'],
    ['none', '34', '04'],
  ] as const)('pulls an input %s whichever level is active', (pull, low, high) => {
    const seen = written(inputRequest({ line: 1, activeLow: false, pull, debounceMs: 0 }, 'g', 16));
    expect([seen[288], seen[289]]).toEqual([low, high]);
  });

  it('keeps a long consumer name inside its field', () => {
    const bytes = outputRequest({ line: 0, activeLow: false }, 'x'.repeat(80));
    expect([bytes[286], bytes[287]]).toEqual([0x78, 0]);
  });

  it('reads what the kernel answers', () => {
    const request = Buffer.alloc(LINE_REQUEST_BYTES);
    request.writeInt32LE(23, 588);
    expect(requestedFd(request)).toBe(23);
    expect(Buffer.from(lineValues(true)).toString('hex')).toBe('01000000000000000100000000000000');
    expect(Buffer.from(lineValues(false)).toString('hex')).toBe('00000000000000000100000000000000');
    expect([isActive(lineValues(true)), isActive(lineValues(false))]).toEqual([true, false]);
    const info = Buffer.alloc(CHIP_INFO_BYTES);
    info.write('gpiochip4', 0);
    info.write('pinctrl-rp1', 32);
    info.writeUInt32LE(54, 64);
    expect(chipInfo(info)).toEqual({ name: 'gpiochip4', label: 'pinctrl-rp1', lines: 54 });
  });

  it('reads events, and leaves a torn one', () => {
    const bytes = Buffer.alloc(LINE_EVENT_BYTES * 2 + 10);
    bytes.writeBigUInt64LE(123_456_789n, 0);
    bytes.writeUInt32LE(1, 8);
    bytes.writeUInt32LE(27, 12);
    bytes.writeUInt32LE(9, 16);
    bytes.writeUInt32LE(5, 20);
    bytes.writeUInt32LE(2, 48 + 8);
    bytes.writeUInt32LE(6, 48 + 20);
    expect(lineEvents(bytes)).toEqual([
      { atNs: 123_456_789n, active: true, sequence: 5 },
      { atNs: 0n, active: false, sequence: 6 },
    ]);
  });
});
