/** Tones made by the page itself: four that cannot be taken for each other, also by those who hear pitch badly (number and length differ). */

export type Tune = 'pass' | 'stop' | 'guard' | 'alarm';

interface Note {
  readonly hertz: number;
  readonly atSeconds: number;
  readonly lengthSeconds: number;
  readonly shape: OscillatorType;
}

const TUNES: Readonly<Record<Tune, readonly Note[]>> = {
  pass: [
    { hertz: 784, atSeconds: 0, lengthSeconds: 0.12, shape: 'sine' },
    { hertz: 1175, atSeconds: 0.12, lengthSeconds: 0.28, shape: 'sine' },
  ],
  stop: [{ hertz: 196, atSeconds: 0, lengthSeconds: 0.7, shape: 'sawtooth' }],
  guard: [0, 0.25, 0.5].map((atSeconds) => ({
    hertz: 587,
    atSeconds,
    lengthSeconds: 0.15,
    shape: 'triangle',
  })),
  // The only one whose pitch goes up and down.
  alarm: [0, 0.3, 0.6, 0.9].map((atSeconds, at) => ({
    hertz: at % 2 === 0 ? 880 : 660,
    atSeconds,
    lengthSeconds: 0.26,
    shape: 'square',
  })),
};

const LOUDNESS = 0.5;

export class Sound {
  #context: AudioContext | undefined;

  /** Browsers keep a page silent until it was touched, unless a kiosk is started with sound allowed. */
  get silenced(): boolean {
    return this.#context !== undefined && this.#context.state !== 'running';
  }

  /** Call it from a click, and once at the start for kiosks. */
  async unlock(): Promise<void> {
    this.#context ??= new AudioContext();
    // On a silenced page this waits for a touch for ever: race it.
    await Promise.race([
      this.#context.resume().catch(() => undefined),
      new Promise((go) => setTimeout(go, 300)),
    ]);
  }

  /** @param volume 0 to 1 */
  play(tune: Tune, volume = 1): void {
    const context = this.#context;
    if (context === undefined || context.state !== 'running' || volume <= 0) return;
    for (const note of TUNES[tune]) sound(context, { ...note, loudness: LOUDNESS * volume });
  }
}

function sound(context: AudioContext, note: Note & { readonly loudness: number }): void {
  const from = context.currentTime + note.atSeconds;
  const until = from + note.lengthSeconds;
  const oscillator = new OscillatorNode(context, { type: note.shape, frequency: note.hertz });
  const volume = new GainNode(context, { gain: 0 });
  volume.gain.setValueAtTime(0, from);
  volume.gain.linearRampToValueAtTime(note.loudness, from + 0.01);
  volume.gain.setValueAtTime(note.loudness, until - 0.03);
  volume.gain.linearRampToValueAtTime(0, until);
  oscillator.connect(volume).connect(context.destination);
  oscillator.start(from);
  oscillator.stop(until);
}
