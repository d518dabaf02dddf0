/** Readers that see: a camera, and a folder of pictures. Pictures are decoded in a thread that may die of them. */
export { type AimView, aimCamera, type CameraAim } from './aim.ts';
export type { CameraSettings } from './camera-command.ts';
export { cameraReader } from './camera-reader.ts';
export { createDecoder, type Decoder, type DecodeOutcome } from './decoder.ts';
export { type DirectorySettings, directoryReader } from './directory-reader.ts';
