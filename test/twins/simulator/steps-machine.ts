import { wallMs } from '../../../src/base/index.ts';
import { type ManualItem, MANUAL_VERBS } from '../../../src/ports/index.ts';
import type { GateSimulator } from './simulator.ts';
import type { World } from './world.ts';

/** What happens at the machine itself: time, doors, readers, the guard's desk, its clock, its disk, its power. */

export async function timePasses(simulator: GateSimulator): Promise<void> {
  const { random } = simulator.world;
  const milliseconds = random.pick([
    60, 400, 1_500, 1_900, 4_000, 9_000, 14_000, 21_000, 61_000, 61_000, 300_000, 1_000_000,
  ]);
  await simulator.pass(1 + random.below(milliseconds));
}

export async function doorHappens(simulator: GateSimulator): Promise<void> {
  const { world, life } = simulator;
  const lane = world.random.pick(world.plan.lanes);
  const door = life.doors.get(lane.id);
  if (door === undefined) return;
  const what = world.random.pick([
    'mode',
    'mode',
    'trouble',
    'contact',
    'bounce',
    'fire',
    'exitButton',
    'tamper',
    'passage',
  ] as const);
  switch (what) {
    case 'mode':
      door.twin.mode = world.random.pick([
        'works',
        'works',
        'stuck',
        'nobody-passes',
        'nobody-passes',
        'welded',
        'relay-fault',
      ]);
      return;
    case 'trouble':
      door.trouble = world.random.pick(['rejects', 'late']);
      return;
    case 'bounce':
      for (let edge = 0; edge < 8; edge += 1) {
        if (lane.sensor === 'contact') door.move('contact', edge % 2 === 0);
        await simulator.pass(3);
      }
      return;
    default: {
      const wired = (what !== 'contact' && what !== 'passage') || lane.sensor === what;
      if (!wired) return;
      door.move(what, true);
      await simulator.pass(100 + world.random.below(world.random.pick([500, 5_000, 40_000])));
      if (world.chance(80)) door.move(what, false);
    }
  }
}

export function readerHappens({ world, life }: GateSimulator): void {
  const reader = life.readers.get(
    `${world.random.pick(world.plan.lanes).id}-${world.random.pick(['serial', 'keyboard'])}`,
  );
  if (reader === undefined || !life.alive) return;
  if (reader.health().state === 'lost') return reader.plug();
  const what = world.random.pick(['unplug', 'keys-lost', 'keys-lost', 'timed-out'] as const);
  if (what === 'unplug') reader.unplug();
  else reader.damage(what);
}

export function atDesk({ world, life }: GateSimulator): void {
  const { random } = world;
  const lane = world.chance(70) ? { lane: random.pick(['north', 'south', 'elsewhere']) } : {};
  const entry = world.trace.findLast(
    (event) => event.type === 'appended' && event.rows[0]?.decision === 'granted',
  );
  const seq = entry?.type === 'appended' ? entry.rows[0]?.seq : undefined;
  const item: ManualItem = {
    type: 'manual',
    verb: random.pick(['open', 'open', ...MANUAL_VERBS]),
    actor: random.pick(['guard-1', 'guard-1', 'guard-1', '', ' ']),
    reason: random.pick(['forgot-phone', 'delivery', 'forgot-phone', '']),
    ...lane,
    ...(seq === undefined ? {} : { entry: seq }),
    ...(world.chance(10) ? { duress: true } : {}),
  };
  world.tell({ type: 'manual', verb: item.verb, actor: item.actor, reason: item.reason });
  life.gate.offer(item);
}

/** What a bad time server, a flat battery or a hand on the clock does. */
export const JUMPS_MS = [
  -400 * 86_400_000,
  -86_400_000,
  -660_000,
  -61_000,
  -1_000,
  1_000,
  61_000,
  660_000,
  86_400_000,
  400 * 86_400_000,
];

export function clockJumps({ world, life }: GateSimulator): void {
  const { random } = world;
  const what = random.pick(['jump', 'jump', 'right', 'right', 'right', '1970', '2038', 'ntp'] as const);
  if (what === 'ntp') world.synced = world.plan.ntp && !world.synced;
  else life.clock.setWall(wallMs(wallAfter(world, what)));
  world.tell({
    type: 'clock',
    what: `${what}: the wall is wrong by ${Math.round(world.wallErrorMs)} ms, ntp ${world.synced}`,
  });
}

function wallAfter(world: World, what: 'jump' | 'right' | '1970' | '2038'): number {
  switch (what) {
    case 'jump':
      return world.trueMs + world.wallErrorMs + world.random.pick(JUMPS_MS);
    case 'right':
      return world.trueMs;
    case '1970':
      return 1_000;
    case '2038':
      return 0x8000_0000 * 1_000;
  }
}

export function journalTrouble({ world }: GateSimulator): void {
  const { random } = world;
  world.trouble = {
    code: random.pick(['disk-full', 'io']),
    for: random.pick(['code', 'all', 'all']),
    left: 1 + random.below(6),
  };
  world.tell({ type: 'note', what: `journal: ${JSON.stringify(world.trouble)}` });
}

/** In good order, by a crash, by a power cut, or in the middle of the next append. */
export async function restarts(simulator: GateSimulator): Promise<void> {
  const { world } = simulator;
  switch (world.random.below(8)) {
    case 0:
      return simulator.restart();
    case 1:
      return simulator.cut('kill');
    case 2:
    case 3:
      return simulator.cut('power');
    case 4:
      return simulator.makeReadable();
    default:
      world.cutPoint = world.random.pick(['before-commit', 'after-commit', 'after-commit']);
  }
}
