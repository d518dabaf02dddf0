/** Commands for the guest that send a text as the readers of guest/gadget do: keys, point-of-sale reports, or a serial line. */

const REPORT_BYTES = 64;
const POS_DATA_BYTES = 56;
/** USB HID Usage Tables 1.4, 10: key codes; the second is Left Shift in the first byte of a boot keyboard's report. */
const LEFT_SHIFT = 2;
const LETTERS_FROM = 4;
const DIGITS_FROM = 30;
type Key = readonly [key: number, shift: number];
const ENTER: Key = [40, 0];
/** Where the keys are that are no letters and digits; and letters that lie elsewhere than on an American keyboard. */
const OTHERS = {
  us: {
    '-': [45, 0],
    '=': [46, 0],
    '+': [46, LEFT_SHIFT],
    ':': [51, LEFT_SHIFT],
    '.': [55, 0],
    '/': [56, 0],
  },
  de: {
    Y: [29, LEFT_SHIFT],
    Z: [28, LEFT_SHIFT],
    '/': [36, LEFT_SHIFT],
    '+': [48, 0],
    '.': [55, 0],
    ':': [55, LEFT_SHIFT],
    '-': [56, 0],
  },
} as const satisfies Record<string, Readonly<Record<string, Key>>>;

export interface Typing {
  /** `steady`: a program of its own for each key, some milliseconds apart; `rush`: as fast as the device takes them. */
  readonly pace: 'steady' | 'rush';
  /** Of which country the reader believes the computer's keyboard to be; America's by default. */
  readonly layout?: keyof typeof OTHERS;
  /** Each key goes down before the one before it is up, as under quick fingers. */
  readonly overlap?: boolean;
}

export function typeKeys(text: string, { pace, layout = 'us', overlap = false }: Typing): string {
  const keys = [...[...text].map((character) => keyOf(character, OTHERS[layout])), ENTER];
  const reports = overlap ? overlapping(keys) : keys.flatMap((key) => [pressed(key), RELEASED]);
  if (pace === 'rush') return written(reports, '/dev/hidg0');
  // A shell would cut a report in two at a byte that is a line end, and the kernel throws short ones away.
  const bytes = Buffer.concat(reports).toString('base64');
  const each = 'dd bs=8 count=2 iflag=fullblock status=none <&6 >/dev/hidg0';
  return `base64 -d <<<'${bytes}' >/run/keys; exec 6</run/keys; for ((at = 0; at < ${reports.length / 2}; at++)); do ${each}; done`;
}

export function sendPosReports(text: string): string {
  const reports: Uint8Array[] = [];
  for (let at = 0; at < text.length; at += POS_DATA_BYTES) {
    const data = Buffer.from(text.slice(at, at + POS_DATA_BYTES), 'latin1');
    const report = new Uint8Array(REPORT_BYTES);
    // Report 2, length, AIM identifier of a QR symbol.
    report.set([2, data.length, 0x5d, 0x51, 0x31]);
    report.set(data, 5);
    report[REPORT_BYTES - 1] = at + POS_DATA_BYTES < text.length ? 1 : 0;
    reports.push(report);
  }
  return written(reports, '/dev/hidg1');
}

const RELEASED = new Uint8Array(8);

/** @param still another that is held down */
function pressed([key, shift]: Key, still = 0): Uint8Array {
  return Uint8Array.of(shift, 0, key, still, 0, 0, 0, 0);
}

/** An even number of reports. A key that is still down must be let go before it goes down again. */
function overlapping(keys: readonly Key[]): Uint8Array[] {
  const reports: Uint8Array[] = [];
  let last: Key = [0, 0];
  let still = 0;
  for (const key of keys) {
    if (key[0] === last[0]) {
      reports.push(RELEASED, pressed(key));
      still = 0;
    } else {
      if (key[0] === still) reports.push(pressed(last));
      reports.push(pressed(key, last[0]));
      still = last[0];
    }
    last = key;
  }
  return reports.length % 2 === 0 ? [...reports, RELEASED, RELEASED] : [...reports, RELEASED];
}

/** One write a report, as fast as the device takes them. */
function written(reports: readonly Uint8Array[], device: string): string {
  const bytes = Buffer.concat(reports).toString('base64');
  return `base64 -d <<<'${bytes}' | dd of=${device} bs=${reports[0]?.length ?? 1} iflag=fullblock status=none`;
}

export function sendSerial(text: string): string {
  return `printf '%s\\r' '${text}' >/dev/ttyGS0`;
}

function keyOf(character: string, others: Readonly<Record<string, Key>>): Key {
  const other = others[character];
  if (other !== undefined) return other;
  const letter = character.toLowerCase().charCodeAt(0) - 97;
  if (letter >= 0 && letter < 26) return [LETTERS_FROM + letter, /[A-Z]/.test(character) ? LEFT_SHIFT : 0];
  if (/[0-9]/.test(character)) return [DIGITS_FROM + ((Number(character) + 9) % 10), 0];
  throw new Error(`no key is known for ${JSON.stringify(character)}`);
}
