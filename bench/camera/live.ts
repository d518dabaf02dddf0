import { createDecoder } from '../../device/camera/index.ts';
import { systemClock } from '../../device/clock/index.ts';
import { createAttention, createMotionGate, partOf } from '../../src/sight/index.ts';
import { chanceOf } from './chance.ts';
import { cpuUs } from './contest.ts';
import { emptyFrames, gateFrames } from './frames.ts';
import { ZXING, type Peer, type Picture } from './peers.ts';

/** What a minute before a gate costs, frame by frame, as the camera's reader goes about it: nothing happens; a code is held. */

export interface LiveCost {
  /** Of the other's way of reading the same frames, every one of them. */
  readonly still: number;
  readonly held: number;
  readonly stillUs: number;
}

/** Fifteen frames a second; the first seconds are what came before. */
const FRAME_MS = 1_000 / 15;
const [BEFORE, FRAMES] = [45, 600];
/** The same scene with other noise, in turn. */
const TAKES = 8;
const NOISE = 2.5;

export async function liveCost(seed: number, peers: readonly Peer[]): Promise<LiveCost | undefined> {
  const zxing = peers.find(({ name }) => name === ZXING);
  const [street] = emptyFrames(seed, 1);
  const [code] = gateFrames(seed, 1);
  if (zxing === undefined || street === undefined || code === undefined) return undefined;
  const still = await costOf(takesOf(seed, street));
  const held = await costOf(takesOf(seed, code), true);
  return {
    still: still / (await peerCost(zxing, takesOf(seed, street))),
    held: held / (await peerCost(zxing, takesOf(seed, code))),
    stillUs: still,
  };
}

function takesOf(seed: number, { grey, width, height }: Picture): Picture[] {
  return Array.from({ length: TAKES }, (_, take) => {
    const chance = chanceOf(seed, take);
    const noisy = Uint8ClampedArray.from(grey, (level) => level + chance.normal() * NOISE);
    return { grey: new Uint8Array(noisy.buffer), width, height };
  });
}

/** @param moving the hand that holds it never quite rests: every frame is looked at */
async function costOf(takes: readonly Picture[], moving = false): Promise<number> {
  const [{ width, height } = { width: 0, height: 0 }] = takes;
  const size = { width, height };
  const gate = createMotionGate(size);
  const attention = createAttention(size);
  const decoder = createDecoder({ clock: systemClock() }, { budgetMs: 20_000 });
  let startUs = 0;
  for (let frame = 0; frame < BEFORE + FRAMES; frame += 1) {
    if (frame === BEFORE) startUs = cpuUs();
    const { grey } = takes[frame % takes.length] ?? { grey: new Uint8Array() };
    const passes = gate.passes(grey, frame * FRAME_MS);
    if (!passes && !moving) continue;
    const { view, region } = attention.next();
    const outcome = await decoder.decode({ ...partOf({ grey, size }, region), view });
    const corners = outcome.type === 'text' ? outcome.corners : undefined;
    attention.seen(corners?.map(({ x, y }) => ({ x: x + region.left, y: y + region.top })));
  }
  const costUs = (cpuUs() - startUs) / FRAMES;
  await decoder.stop();
  return costUs;
}

async function peerCost(peer: Peer, takes: readonly Picture[]): Promise<number> {
  const ready = takes.map((take) => peer.prepare(take));
  const startUs = cpuUs();
  for (const read of ready) await read();
  return (cpuUs() - startUs) / takes.length;
}
