/** Commands for the guest that send a text as the readers of guest/gadget do: keys, point-of-sale reports, or a serial line. */

const REPORT_BYTES = 64;
const POS_DATA_BYTES = 56;
/** USB HID Usage Tables 1.4, 10: key codes; the second is Left Shift in the first byte of a boot keyboard's report. */
const LEFT_SHIFT = 2;
const LETTERS_FROM = 4;
const DIGITS_FROM = 30;
const OTHERS: Readonly<Record<string, readonly [key: number, shift: number]>> = {
  '\n': [40, 0],
  '-': [45, 0],
  '=': [46, 0],
  '+': [46, LEFT_SHIFT],
  ':': [51, LEFT_SHIFT],
  '.': [55, 0],
  '/': [56, 0],
};

/** @param pace `steady`: a program of its own for each key, some milliseconds apart; `rush`: as fast as the device takes them */
export function typeKeys(text: string, pace: 'steady' | 'rush'): string {
  const reports = [...`${text}\n`].flatMap((character) => {
    const [key, shift] = keyOf(character);
    return [Uint8Array.of(shift, 0, key, 0, 0, 0, 0, 0), new Uint8Array(8)];
  });
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

/** One write a report, as fast as the device takes them. */
function written(reports: readonly Uint8Array[], device: string): string {
  const bytes = Buffer.concat(reports).toString('base64');
  return `base64 -d <<<'${bytes}' | dd of=${device} bs=${reports[0]?.length ?? 1} iflag=fullblock status=none`;
}

export function sendSerial(text: string): string {
  return `printf '%s\\r' '${text}' >/dev/ttyGS0`;
}

function keyOf(character: string): readonly [key: number, shift: number] {
  const letter = character.toLowerCase().charCodeAt(0) - 97;
  if (letter >= 0 && letter < 26) return [LETTERS_FROM + letter, /[A-Z]/.test(character) ? LEFT_SHIFT : 0];
  if (/[0-9]/.test(character)) return [DIGITS_FROM + ((Number(character) + 9) % 10), 0];
  const other = OTHERS[character];
  if (other === undefined) throw new Error(`no key is known for ${JSON.stringify(character)}`);
  return other;
}
