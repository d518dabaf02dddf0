import type { ReadAnswer, ReadRequest } from './read-worker.ts';

/** Reads QR codes out of pictures and camera frames in a worker, one at a time; the worker is replaced before its memory grows. */

/** The decoder leaks some kilobytes a read; a fresh worker after so many pictures keeps a tablet at the gate flat for months. */
const PICTURES_PER_WORKER = 3_000;
const READ_MAX_MS = 8_000;
/** Long side of what is searched, in pixels: more finds no more and takes longer. */
const FRAME_SIDE_MAX = 960;
const PICTURE_SIDE_MAX = 1_800;

export class QrReader {
  #worker: Worker | undefined;
  #read = 0;

  /** @param picture a file that somebody dropped; @returns the text, or nothing when it is no picture or has no code */
  async readPicture(picture: Blob): Promise<string | undefined> {
    const whole = await createImageBitmap(picture).catch(() => undefined);
    if (whole === undefined) return undefined;
    return this.#ask('picture', await shrink(whole, PICTURE_SIDE_MAX));
  }

  async readFrame(video: HTMLVideoElement): Promise<string | undefined> {
    if (video.videoWidth === 0) return undefined;
    return this.#ask('frame', await shrink(await createImageBitmap(video), FRAME_SIDE_MAX));
  }

  close(): void {
    this.#worker?.terminate();
    this.#worker = undefined;
  }

  #ask(kind: ReadRequest['kind'], picture: ImageBitmap): Promise<string | undefined> {
    const worker = this.#freshWorker();
    const request: ReadRequest = { id: this.#read, kind, picture };
    return new Promise((resolve) => {
      const finish = (text: string | undefined) => {
        clearTimeout(timer);
        worker.removeEventListener('message', answered);
        resolve(text);
      };
      const answered = ({ data }: MessageEvent<ReadAnswer>) => {
        if (data.id === request.id) finish(data.text);
      };
      const timer = setTimeout(() => {
        this.close();
        finish(undefined);
      }, READ_MAX_MS);
      worker.addEventListener('message', answered);
      worker.postMessage(request, [picture]);
    });
  }

  #freshWorker(): Worker {
    this.#read += 1;
    if (this.#read % PICTURES_PER_WORKER === 0) this.close();
    this.#worker ??= new Worker(new URL('./read-worker.ts', import.meta.url), { type: 'module' });
    return this.#worker;
  }
}

async function shrink(picture: ImageBitmap, sideMax: number): Promise<ImageBitmap> {
  const scale = sideMax / Math.max(picture.width, picture.height);
  if (scale >= 1) return picture;
  const resizeWidth = Math.max(1, Math.round(picture.width * scale));
  const resizeHeight = Math.max(1, Math.round(picture.height * scale));
  const small = await createImageBitmap(picture, { resizeWidth, resizeHeight, resizeQuality: 'medium' });
  picture.close();
  return small;
}
