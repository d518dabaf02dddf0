import { useEffect, useRef, useState } from 'preact/hooks';
import type { RefObject } from 'preact';
import { QrReader } from './qr-reader.ts';

export type CameraState = 'off' | 'starting' | 'on' | 'denied' | 'none';

export interface Camera {
  readonly video: RefObject<HTMLVideoElement | null>;
  readonly state: CameraState;
}

/** Enough for a code that is held still, and easy on an old tablet's battery. */
const FRAME_PAUSE_MS = 60;
/** The same code in view is handed on once in this time. */
const SAME_TEXT_MS = 4_000;

/** This device's camera as a reader. Pictures stay in the page; only the text of a code leaves it. */
export function useCamera(
  wanted: boolean,
  found: (text: string) => void,
  facing: 'user' | 'environment' = 'user',
): Camera {
  const video = useRef<HTMLVideoElement>(null);
  const [state, setState] = useState<CameraState>('off');
  const latest = useRef(found);
  latest.current = found;
  useEffect(() => {
    if (!wanted) return undefined;
    const stop = new AbortController();
    setState('starting');
    void watch({
      video,
      facing,
      stopped: stop.signal,
      changed: setState,
      found: (text) => latest.current(text),
    });
    return () => {
      stop.abort();
      setState('off');
    };
  }, [wanted, facing]);
  return { video, state };
}

interface Watch {
  readonly video: RefObject<HTMLVideoElement | null>;
  readonly facing: 'user' | 'environment';
  readonly stopped: AbortSignal;
  readonly changed: (state: CameraState) => void;
  readonly found: (text: string) => void;
}

async function watch({ video, facing, stopped, changed, found }: Watch): Promise<void> {
  const stream = await openCamera(facing);
  if (typeof stream === 'string') return stopped.aborted ? undefined : changed(stream);
  const reader = new QrReader();
  const shown = video.current;
  if (shown !== null && !stopped.aborted) {
    shown.srcObject = stream;
    await shown.play().catch(() => undefined);
    changed('on');
    await readFrames(reader, shown, { stopped, found });
    shown.srcObject = null;
  }
  reader.close();
  for (const track of stream.getTracks()) track.stop();
  return undefined;
}

async function readFrames(
  reader: QrReader,
  video: HTMLVideoElement,
  { stopped, found }: Pick<Watch, 'stopped' | 'found'>,
): Promise<void> {
  let last = { text: '', atMs: Number.NEGATIVE_INFINITY };
  while (!stopped.aborted) {
    const read = await reader.readFrame(video).catch(() => undefined);
    const now = performance.now();
    if (read !== undefined && (read !== last.text || now - last.atMs > SAME_TEXT_MS)) {
      last = { text: read, atMs: now };
      if (!stopped.aborted) found(read);
    }
    await new Promise((go) => setTimeout(go, FRAME_PAUSE_MS));
  }
}

async function openCamera(facing: Watch['facing']): Promise<MediaStream | 'denied' | 'none'> {
  // Only over TLS or on localhost does a browser have `mediaDevices` at all.
  if (!('mediaDevices' in navigator)) return 'none';
  try {
    return await navigator.mediaDevices.getUserMedia({
      audio: false,
      video: { facingMode: facing, width: { ideal: 1280 }, height: { ideal: 720 } },
    });
  } catch (reason) {
    return reason instanceof DOMException && reason.name === 'NotAllowedError' ? 'denied' : 'none';
  }
}
