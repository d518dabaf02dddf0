import type { Language } from '../../wire/index.ts';
import { type Text, text } from './language.ts';
import type { Connection } from './sse-client.ts';

/** Whether the screen hears its server: a shape and a word, never colour alone. */

const WORDS: Readonly<Record<Connection, Text>> = {
  connecting: text('正在连接', 'Connecting'),
  live: text('已连接', 'Connected'),
  lost: text('连接中断，正在重连', 'Connection lost, trying again'),
};

export function ConnectionMark({
  connection,
  language,
}: {
  readonly connection: Connection;
  readonly language: Language;
}) {
  return (
    <span class={`connection connection-${connection}`} data-connection={connection}>
      <svg viewBox="0 0 16 16" aria-hidden="true">
        {connection === 'live' ? <circle cx="8" cy="8" r="5" /> : <path d="M8 1.5 15 14.5H1Z" />}
      </svg>
      {WORDS[connection][language]}
    </span>
  );
}
