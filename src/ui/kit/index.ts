/** What all screens share: type, colour, words, live lines, QR drawing and reading. Knows no page. */
export { Both } from './both.tsx';
export { ConnectionMark } from './connection-mark.tsx';
export { clockText, dateText, otherLanguage, type Text, text } from './language.ts';
export { keepAwake } from './keep-awake.ts';
export { type MessageSchema, parseMessage } from './message.ts';
export type { Preferences } from './preferences.ts';
export { Qr } from './qr.tsx';
export { QrReader } from './qr-reader.ts';
export { Sound } from './sound.ts';
export { hasVoice, hush, onVoices, speak } from './speech.ts';
export { type Connection, openLine } from './sse-client.ts';
export type { ServerEvent } from './sse-parser.ts';
export { useSteadyNow } from './use-now.ts';
export { usePreferences } from './use-preferences.ts';
