import type { CodeFields } from '../../../src/code/index.ts';
import { PASSES, PHONES, RESIDENTS, type ShownCode, STRANGER, showCode } from './district.ts';
import { READER_KINDS } from './life.ts';
import { type GateSimulator, settled } from './simulator.ts';
import type { World } from './world.ts';

/** What people hold up to the readers of a gate. */

/** Most shown lately are shown again most often. */
const LATELY = 6;
const BURST_MAX = 45;
/** More than one reader may have written one by one. */
const DELUGE = 2_200;
const DELUGE_PERCENT = 6;

export async function showFresh(simulator: GateSimulator): Promise<void> {
  const { world } = simulator;
  const code = world.remember(await freshCode(world));
  feed(simulator, asShown(world, code));
  await settled();
}

export function showAgain(simulator: GateSimulator): void {
  const { world } = simulator;
  const kinds = world.chance(30) ? [4, 5] : [1, 2, 3, 4, 5];
  const lately = world.shown.filter(({ fields }) => kinds.includes(fields.kind)).slice(-LATELY);
  const code = lately.length === 0 ? undefined : world.random.pick(lately);
  if (code !== undefined) feed(simulator, asShown(world, code));
}

/** One showing, read twice or more: at once, a little later, or by both readers of a lane. */
export async function doubleOutput(simulator: GateSimulator): Promise<void> {
  const { world } = simulator;
  const code = world.remember(await freshCode(world));
  const lane = laneOf(world);
  const first = `${lane}-${world.random.pick(READER_KINDS)}`;
  await feedTo(simulator, first, code.text);
  for (const gapMs of world.random.pick([
    [0],
    [40],
    [900, 900],
    [2_100],
    [2_500, 30],
    [5_000, 9_000],
    [14_000, 2_000],
  ])) {
    if (gapMs > 0) await simulator.pass(gapMs);
    const again = world.chance(70) ? first : `${lane}-${world.random.pick(READER_KINDS)}`;
    await feedTo(simulator, again, code.text);
  }
}

export function hostileText(simulator: GateSimulator): void {
  feed(simulator, hostile(simulator.world));
}

/** A page with many codes, or a phone that shows one for long: faster than the lane can settle them. */
export async function burst(simulator: GateSimulator): Promise<void> {
  const { world } = simulator;
  const reader = readerOf(world);
  const same = world.chance(50) ? hostile(world) : undefined;
  const count = world.chance(DELUGE_PERCENT) ? DELUGE : 10 + world.random.below(BURST_MAX);
  for (let shown = 0; shown < count; shown += 1) void feedTo(simulator, reader, same ?? hostile(world));
  if (world.chance(30)) await simulator.cut(world.random.pick(['kill', 'power']));
}

async function freshCode(world: World): Promise<ShownCode> {
  const kind = world.random.pick([1, 1, 1, 2, 2, 3, 3, 4, 5] as const);
  const onTime = world.random.below(41) - 20;
  const late = world.random.pick([0, 0, 0, 0, 0, 0, 0, 0, -4_000, -700, 700, 4_000, -400 * 86_400]);
  const seconds = world.seconds + onTime + late;
  const forged = world.chance(5);
  return showCode(kind, { index: indexFor(world, kind), seconds, forged, ...extraOf(world, kind) });
}

function indexFor(world: World, kind: CodeFields['kind']): number {
  if (kind === 4) return world.random.pick(PASSES);
  if (world.chance(5)) return STRANGER;
  return kind === 3 ? world.random.pick(PHONES) : world.random.pick(RESIDENTS);
}

function extraOf(
  world: World,
  kind: CodeFields['kind'],
): { minutes?: number; uses?: number; party?: number } {
  if (kind === 1) return { minutes: world.random.pick([1, 10, 10, 63]) };
  if (kind === 4) return { minutes: world.random.pick([30, 600]), uses: world.random.pick([1, 2, 5]) };
  // Household 1 has the orders 0, 1 and 2.
  return kind === 3 ? { party: world.random.pick([0, 0, 0, 2, 4, 6]) } : {};
}

/** The same code in the spellings that a reader may give it. */
function asShown(world: World, { text }: ShownCode): string {
  return world.random.pick([
    text,
    text,
    text,
    text.toLowerCase(),
    `]Q1${text}`,
    `${text}\r\n`,
    `HTTPS://GAOXIN.EXAMPLE/${text}`,
  ]);
}

function hostile(world: World): string {
  const { random } = world;
  const known = world.shown.at(-1)?.text ?? 'X1';
  const at = random.below(known.length);
  const damaged = `${known.slice(0, at)}${random.pick(['0', 'V', 'Z', '\u0000', '\ud800'])}${known.slice(at + 1)}`;
  return random.pick([
    damaged,
    damaged,
    known.slice(0, at),
    `${known}${known}`,
    'WIFI:T:WPA;S:gate;P:12345678;;',
    'HTTPS://PAY.EXAMPLE/T/1',
    `X9${'0'.repeat(120)}`,
    '',
    'X'.repeat(600),
    '\u001d]d2 01\u0007',
    `X1${'V'.repeat(120)}`,
  ]);
}

function feed(simulator: GateSimulator, text: string): void {
  void feedTo(simulator, readerOf(simulator.world), text);
}

async function feedTo({ life }: GateSimulator, reader: string, text: string): Promise<void> {
  if (!life.alive) return;
  void life.readers.get(reader)?.feed(text);
  await settled();
}

function laneOf(world: World): string {
  return world.random.pick(world.plan.lanes).id;
}

function readerOf(world: World): string {
  return `${laneOf(world)}-${world.random.pick(READER_KINDS)}`;
}
