import { createDecoder, type Decoder } from '../../device/camera/index.ts';
import { systemClock } from '../../device/clock/index.ts';
import { CASCADE, type ViewName } from '../../src/sight/index.ts';
import { gateFrames } from './frames.ts';
import { type Peer, type Picture, ZXING } from './peers.ts';
import type { Shown } from './pictures.ts';

/**
 * Readers look at every picture, one after the other, each beginning with another; what it costs is the process's own time. First the
 * house and the anchor, then the anchor and its other peers: between two looks of a gate's camera nobody else's decoder fills the
 * processor's memory, and what is as small as a look pays for that twice over.
 */

export interface Score {
  readonly name: string;
  /** Pictures with a code that were read, and those whose text was another. */
  read: number;
  wrong: number;
  /** Microseconds for each picture with a code, and for each without. */
  readonly withCodeUs: number[];
  readonly emptyUs: number[];
}

/** The house: one view of each frame, so a frame is looked at until it is read or no view is left. Its cost is that of one look, their mean where there were several; of a still picture all that its reader does. */
export interface OwnScore extends Score {
  /** Read at the first look. */
  first: number;
  /** Looks at pictures with a code. */
  looks: number;
}

export interface Scores {
  readonly pictures: number;
  readonly empty: number;
  readonly own: OwnScore;
  /** The anchor's turns between the house's. */
  readonly beside: Score;
  /** The anchor's turns between its other peers', and theirs. */
  readonly peers: readonly Score[];
}

/** A hung decoder would make the figures wrong; a busy machine must not. */
const BUDGET_MS = 20_000;

/** How the house takes them: as frames of a camera, or as pictures that its folder's reader finds. */
export type Kind = 'frames' | 'stills';

export async function contest(
  pictures: () => Iterable<Shown>,
  peers: readonly Peer[],
  kind: Kind = 'frames',
): Promise<Scores> {
  const anchor = peers.find(({ name }) => name === ZXING);
  if (anchor === undefined) throw new Error('the anchor does not run');
  const own = { ...emptyScore('menwei'), first: 0, looks: 0 };
  const decoder = createDecoder({ clock: systemClock() }, { budgetMs: BUDGET_MS });
  await warmUp(decoder, peers);
  const look: Turn = (shown) =>
    kind === 'frames' ? lookAt(decoder, shown, own) : judge(own, shown, readStill(decoder, shown));
  const beside = emptyScore(anchor.name);
  const counted = await heat(pictures(), [look, turnOf(anchor, beside)]);
  await decoder.stop();
  const scores = peers.map(({ name }) => emptyScore(name));
  if (peers.length > 1)
    await heat(
      pictures(),
      peers.map((peer, at) => turnOf(peer, scores[at] ?? beside)),
    );
  return { ...counted, own, beside, peers: peers.length > 1 ? scores : [beside] };
}

type Turn = (shown: Shown) => Promise<void>;

function turnOf(peer: Peer, score: Score): Turn {
  return (shown) => judge(score, shown, peer.prepare(shown));
}

async function heat(
  pictures: Iterable<Shown>,
  turns: readonly Turn[],
): Promise<Pick<Scores, 'pictures' | 'empty'>> {
  let [withCode, empty] = [0, 0];
  for (const shown of pictures) {
    if (shown.text === null) empty += 1;
    else withCode += 1;
    for (let step = 0; step < turns.length; step += 1)
      await turns[(withCode + empty + step) % turns.length]?.(shown);
  }
  return { pictures: withCode, empty };
}

function emptyScore(name: string): Score {
  return { name, read: 0, wrong: 0, withCodeUs: [], emptyUs: [] };
}

/** What a compiler does while it learns what is called often is nobody's cost. */
async function warmUp(decoder: Decoder, peers: readonly Peer[]): Promise<void> {
  for (const picture of gateFrames(WARM_UP_SEED, 1, WARM_UP_FRAMES)) {
    for (let turn = 0; turn < 2; turn += 1)
      for (const view of CASCADE) await decoder.decode(frameOf(picture, view));
    for (const peer of peers) await peer.prepare(picture)();
  }
}

const [WARM_UP_SEED, WARM_UP_FRAMES] = [1, 20];

async function judge(score: Score, shown: Shown, read: ReturnType<Peer['prepare']>): Promise<void> {
  const start = cpuUs();
  const text = await read();
  const costUs = cpuUs() - start;
  (shown.text === null ? score.emptyUs : score.withCodeUs).push(costUs);
  note(score, shown, text);
}

/** As a grey map: what turns a photograph into one is nobody's work here. */
function readStill(decoder: Decoder, { grey, width, height }: Picture): () => Promise<string | undefined> {
  const file = Buffer.concat([Buffer.from(`P5\n${width} ${height}\n255\n`), grey]);
  return async () => {
    const outcome = await decoder.decode(file);
    return outcome.type === 'text' ? outcome.text : undefined;
  };
}

async function lookAt(decoder: Decoder, shown: Shown, score: OwnScore): Promise<void> {
  const costsUs: number[] = [];
  const before = score.read;
  for (const view of CASCADE) {
    const frame = frameOf(shown, view);
    const start = cpuUs();
    const outcome = await decoder.decode(frame);
    costsUs.push(cpuUs() - start);
    note(score, shown, outcome.type === 'text' ? outcome.text : undefined);
    if (score.read > before) break;
  }
  const costUs = costsUs.reduce((sum, one) => sum + one, 0) / costsUs.length;
  (shown.text === null ? score.emptyUs : score.withCodeUs).push(costUs);
  if (shown.text !== null) score.looks += costsUs.length;
  if (score.read > before && costsUs.length === 1) score.first += 1;
}

function note(score: Score, shown: Shown, text: string | undefined): void {
  if (text === undefined) return;
  if (shown.text === undefined || shown.text === text) score.read += 1;
  else score.wrong += 1;
}

/** A copy, as the camera's reader makes one: its memory goes to the thread. */
function frameOf({ grey, width, height }: Picture, view: ViewName) {
  return { grey: grey.slice(), size: { width, height }, view };
}

export function cpuUs(): number {
  const { user, system } = process.cpuUsage();
  return user + system;
}
