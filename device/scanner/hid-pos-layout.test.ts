import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DESCRIPTOR_BYTES_MAX, inputFields } from './hid-descriptor.ts';
import { isPosDescriptor, reportReaderOf } from './hid-pos-layout.ts';
import { createPosAssembler, type ReadReport } from './hid-pos-report.ts';

/**
 * Descriptors that others have published, as they stand there.
 * DUMPED: "Barcode scanner", github.com/LeviticusMB/org.blom.martin.usb, ReportDescriptor.java at 148c9c25.
 * FIRMWARE: Hidpos_report_descr of JieLi Technology's hid_pos.c, a scanner's firmware (JL_HID_POS 1.0.0).
 * UNCOUNTED: report 29 of a hid_descriptor.h that declares each page of the HID Usage Tables 1.7 once (section 32): a bit
 * before the data, neither length nor flag.
 */
const DUMPED =
  '058C0902A1010912A1028502150026FF00750895010501093B81029503058C09FB09FC09FD8102953809FE8202020666FF9502090009008102058C25017501950809FF8102C00914A10285041500250175019508095F0960098509869186C006FFFF0901A10285F0150026FF007508953F0902820202953F0903920202C0C0';
const FIRMWARE =
  '058c0902a1010912a1028502150026ff00750895010501093b81029503058c09fb09fc09fd8102953809fe8202010666ff9502090409008102058c25017501950809ff8102c00914a10285041500250175019508095e095f096009000900098509869186c00666ff750826ff000903a10285fe95010903b28201c00901a10285fd950109219102953e0922928201c0c0';
const UNCOUNTED =
  '058c0902a101851d0961150025017501950181029507810309fe26ff00750895208102250175019501096091029507910309309501b1029507b103c0';
const KEYBOARD =
  '05010906a101050719e029e71500250175019508810295017508810395057501050819012905910295017503910395067508150025650507190029658100c0';

const bytes = (hex: string) => Uint8Array.from(Buffer.from(hex, 'hex'));

function readerOf(hex: string): ReadReport {
  const read = reportReaderOf(bytes(hex));
  if (!read.ok) throw new Error(read.error);
  return read.value;
}

/** 64 bytes as maker's manuals show them (Access-IS LSR118, appendix B.1): `at` data, `flagAt` the flag's byte. */
function report(fill: readonly (readonly [number, string | number])[], length: number): Uint8Array {
  const filled = Buffer.alloc(length);
  for (const [at, what] of fill)
    if (typeof what === 'string') filled.write(what, at, 'latin1');
    else filled[at] = what;
  return filled;
}

describe.each([
  ['dumped off a scanner', DUMPED],
  ['of a firmware', FIRMWARE],
])('a published descriptor, %s', (_, hex) => {
  const read = readerOf(hex);

  it('says where number, length, identifier, data and flag lie', () => {
    const data = 'M1GATHERGOOD/MICHAEL  YABCDEF LHRDURAK 3542 052Y003D23  ';
    const first = [
      [0, 2],
      [1, 56],
      [2, ']Q0'],
      [5, data],
      [61, 's'],
      [63, 1],
    ] as const;
    expect(data).toHaveLength(56);
    expect(read(report(first, 64))).toEqual({ aim: ']Q0', data, more: true });
    const second = [
      [0, 2],
      [1, 4],
      [2, ']Q0'],
      [5, ' 100'],
      [61, 's'],
    ] as const;
    expect(read(report(second, 64))).toEqual({ aim: ']Q0', data: ' 100', more: false });
  });

  it('says which reports carry no data: they end no text', () => {
    const status = report(
      [
        [0, 4],
        [1, 3],
        [2, 0xff],
      ],
      64,
    );
    expect(read(status)).toBe('other');
    const assembler = createPosAssembler(read);
    expect(
      assembler.push(
        report(
          [
            [0, 2],
            [1, 56],
            [5, 'A'.repeat(56)],
            [63, 1],
          ],
          64,
        ),
      ),
    ).toEqual([]);
    expect(assembler.push(status)).toEqual([]);
    expect(
      assembler.push(
        report(
          [
            [0, 2],
            [1, 1],
            [5, 'B'],
          ],
          64,
        ),
      ),
    ).toEqual([{ text: `${'A'.repeat(56)}B` }]);
    expect(assembler.push(status)).toEqual([]);
    expect(assembler.pending).toBe(false);
  });

  it('bounds the length: a report that says more than its data holds, or ends before its flag, is spoiled', () => {
    expect(
      read(
        report(
          [
            [0, 2],
            [1, 57],
          ],
          64,
        ),
      ),
    ).toBeUndefined();
    expect(
      read(
        report(
          [
            [0, 2],
            [1, 3],
            [5, 'X1A'],
          ],
          8,
        ),
      ),
    ).toBeUndefined();
    expect(read(report([[0, 2]], 1))).toBeUndefined();
  });
});

it('reads data that lies elsewhere, of another size, without length and flag', () => {
  const read = readerOf(UNCOUNTED);
  expect(
    read(
      report(
        [
          [0, 29],
          [1, 1],
          [2, 'X1ABC'],
        ],
        34,
      ),
    ),
  ).toEqual({ aim: '', data: 'X1ABC', more: false });
  expect(
    read(
      report(
        [
          [0, 29],
          [2, 'X'.repeat(32)],
        ],
        34,
      ),
    ),
  ).toMatchObject({ data: 'X'.repeat(32) });
  expect(
    read(
      report(
        [
          [0, 2],
          [1, 5],
          [5, 'X1ABC'],
        ],
        64,
      ),
    ),
  ).toBe('other');
});

describe('a descriptor without data', () => {
  it.each([
    ['a keyboard', KEYBOARD],
    ['a scanner that declares bytes of its own', '058c0902a1010903150026ff00750895408102c0'],
    ['data in bits that begin within a byte', '058c0902a1017501950181037508950809fe8102c0'],
    ['nothing', ''],
  ])('is found out: %s', (_, hex) => {
    expect(reportReaderOf(bytes(hex))).toEqual({ ok: false, error: 'no-data' });
  });

  it('begins with the page of scanners or not', () => {
    expect(isPosDescriptor(bytes(DUMPED))).toBe(true);
    expect(isPosDescriptor(bytes(KEYBOARD))).toBe(false);
    expect(isPosDescriptor(new Uint8Array())).toBe(false);
  });
});

/** What a scanner may declare, in any order: each part as its items and the bytes it takes. */
const PARTS = {
  count: { items: '750895010501093b8102', length: 1 },
  aim: { items: '75089503058c09fb09fc09fd8102', length: 3 },
  data: { items: '75089510058c09fe820201', length: 16 },
  more: { items: '75019501058c09ff810295078103', length: 1 },
  own: { items: '0666ff75089502090409008102', length: 2 },
} as const;
type Part = keyof typeof PARTS;

it('reads any order of the fields, with and without a report number', () => {
  const order = fc.shuffledSubarray(Object.keys(PARTS) as Part[], { minLength: 5 });
  const text = fc.stringMatching(/^[0-9A-V]{1,16}$/);
  fc.assert(
    fc.property(order, text, fc.tuple(fc.boolean(), fc.boolean()), (parts, data, [isNumbered, more]) => {
      const head = isNumbered ? '8507' : '';
      const items = parts.map((part) => PARTS[part].items).join('');
      const read = readerOf(`058c0902a101${head}150026ff00${items}c0`);
      let at = isNumbered ? 1 : 0;
      const fill: [number, string | number][] = isNumbered ? [[0, 7]] : [];
      const values = { count: data.length, aim: ']Q1', data, more: more ? 1 : 0, own: 'sw' };
      for (const part of parts) {
        fill.push([at, values[part]]);
        at += PARTS[part].length;
      }
      expect(read(report(fill, at))).toEqual({ aim: ']Q1', data, more });
    }),
  );
});

describe('a hostile descriptor', () => {
  it.each([
    ['an item that ends before its bytes', '058c0902a1', 'truncated'],
    ['a long item that ends before its bytes', 'fe20', 'truncated'],
    ['more bytes than the kernel takes', '00'.repeat(DESCRIPTOR_BYTES_MAX + 1), 'too-long'],
    ['a field of four thousand million elements', '058c09fe750897ffffffff8102', 'too-large'],
    ['an element of four thousand million bits', '058c09fe77ffffffff95018102', 'too-large'],
    ['fields that are too large together', `058c09fe750896ff0f${'8102'.repeat(9)}`, 'too-large'],
    ['a thousand usages for one field', `058c${'09fe'.repeat(1_000)}8102`, 'too-large'],
    ['collections in collections without end', 'a101'.repeat(1_000), 'unbalanced'],
    ['a collection that is left open', '058c0902a101', 'unbalanced'],
    ['an end without a beginning', 'c0', 'unbalanced'],
    ['a pop without a push', 'b4', 'unbalanced'],
    ['pushes without end', 'a4'.repeat(100), 'unbalanced'],
    ['report number nought', '8500', 'report-number'],
    ['reports with a number beside some without', '058c09fe75089501810285018102', 'report-number'],
  ])('is refused: %s', (_, hex, error) => {
    expect(inputFields(bytes(hex))).toEqual({ ok: false, error });
  });

  it('is bounded where usages go from one end to the other', () => {
    const fields = inputFields(bytes('1b000000002bffffffff75019600408102'));
    expect(fields.ok && fields.value.length).toBe(0x4000);
  });

  it('is read or refused without a fault, whatever its bytes, and so are reports under it', () => {
    const item = fc.constantFrom(
      '058c',
      '0501',
      '09fb',
      '09fe',
      '09ff',
      '093b',
      '7508',
      '7501',
      '9501',
      '9538',
      '96ff0f',
      '8102',
      '820201',
      'a101',
      'c0',
      '8502',
      '8504',
      'a4',
      'b4',
      'a901',
      'a900',
      '19fb',
      '29ff',
      '2bffffffff',
      '8103',
      '9102',
    );
    const shuffled = fc.array(item, { maxLength: 60 }).map((items) => bytes(items.join('')));
    const broken = fc
      .tuple(fc.constantFrom(DUMPED, FIRMWARE, UNCOUNTED), fc.nat(130), fc.nat(255), fc.nat(130))
      .map(([hex, at, byte, cut]) => {
        const all = bytes(hex);
        all[at % all.length] = byte;
        return all.subarray(0, all.length - (cut % 3 === 0 ? cut % all.length : 0));
      });
    const any = fc.oneof(fc.uint8Array({ maxLength: 300 }), shuffled, broken);
    fc.assert(
      fc.property(
        any,
        fc.array(fc.uint8Array({ maxLength: 80 }), { maxLength: 8 }),
        (descriptor, reports) => {
          const read = reportReaderOf(descriptor);
          if (!read.ok) return;
          const assembler = createPosAssembler(read.value);
          for (const each of reports) {
            const seen = read.value(each);
            if (typeof seen === 'object') expect(seen.data.length).toBeLessThanOrEqual(each.length);
            assembler.push(each);
          }
        },
      ),
      { numRuns: 2_000 },
    );
  });
});
