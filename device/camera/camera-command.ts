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
  /** Bytes of one frame; the grey picture comes first. */
  readonly frameBytes: number;
}

const FRAMES_PER_SECOND = 15;
const VIDEO_DEVICE = '/dev/video0';

export function cameraCommand(settings: CameraSettings): CameraCommand {
  const { width, height } = settings;
  const size = { width, height };
  const greyBytes = width * height;
  switch (settings.source) {
    case 'ffmpeg':
      return { file: 'ffmpeg', args: ffmpegArgs(settings), size, frameBytes: greyBytes };
    case 'rpicam':
      // Planar YUV 4:2:0: the grey plane, then two of a quarter each.
      return { file: 'rpicam-vid', args: rpicamArgs(settings), size, frameBytes: (greyBytes * 3) / 2 };
    case 'program': {
      if (settings.program === undefined) throw new Error(`camera ${settings.id} names no program`);
      return { ...settings.program, size, frameBytes: greyBytes };
    }
  }
}

function ffmpegArgs(settings: CameraSettings): string[] {
  const input = [
    '-f',
    'v4l2',
    '-framerate',
    rate(settings),
    '-video_size',
    `${settings.width}x${settings.height}`,
  ];
  const output = ['-f', 'rawvideo', '-pix_fmt', 'gray', 'pipe:1'];
  const quiet = ['-hide_banner', '-loglevel', 'error', '-nostdin', '-fflags', 'nobuffer'];
  return [...quiet, ...input, '-i', settings.path ?? VIDEO_DEVICE, ...output];
}

function rpicamArgs(settings: CameraSettings): string[] {
  const size = ['--width', String(settings.width), '--height', String(settings.height)];
  return [
    '--nopreview',
    '--timeout',
    '0',
    '--codec',
    'yuv420',
    ...size,
    '--framerate',
    rate(settings),
    '--output',
    '-',
  ];
}

function rate(settings: CameraSettings): string {
  return String(settings.framesPerSecond ?? FRAMES_PER_SECOND);
}
