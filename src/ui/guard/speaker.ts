import { signal } from '@preact/signals';
import { Sound, type Tune } from '../kit/index.ts';

/** This page's loudspeaker. */

const sound = new Sound();
/** The browser waits for a touch or a key. */
export const soundWaits = signal(false);

export function unlockSound(): void {
  void sound.unlock().then(() => {
    soundWaits.value = sound.silenced;
  });
}

/** @param volume 0 to 1 */
export function play(tune: Tune, volume: number): void {
  soundWaits.value = sound.silenced;
  sound.play(tune, volume);
}

/** As it will be heard: for the settings. */
export function tryVolume(step: number, max: number): void {
  sound.play('alarm', (step / max) ** 2);
}
