import type { Language } from '../../wire/index.ts';

/** Says a sentence with a voice of this machine. A voice that would send the text to a server is never used. */

export function hasVoice(language: Language): boolean {
  return voiceFor(language) !== undefined;
}

/** What was being said is cut off: the newest verdict counts. */
export function speak(sentence: string, language: Language): void {
  const voice = voiceFor(language);
  if (voice === undefined) return;
  speechSynthesis.cancel();
  const utterance = new SpeechSynthesisUtterance(sentence);
  utterance.voice = voice;
  utterance.lang = voice.lang;
  utterance.rate = 1.05;
  speechSynthesis.speak(utterance);
}

export function hush(): void {
  if ('speechSynthesis' in globalThis) speechSynthesis.cancel();
}

/** @returns how to stop listening; voices often arrive after the page */
export function onVoices(changed: () => void): () => void {
  if (!('speechSynthesis' in globalThis)) return () => undefined;
  speechSynthesis.addEventListener('voiceschanged', changed);
  return () => speechSynthesis.removeEventListener('voiceschanged', changed);
}

function voiceFor(language: Language): SpeechSynthesisVoice | undefined {
  if (!('speechSynthesis' in globalThis)) return undefined;
  const start = language === 'en' ? /^en\b/i : /^(zh|cmn)\b/i;
  return speechSynthesis
    .getVoices()
    .find((voice) => voice.localService && start.test(voice.lang.replace('_', '-')));
}
