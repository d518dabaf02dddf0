import { type DropReason, SCAN_TEXT_MAX } from '../../src/ports/index.ts';
import { KEY, type KeyCap, keyCaps, type Layout } from './layouts.ts';

/**
 * Turns key events of one reader into texts. It promises that only characters a code, a link or a reader's frame can
 * have come out (any other printing key and every Ctrl, Alt or Meta chord becomes `?`, which no code has), and that a
 * scan of which the kernel lost keys is thrown away whole, never handed on with a hole.
 */
export interface KeyEvent {
  readonly type: number;
  readonly code: number;
  /** 0 released, 1 pressed, 2 repeated by the kernel */
  readonly value: number;
  readonly atMs: number;
}

export type KeyOutcome = { readonly text: string } | { readonly dropped: DropReason };

export interface KeyDecoder {
  push(event: KeyEvent): KeyOutcome[];
  /** Call when no key came for `idleMs`. */
  idle(): KeyOutcome[];
  /** The device went away. */
  unplugged(): KeyOutcome[];
  /** Whether a scan has begun and not ended. */
  readonly pending: boolean;
}

export interface KeyDecoderSettings {
  readonly layout: Layout;
  /** Longest silence inside a scan. */
  readonly idleMs: number;
  /** What becomes of a text that has no line end: thrown away, or (set-up test) handed on. */
  readonly unfinished?: 'drop' | 'take';
}

/** linux/input-event-codes.h */
const EV_SYN = 0;
const SYN_DROPPED = 3;
const EV_KEY = 1;
const EV_LED = 17;
const LED_CAPS_LOCK = 1;
const PRESSED = 1;

/** Code alphabet, link characters (RFC 3986 §2), and the frames of code-format.md: AIM identifier and ECI escape. */
const PASSES = /^[A-Za-z0-9:/.\-_~%&=+#\]\\ ]$/;
/** Stands for a key that may not pass. */
const BARRED = '?';
const LINE_ENDS: ReadonlySet<number> = new Set([KEY.enter, KEY.keypadEnter, KEY.tab]);
const SHIFTS: ReadonlySet<number> = new Set([KEY.leftShift, KEY.rightShift]);
const CHORDS: ReadonlySet<number> = new Set([
  KEY.leftControl,
  KEY.rightControl,
  KEY.leftAlt,
  KEY.altGr,
  KEY.leftMeta,
  KEY.rightMeta,
]);

export function createKeyDecoder(settings: KeyDecoderSettings): KeyDecoder {
  const caps = keyCaps(settings.layout);
  const held = new Set<number>();
  let capsLock = false;
  let text = '';
  /** The rest of a scan that was given up is swallowed up to its line end, or to silence. */
  let swallowing = false;
  let lastMs = Number.NEGATIVE_INFINITY;

  function giveUp(reason: DropReason): KeyOutcome[] {
    text = '';
    swallowing = true;
    return [{ dropped: reason }];
  }

  function end(): KeyOutcome[] {
    const whole = text;
    text = '';
    swallowing = false;
    return whole === '' ? [] : [{ text: whole }];
  }

  function silence(): KeyOutcome[] {
    if (text === '') {
      swallowing = false;
      return [];
    }
    if (settings.unfinished === 'take') return end();
    text = '';
    return [{ dropped: 'timed-out' }];
  }

  function lost(atMs: number): KeyOutcome[] {
    lastMs = atMs;
    // Releases may be among what was lost: modifiers count as up until pressed again.
    held.clear();
    return swallowing ? [] : giveUp('keys-lost');
  }

  function press(code: number): KeyOutcome[] {
    if (LINE_ENDS.has(code)) return end();
    if (code === KEY.capsLock) capsLock = !capsLock;
    const character = printed(caps.get(code), held, capsLock);
    if (character === '' || swallowing) return [];
    if (text.length >= SCAN_TEXT_MAX) return giveUp('too-long');
    text += PASSES.test(character) ? character : BARRED;
    return [];
  }

  function key(event: KeyEvent): KeyOutcome[] {
    const silent = event.atMs - lastMs > settings.idleMs ? silence() : [];
    lastMs = event.atMs;
    if (SHIFTS.has(event.code) || CHORDS.has(event.code)) {
      if (event.value === 0) held.delete(event.code);
      else held.add(event.code);
      return silent;
    }
    return event.value === PRESSED ? [...silent, ...press(event.code)] : silent;
  }

  return {
    push(event) {
      if (event.type === EV_KEY) return key(event);
      if (event.type === EV_SYN && event.code === SYN_DROPPED) return lost(event.atMs);
      if (event.type === EV_LED && event.code === LED_CAPS_LOCK) capsLock = event.value !== 0;
      return [];
    },
    idle: silence,
    unplugged() {
      held.clear();
      const cut = text !== '';
      text = '';
      swallowing = false;
      return cut ? [{ dropped: 'keys-lost' }] : [];
    },
    get pending() {
      return swallowing || text !== '';
    },
  };
}

/** Empty for a key that prints nothing. */
function printed(cap: KeyCap | undefined, held: ReadonlySet<number>, capsLock: boolean): string {
  if (cap === undefined) return '';
  const altGr = held.has(KEY.altGr);
  for (const code of held) {
    if (CHORDS.has(code) && code !== KEY.altGr) return BARRED;
  }
  if (altGr) return cap.altGr === '' ? BARRED : cap.altGr;
  const shift = held.has(KEY.leftShift) || held.has(KEY.rightShift);
  const isLetter = cap.plain.toUpperCase() === cap.shifted && cap.plain !== cap.shifted;
  return shift !== (capsLock && isLetter) ? cap.shifted : cap.plain;
}
