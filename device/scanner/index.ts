/** Readers that are plugged in: serial, keyboard mode, point-of-sale mode; and the test that tells an installer how one is set. */
export { findCameras, type FoundReader, findReaders } from './find-readers.ts';
export { type HidPosSettings, hidPosReader } from './hid-pos-reader.ts';
export { isKeystroke, isLineEnd, type KeyEvent } from './key-decoder.ts';
export { type KeyboardDeps, type KeyboardSettings, keyboardReader } from './keyboard-reader.ts';
export { LAYOUTS, type Layout } from './layouts.ts';
export { type Finding, judgeReader, SETUP_TEXT, type Typed, type Verdict } from './reader-test.ts';
export { type SerialSettings, serialReader } from './serial-reader.ts';
