/**
 * What the gate and its relay process say to each other: one JSON object a line. The relay process imports nothing of
 * the house, so that it starts in a moment and has little to fail with.
 */
export type ToRelay =
  | { readonly type: 'pulse'; readonly id: number; readonly pulseMs: number }
  | { readonly type: 'hold'; readonly id: number; readonly open: boolean }
  | { readonly type: 'beat' };

export type FromRelay =
  | { readonly type: 'ready' }
  | { readonly type: 'failed'; readonly why: string }
  | { readonly type: 'done'; readonly id: number; readonly fault?: string }
  | { readonly type: 'state'; readonly relayOn: boolean; readonly inputs: Readonly<Record<string, boolean>> }
  | { readonly type: 'input'; readonly input: string; readonly active: boolean };

export interface RelayTask {
  readonly door: string;
  readonly driver: 'gpio' | 'sysfs' | 'folder';
  /** Chip label or device path (gpio, sysfs); the folder (folder). */
  readonly chip?: string;
  readonly relay: { readonly line: number; readonly activeLow: boolean };
  readonly inputs: Readonly<Record<string, RelayInput>>;
  readonly onMaxMs: number;
  /** Without a beat for so long the relay rests. */
  readonly beatLostMs: number;
}

export interface RelayInput {
  readonly line: number;
  readonly activeLow: boolean;
  /** Where nothing drives the line; `sysfs` cannot set it. */
  readonly pull: 'up' | 'down' | 'none';
  readonly debounceMs: number;
}

/** Longest line either side takes; a longer one is a bug or an attack and ends the conversation. */
export const RELAY_LINE_MAX = 4_096;

/** Cuts a stream into messages; throws on what is none. */
export function relayMessages<Message>(take: (message: Message) => void): (chunk: string) => void {
  let held = '';
  return (chunk) => {
    const lines = (held + chunk).split('\n');
    held = lines.pop() ?? '';
    if (held.length > RELAY_LINE_MAX) throw new Error('a line of the relay’s conversation is too long');
    for (const line of lines) take(JSON.parse(line) as Message);
  };
}
