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
  return new Decoder(settings);
}

class Decoder implements KeyDecoder {
  readonly #settings: KeyDecoderSettings;
  readonly #caps: ReadonlyMap<number, KeyCap>;
  readonly #held = new Set<number>();
  #capsLock = false;
  #text = '';
  /** The rest of a scan that was given up is swallowed up to its line end, or to silence. */
  #swallowing = false;
  #lastMs = Number.NEGATIVE_INFINITY;

  constructor(settings: KeyDecoderSettings) {
    this.#settings = settings;
    this.#caps = keyCaps(settings.layout);
  }

  get pending(): boolean {
    return this.#swallowing || this.#text !== '';
  }

  push(event: KeyEvent): KeyOutcome[] {
    if (event.type === EV_KEY) return this.#key(event);
    if (event.type === EV_SYN && event.code === SYN_DROPPED) return this.#lost(event.atMs);
    if (event.type === EV_LED && event.code === LED_CAPS_LOCK) this.#capsLock = event.value !== 0;
    return [];
  }

  idle(): KeyOutcome[] {
    if (this.#text !== '' && this.#settings.unfinished === 'take') return this.#end();
    const cut = this.#text !== '';
    this.#reset();
    return cut ? [{ dropped: 'timed-out' }] : [];
  }

  unplugged(): KeyOutcome[] {
    this.#held.clear();
    const cut = this.#text !== '';
    this.#reset();
    return cut ? [{ dropped: 'keys-lost' }] : [];
  }

  #key(event: KeyEvent): KeyOutcome[] {
    const silent = event.atMs - this.#lastMs > this.#settings.idleMs ? this.idle() : [];
    this.#lastMs = event.atMs;
    if (SHIFTS.has(event.code) || CHORDS.has(event.code)) {
      if (event.value === 0) this.#held.delete(event.code);
      else this.#held.add(event.code);
      return silent;
    }
    return event.value === PRESSED ? [...silent, ...this.#press(event.code)] : silent;
  }

  #press(code: number): KeyOutcome[] {
    if (LINE_ENDS.has(code)) return this.#end();
    if (code === KEY.capsLock) this.#capsLock = !this.#capsLock;
    const character = printed(this.#caps.get(code), this.#held, this.#capsLock);
    if (character === '' || this.#swallowing) return [];
    if (this.#text.length >= SCAN_TEXT_MAX) return this.#giveUp('too-long');
    this.#text += PASSES.test(character) ? character : BARRED;
    return [];
  }

  #lost(atMs: number): KeyOutcome[] {
    this.#lastMs = atMs;
    // Releases may be among what was lost: modifiers count as up until pressed again.
    this.#held.clear();
    return this.#swallowing ? [] : this.#giveUp('keys-lost');
  }

  #giveUp(reason: DropReason): KeyOutcome[] {
    this.#text = '';
    this.#swallowing = true;
    return [{ dropped: reason }];
  }

  #end(): KeyOutcome[] {
    const whole = this.#text;
    this.#reset();
    return whole === '' ? [] : [{ text: whole }];
  }

  #reset(): void {
    this.#text = '';
    this.#swallowing = false;
  }
}

/** A key of its own going down, none that only changes others: for measuring how fast a reader types. */
export function isKeystroke(event: KeyEvent): boolean {
  const isModifier = SHIFTS.has(event.code) || CHORDS.has(event.code) || event.code === KEY.capsLock;
  return event.type === EV_KEY && event.value === PRESSED && !isModifier;
}

export function isLineEnd(event: KeyEvent): boolean {
  return isKeystroke(event) && LINE_ENDS.has(event.code);
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
