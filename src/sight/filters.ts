import { assert } from '../base/index.ts';
import { FILTERS_WASM } from './filters-wasm.ts';
import type { GreyPicture, PictureSize } from './picture.ts';

/**
 * Filters for grey pictures in WebAssembly, many pixels at a time: halving, smoothing, sharpening, taking away thin lines
 * and uneven light. One set of filters works on one picture at a time in a memory of its own, which grows with the largest
 * picture and is never given back.
 */
export interface Filters {
  /** Takes a picture in; what was made of the one before is gone. */
  load(picture: GreyPicture): Place;
  /** A quarter of the pixels, each the mean of four. */
  halve(from: Place): Place;
  /** Mean of the square around each pixel, plus `gain` times the pixel's difference to it: 0 smooths, above 1 sharpens. */
  contrast(from: Place, around: Contrast): Place;
  /** Takes away what is dark and thinner than `2 × reach + 1` pixels: each pixel's brightest surroundings, then their darkest. */
  close(from: Place, reach: number): Place;
  /** The same for what is bright. */
  open(from: Place, reach: number): Place;
  /** 128 plus `gain` times the pixel's difference to the light around it: a mean of means, so it reaches twice as far. */
  flatten(from: Place, around: Contrast): Place;
  /** A binary grey map ("P5") of what lies there; its memory is used again by the next `load`. */
  pgm(from: Place): Uint8Array;
  /** The same without its header. */
  grey(from: Place): Uint8Array;
  readonly memoryBytes: number;
}

/** Where in the filters' memory a picture lies. */
export interface Place {
  readonly at: number;
  readonly size: PictureSize;
}

export interface Contrast {
  /** Pixels on each side: 1 … REACH_MAX. */
  readonly reach: number;
  /** 0 … GAIN_MAX, whole. */
  readonly gain: number;
}

export const REACH_MAX = 5;
export const GAIN_MAX = 64;
/** Of `close` and `open`. */
export const LINE_REACH_MAX = 3;
/** The filters step over 16 pixels at a time, and halving reads twice as many; smaller pictures are left as they are. */
export const FILTER_SIDE_MIN = 32;
/** A picture and all that is made of it; more is a mistake of the caller. */
const MEMORY_BYTES_MAX = 128 * 1024 * 1024;
const PAGE_BYTES = 65_536;
/** Before each picture, for its header: `P5`, two numbers and 255. */
const HEADER_ROOM = 64;
/** In the fixed point of 15 bits that the machine multiplies by. */
const ONE = 32_768;
/** Turns bright into dark, and so the brightest into the darkest. */
const [AS_IT_IS, FLIPPED] = [0, 255];

/** @throws where the machine has no vector instructions: see `canFilter` */
export function createFilters(): Filters {
  return new WasmFilters();
}

/** Every Node that the house runs on can; browsers older than 2023 may not. */
export function canFilter(): boolean {
  return WebAssembly.validate(bytesOf(FILTERS_WASM));
}

/** What is used of it; Node's own types leave it to the browser's. */
declare const WebAssembly: {
  validate(bytes: Uint8Array<ArrayBuffer>): boolean;
  readonly Module: new (bytes: Uint8Array<ArrayBuffer>) => object;
  readonly Instance: new (module: object) => { readonly exports: object };
};

interface Machine {
  readonly memory: { readonly buffer: ArrayBuffer; grow(pages: number): number };
  readonly halve: (...places: number[]) => void;
  readonly contrast: (...places: number[]) => void;
  readonly extreme: (...places: number[]) => void;
  readonly flatten: (...places: number[]) => void;
}

class WasmFilters implements Filters {
  readonly #machine: Machine;
  /** First byte that is still free. */
  #free = 0;

  constructor() {
    const module = new WebAssembly.Module(bytesOf(FILTERS_WASM));
    this.#machine = new WebAssembly.Instance(module).exports as Machine;
  }

  get memoryBytes(): number {
    return this.#machine.memory.buffer.byteLength;
  }

  load({ grey, size }: GreyPicture): Place {
    assert(grey.length === size.width * size.height, 'a picture fills its size');
    this.#free = 0;
    const place = this.#room(size);
    this.#bytes(place.at, grey.length).set(grey);
    return place;
  }

  halve(from: Place): Place {
    const { width, height } = from.size;
    assert(Math.min(width, height) >= FILTER_SIDE_MIN, 'a picture that can be halved');
    const half = this.#room({ width: width >> 1, height: height >> 1 });
    this.#machine.halve(from.at, half.at, width, height);
    return half;
  }

  contrast(from: Place, { reach, gain }: Contrast): Place {
    const { width, height } = from.size;
    assert(reach >= 1 && reach <= REACH_MAX && gain >= 0 && gain <= GAIN_MAX, 'within the limits');
    assertFilterable(from.size);
    const target = this.#room(from.size);
    const sums = this.#take((width + 32) * 3);
    const share = Math.round(ONE / (2 * reach + 1) ** 2);
    this.#machine.contrast(from.at, target.at, sums, width, height, reach, share, gain);
    this.#free = sums;
    return target;
  }

  close(from: Place, reach: number): Place {
    return this.#withoutLines(from, reach, [AS_IT_IS, FLIPPED]);
  }

  open(from: Place, reach: number): Place {
    return this.#withoutLines(from, reach, [FLIPPED, AS_IT_IS]);
  }

  flatten(from: Place, { reach, gain }: Contrast): Place {
    assert(gain >= 0 && gain <= GAIN_MAX, 'within the limits');
    const target = this.#room(from.size);
    const kept = this.#free;
    const once = this.contrast(from, { reach, gain: 0 });
    const light = this.contrast(once, { reach, gain: 0 });
    this.#machine.flatten(from.at, light.at, target.at, pixelsOf(from.size), gain);
    this.#free = kept;
    return target;
  }

  grey({ at, size }: Place): Uint8Array {
    return this.#bytes(at, size.width * size.height);
  }

  pgm({ at, size }: Place): Uint8Array {
    const header = new TextEncoder().encode(`P5\n${size.width} ${size.height}\n255\n`);
    assert(header.length <= HEADER_ROOM, 'a header that has room');
    const file = this.#bytes(at - header.length, header.length + size.width * size.height);
    file.set(header);
    return file;
  }

  #withoutLines(from: Place, reach: number, flips: readonly number[]): Place {
    assert(reach >= 1 && reach <= LINE_REACH_MAX, 'within the limits');
    assertFilterable(from.size);
    const [target, count] = [this.#room(from.size), pixelsOf(from.size)];
    const kept = this.#free;
    const between = this.#take(count);
    let source = from.at;
    for (const flip of flips) {
      this.#machine.extreme(source, between, count, 1, reach, flip);
      this.#machine.extreme(between, target.at, count, from.size.width, reach, flip);
      source = target.at;
    }
    this.#free = kept;
    return target;
  }

  #room(size: PictureSize): Place {
    const at = this.#take(HEADER_ROOM + size.width * size.height) + HEADER_ROOM;
    return { at, size };
  }

  /** @returns the first of so many bytes; what was taken before may lie elsewhere in JavaScript afterwards, not here */
  #take(bytes: number): number {
    const at = Math.ceil(this.#free / 16) * 16;
    // The machine reads up to 16 bytes past the last pixel.
    const end = at + bytes + 16;
    assert(end <= MEMORY_BYTES_MAX, 'a picture that has room');
    const missing = end - this.memoryBytes;
    if (missing > 0) this.#machine.memory.grow(Math.ceil(missing / PAGE_BYTES));
    this.#free = at + bytes;
    return at;
  }

  #bytes(at: number, length: number): Uint8Array {
    return new Uint8Array(this.#machine.memory.buffer, at, length);
  }
}

function assertFilterable({ width, height }: PictureSize): void {
  assert(Math.min(width, height) >= FILTER_SIDE_MIN / 2, 'a picture that can be filtered');
}

function pixelsOf({ width, height }: PictureSize): number {
  return width * height;
}

function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
}
