import { contest, type Score, type Scores } from './camera/contest.ts';
import { emptyFrames, gateFrames } from './camera/frames.ts';
import { type LiveCost, liveCost } from './camera/live.ts';
import { PEER_PACKAGES, peers, ZXING } from './camera/peers.ts';
import { type Shown, setBeside } from './camera/pictures.ts';
import { CASCADE } from '../src/sight/index.ts';
import type { Bench } from './lib/bench.ts';
import { atLeast, atMost, type Goal, plain, type Report, time } from './lib/report.ts';
import { quantile } from './lib/rounds.ts';

/** Codes read from camera frames, and what a frame costs, beside other readers; frames are made anew from a seed. */

/** No parameter was chosen on frames of this seed. */
const SEED = 86_028_121;
const [TAKES, TAKES_QUICK] = [3, 1];
const [EMPTY, EMPTY_QUICK] = [12, 3];
/** BoofCV's photographs, 536 of them: 417 are to be read. */
const PHOTOS_READ_MIN = 417 / 536;

export const benchCamera: Bench = async ({ quick, seed = SEED }) => {
  const all = await peers();
  const contestants = quick ? all.filter(({ name }) => name === ZXING) : all;
  // All before the first is read: what is thrown away in making them must not be tidied up at a reader's cost.
  const pictures = [...generated(seed, quick)];
  globalThis.gc?.();
  const made = await contest(() => pictures, contestants);
  const [frames, photos] = quick ? [] : [setBeside('gate-frames'), setBeside('photos')];
  const sets: Sets = {
    made,
    frames: frames === undefined ? undefined : await contest(frames, contestants),
    photos: photos === undefined ? undefined : await contest(photos, contestants, 'stills'),
  };
  return report(sets, { seed, live: await liveCost(seed, contestants) });
};

interface Sets {
  readonly made: Scores;
  readonly frames: Scores | undefined;
  readonly photos: Scores | undefined;
}

function* generated(seed: number, quick: boolean): Generator<Shown> {
  for (const frame of gateFrames(seed, quick ? TAKES_QUICK : TAKES))
    yield { ...frame, text: frame.text ?? null };
  for (const frame of emptyFrames(seed, quick ? EMPTY_QUICK : EMPTY)) yield { ...frame, text: null };
}

interface Further {
  readonly seed: number;
  readonly live: LiveCost | undefined;
}

function report(sets: Sets, further: Further): Report {
  const { made, frames, photos } = sets;
  const beside = [
    ...(frames === undefined ? [] : [`${frames.pictures} further frames that others made`]),
    ...(photos === undefined
      ? []
      : [`${photos.pictures} photographs of the BoofCV benchmark, 960 pixels at most`]),
  ];
  return {
    name: 'camera',
    title: 'Codes read from a camera’s frames',
    about: `${made.pictures} frames with a code and ${made.empty} without, made from seed ${further.seed}: codes of 122 and 279 characters on a phone’s screen, at 1280 × 720 and 640 × 480, under 14 conditions${beside.map((one) => `; ${one}`).join('')}. Process CPU time, helper threads included. The house looks at one view of each frame, so each of these frames gets up to ${CASCADE.length} looks; the photographs are read as its folder’s reader does.`,
    table: table(sets),
    goals: goals(sets, further.live),
    notes: notes(sets, further.live),
    plot: plot(made),
    packages: [...PEER_PACKAGES, 'jpeg-js'],
  };
}

function table(sets: Sets): Report['table'] {
  const { made, frames, photos } = sets;
  const row = (name: string, of: (scores: Scores) => readonly [Score, number | undefined]) => {
    const [score, read = 0] = of(made);
    const elsewhere = [frames, photos].map((set) => {
      const found = set === undefined ? undefined : of(set)[1];
      return set === undefined || found === undefined ? '–' : readIn(set, found);
    });
    return [
      name,
      readIn(made, read),
      `${plain(missesBy(made, read))} ×`,
      time(quantile(score.withCodeUs, 0.5)),
      `${plain(costBy(made, score, 'withCodeUs'))} ×`,
      `${plain(costBy(made, score, 'emptyUs'))} ×`,
      ...elsewhere,
      String(score.wrong),
    ];
  };
  return {
    head: [
      '',
      'read',
      'misses, by zxing-wasm’s',
      'CPU a frame with a code',
      'by zxing-wasm’s',
      'without, by zxing-wasm’s',
      'others’ frames read',
      'photographs read',
      'wrong texts',
    ],
    rows: [
      row('menwei, first look alone', ({ own }) => [own, own.looks > 0 ? own.first : undefined]),
      row(`menwei, up to ${CASCADE.length} looks`, ({ own }) => [own, own.read]),
      ...anchorsFirst(made).map(({ name }) =>
        row(name, (scores) => {
          const score = scores.peers.find((one) => one.name === name) ?? anchorOf(scores);
          return [score, score.read];
        }),
      ),
    ],
  };
}

function goals({ made, frames, photos }: Sets, live: LiveCost | undefined): Goal[] {
  const misses = (scores: Scores) => missesBy(scores, scores.own.read);
  return [
    atMost('misses, frames of a seed never looked at', 0.25, misses(made)),
    ...(frames === undefined ? [] : [atMost('misses, frames that others made', 0.25, misses(frames))]),
    ...(photos === undefined
      ? []
      : [
          atLeast(
            'photographs read',
            [Math.ceil(photos.pictures * PHOTOS_READ_MIN), 'pictures'],
            photos.own.read,
          ),
        ]),
    atMost('CPU of a look at a frame with a code', 0.1, costBy(made, made.own, 'withCodeUs')),
    atMost('CPU of a look at a moving frame without one', 0.1, costBy(made, made.own, 'emptyUs')),
    ...(live === undefined ? [] : [atMost('CPU a frame of a still scene', 0.002, live.still)]),
  ];
}

function notes({ made, frames, photos }: Sets, live: LiveCost | undefined): string[] {
  const looks = made.own.looks / made.pictures;
  const absent = [
    ...(frames === undefined ? ['frames that others made'] : []),
    ...(photos === undefined ? ['photographs'] : []),
  ];
  return [
    `Anchor: zxing-wasm with its own options, fed with grey maps, its quickest way. It takes turns with the house alone, and then with the other readers. The house took ${plain(looks)} looks a frame.`,
    ...(live === undefined
      ? []
      : [
          `A still scene at 15 frames a second costs ${time(live.stillUs)} a frame; a code held before the camera, every frame looked at, ${plain(live.held)} × of zxing-wasm’s. The camera’s own program and its pipe are in neither.`,
        ]),
    ...(photos === undefined
      ? []
      : [
          `Photographs: the goal is 417 of 536, held against the part of them that lies here; a picture counts as read when a valid code was found. They are read as the folder’s reader reads a picture, which has no next frame: the decoder’s own thorough way, then every view and several more, for two seconds of CPU time at most. One took ${time(quantile(photos.own.withCodeUs, 0.5))} at the median and ${time(Math.max(...photos.own.withCodeUs))} at most; zxing-wasm as it comes ${time(quantile(anchorOf(photos).withCodeUs, 0.5))} at the median.`,
        ]),
    ...absent.map(
      (what) => `Not measured here: ${what}: they do not lie beside the repository, or this was a quick run.`,
    ),
  ];
}

function plot(made: Scores): Report['plot'] {
  const cost = (score: Score) => costBy(made, score, 'withCodeUs');
  return {
    unit: 'multiples of zxing-wasm as it comes',
    bars: [
      { label: 'menwei: misses', value: missesBy(made, made.own.read), goal: 0.25 },
      ...anchorsFirst(made).map((score) => ({
        label: `${score.name}: misses`,
        value: missesBy(made, score.read),
      })),
      { label: 'menwei: CPU a look', value: cost(made.own), goal: 0.1 },
      ...anchorsFirst(made).map((score) => ({ label: `${score.name}: CPU`, value: cost(score) })),
    ],
  };
}

function anchorsFirst({ peers: scores }: Scores): readonly Score[] {
  return [...scores].sort((left, right) => right.read - left.read);
}

function anchorOf({ peers: scores, beside }: Scores): Score {
  return scores.find(({ name }) => name === ZXING) ?? beside;
}

/** Median over the pictures of one's cost by the anchor's for the same picture, in the turns that they took together. */
function costBy(scores: Scores, score: Score, of: 'withCodeUs' | 'emptyUs'): number {
  const anchor = score === scores.own ? scores.beside : anchorOf(scores);
  return quantile(
    score[of].map((costUs, at) => costUs / (anchor[of][at] ?? Number.NaN)),
    0.5,
  );
}

function missesBy(scores: Scores, read: number): number {
  return (scores.pictures - read) / (scores.pictures - anchorOf(scores).read);
}

function readIn(scores: Scores, read: number): string {
  return `${read} of ${scores.pictures}, ${plain((100 * read) / scores.pictures)} %`;
}
