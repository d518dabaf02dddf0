import type { PersonBody } from '../../src/wire/index.ts';

/** What must not be found where it does not belong, however it is written there. */

/** Spellings of what identifies these people: as it is, escaped, in hex and in base64 at each of its three places. */
export function canariesOf(people: readonly PersonBody[]): string[] {
  const said = people.flatMap(({ name, document, phone = '', plate = '' }) =>
    [name, document.number, phone, phone.replace('+86', ''), plate].filter((text) => text.length > 0),
  );
  return said.flatMap((text) => [
    text,
    encodeURIComponent(text),
    JSON.stringify(text).slice(1, -1),
    [...text].map((each) => `\\u${each.charCodeAt(0).toString(16).padStart(4, '0')}`).join(''),
    Buffer.from(text).toString('hex'),
    Buffer.from(text).toString('hex').toUpperCase(),
    ...[0, 1, 2].flatMap((before) => base64At(text, before)),
  ]);
}

/** As it stands in the base64 of a longer text that has so many bytes before it: without what its neighbours decide. */
function base64At(text: string, before: number): string[] {
  const bytes = Buffer.concat([Buffer.alloc(before), Buffer.from(text)]);
  const whole = bytes.subarray(0, bytes.length - (bytes.length % 3));
  const from = before === 0 ? 0 : 4;
  return [whole.toString('base64').slice(from), whole.toString('base64url').slice(from)].filter(
    (spelled) => spelled.length >= 8,
  );
}

/** Which of them stand in it, also inside the parts of its tokens. */
export function found(text: string, canaries: readonly string[]): string[] {
  const inside = [...text.matchAll(/[\w-]{16,}/g)].map(([part]) =>
    Buffer.from(part, 'base64url').toString('utf8'),
  );
  const all = [text, ...inside].join('\n');
  return canaries.filter((canary) => all.includes(canary));
}
