import type { PictureSize } from '../../src/sight/index.ts';

/** How a camera is asked for raw frames on stdout. Programs and arguments only: there is never a shell. */
export interface CameraSettings {
  readonly id: string;
  /** `ffmpeg` for a USB camera, `rpicam` for one on the Pi's own connector, `program` for another that writes frames. */
  readonly source: 'ffmpeg' | 'rpicam' | 'program';
  /** Video device of `ffmpeg`. */
  readonly path?: string | undefined;
  readonly program?: { readonly file: string; readonly args: readonly string[] } | undefined;
  readonly width: number;
  readonly height: number;
  readonly framesPerSecond?: number;
  /** How long the decoder may look at one picture; the decoder's own limit if absent. */
  readonly pictureMs?: number;
}

export interface CameraCommand {
  readonly file: string;
  readonly args: readonly string[];
  readonly size: PictureSize;
  /** Bytes of one frame as the program writes it; its grey rows come first. */
  readonly frameBytes: number;
  /** Bytes from one row of a frame to the next, and how many of a row come before the picture. */
  readonly rowBytes: number;
  readonly left: number;
}

const FRAMES_PER_SECOND = 15;
/**
 * rpicam-vid writes its buffer as it is (null_encoder.cpp), and the drivers pad each row of YUV 4:2:0: bcm2835-isp of a Pi 4
 * to 64 bytes (rpicam-apps issue 188), pisp_be of a Pi 5 to 128 (pisp_be_formats.h). Nothing in the stream tells which. A row
 * that is whole 128s long has no padding on either.
 */
const RPICAM_ROW_BYTES = 128;
const VIDEO_DEVICE = '/dev/video0';

export function cameraCommand(settings: CameraSettings): CameraCommand {
  const { width, height } = settings;
  const size = { width, height };
  const bare = { size, frameBytes: width * height, rowBytes: width, left: 0 };
  switch (settings.source) {
    case 'ffmpeg':
      return { ...bare, file: 'ffmpeg', args: ffmpegArgs(settings) };
    case 'rpicam':
      return rpicamCommand(settings);
    case 'program': {
      if (settings.program === undefined) throw new Error(`camera ${settings.id} names no program`);
      return { ...bare, ...settings.program };
    }
  }
}

/** Asks for a picture a little wider, whose rows no Pi pads, and takes its middle. */
function rpicamCommand(settings: CameraSettings): CameraCommand {
  const { width, height } = settings;
  const rowBytes = Math.ceil(width / RPICAM_ROW_BYTES) * RPICAM_ROW_BYTES;
  // 4:2:0 has rows in pairs.
  const rows = Math.ceil(height / 2) * 2;
  return {
    file: 'rpicam-vid',
    args: rpicamArgs({ width: rowBytes, height: rows }, rate(settings)),
    size: { width, height },
    // Planar YUV 4:2:0: the grey plane, then two of a quarter each.
    frameBytes: (rowBytes * rows * 3) / 2,
    rowBytes,
    left: Math.floor((rowBytes - width) / 2),
  };
}

function ffmpegArgs(settings: CameraSettings): string[] {
  const { width, height } = settings;
  const input = ['-f', 'v4l2', '-framerate', rate(settings), '-video_size', `${width}x${height}`];
  // A driver that has no such size gives its nearest (ffmpeg's v4l2.c); it is made to fit, centred on black.
  const fit = `scale=${width}:${height}:force_original_aspect_ratio=decrease,pad=${width}:${height}:-1:-1`;
  const output = ['-vf', fit, '-f', 'rawvideo', '-pix_fmt', 'gray', 'pipe:1'];
  const quiet = ['-hide_banner', '-loglevel', 'error', '-nostdin', '-fflags', 'nobuffer'];
  return [...quiet, ...input, '-i', settings.path ?? VIDEO_DEVICE, ...output];
}

function rpicamArgs({ width, height }: PictureSize, framesPerSecond: string): string[] {
  const size = ['--width', String(width), '--height', String(height)];
  return [
    '--nopreview',
    '--timeout',
    '0',
    '--codec',
    'yuv420',
    ...size,
    '--framerate',
    framesPerSecond,
    '--output',
    '-',
  ];
}

function rate(settings: CameraSettings): string {
  return String(settings.framesPerSecond ?? FRAMES_PER_SECOND);
}
