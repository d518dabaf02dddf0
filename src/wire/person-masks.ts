/** What of a person may stand on a screen or in a roster: enough to compare with a document in the hand, no more. */

/** `张*`, `欧阳*` stays `欧*`, `J*`: the first character and one star, so that its length says nothing. */
export function maskedName(name: string): string {
  return `${[...name][0] ?? ''}*`;
}

/** `610***********1234`; shorter numbers show less: never more than the last four, never the half of it. */
export function maskedNumber(number: string): string {
  const characters = [...number];
  const { length } = characters;
  const [first, last] = length >= 15 ? [3, 4] : [1, Math.min(3, Math.floor(length / 3))];
  return characters.map((each, at) => (at < first || at >= length - last ? each : '*')).join('');
}

/** `138****0000` of a mainland number, `+852****1234` of another. */
export function maskedPhone(phone: string): string {
  const mainland = /^\+86(\d{3})\d{4}(\d{4})$/.exec(phone);
  if (mainland !== null) return `${mainland[1]}****${mainland[2]}`;
  const shown = Math.min(4, Math.floor((phone.length - 1) / 3));
  return `${phone.slice(0, shown)}****${phone.slice(phone.length - shown)}`;
}
