import { PASSWORD_CHARACTERS_MIN } from '../wire/index.ts';

/** Which passwords are refused before they are ever hashed: short ones, ones with the name in them, and the first that are tried. */
export type WeakPassword = 'short-password' | 'name-in-password' | 'weak-password';

/** Fewer different characters than this are a pattern. */
const DIFFERENT_MIN = 5;
/** Keyboards and alphabets as they are walked along, in both directions. */
const WALKS = [
  'abcdefghijklmnopqrstuvwxyz',
  '01234567890123456789',
  'qwertyuiopasdfghjklzxcvbnm',
  '1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p',
  'qazwsxedcrfvtgbyhnujmikolp',
  '1q2w3e4r5t6y7u8i9o0p',
];
/** Words that make up most of the lists of leaked passwords, and this product's own; alone with figures they are no secret. */
const WORDS = new Set([
  'password',
  'passwort',
  'passw0rd',
  'p@ssw0rd',
  'p@ssword',
  'pa55word',
  'admin',
  'administrator',
  'root',
  'welcome',
  'letmein',
  'iloveyou',
  'qwerty',
  'qwertyuiop',
  'asdfghjkl',
  'changeme',
  'default',
  'secret',
  'menwei',
  'district',
  'registrar',
  'reviewer',
  'operator',
  'auditor',
  'xiaoqu',
  'woaini',
  'wodemima',
  'mima',
  'test',
  'guest',
  'user',
  'computer',
  'abc',
  'asd',
  'qwe',
  'internet',
  'football',
  'baseball',
  'sunshine',
  'princess',
  'dragon',
  'monkey',
  'master',
  'x',
]);

/** @param charactersMin fewer are too short; a desk that nobody reaches from outside may take less */
export function weakness(
  password: string,
  account: string,
  charactersMin = PASSWORD_CHARACTERS_MIN,
): WeakPassword | undefined {
  const characters = [...password.normalize('NFKC').toLowerCase()];
  if (characters.length < charactersMin) return 'short-password';
  const text = characters.join('');
  if (bare(text).includes(bare(account)) || text.includes(account)) return 'name-in-password';
  const isPattern = new Set(characters).size < DIFFERENT_MIN || isRepeated(text) || isWalk(bare(text));
  return isPattern || isWords(text) ? 'weak-password' : undefined;
}

/** Without what is put between words to look longer. */
function bare(text: string): string {
  return text.replaceAll(/[\s._-]/g, '') || text;
}

/** One short piece again and again: abcabcabcabc. */
function isRepeated(text: string): boolean {
  return `${text}${text}`.indexOf(text, 1) < text.length;
}

function isWalk(text: string): boolean {
  return WALKS.some((walk) => {
    const backwards = [...walk].reverse().join('');
    return [walk, backwards, walk + walk].some((each) => each.includes(text));
  });
}

/** Nothing but such words, figures and signs: Password2026!!, a date, a phone's number, one of an identity card. */
function isWords(text: string): boolean {
  const letters = text.split(/[\s\d!-/:-?[-`{-~]+/).filter((part) => part !== '');
  const whole = text.replaceAll(/[\d\s!.,#*_+-]+$/g, '').replaceAll(/^[\d\s!.,#*_+-]+/g, '');
  return WORDS.has(whole) || letters.every((part) => WORDS.has(part));
}
