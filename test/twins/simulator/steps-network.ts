import { monotonicMs, toHex, wallMs } from '../../../src/base/index.ts';
import { COMMAND_VERBS } from '../../../src/ports/index.ts';
import type { Accepted } from '../../../src/trust/index.ts';
import { GATE } from '../../../src/trust/testing.ts';
import { type ListStates, PASSES, RESIDENTS, SISTER_GATE, signedList } from './district.ts';
import type { GateSimulator } from './simulator.ts';
import type { SentCommand, World } from './world.ts';

/** What comes over the network: orders, documents, acknowledgements, used codes of sister gates. The uplink does as report does. */

const SESSION_BYTES = 16;
const ORDER_IS_LATE_SECONDS = 400;
const ORDER_LIFE_SECONDS = 30;
const ROUND_TRIP_MS = 200;

type Fraud = (typeof FRAUDS)[number];
const FRAUDS = [
  'none',
  'none',
  'none',
  'retained',
  'retained',
  'again',
  'again',
  'old-session',
  'late',
  'old-counter',
  'forged',
  'wrong-gate',
  'wrong-actor',
] as const;

export async function command(simulator: GateSimulator): Promise<void> {
  const { world, life } = simulator;
  if (life.session === '' || world.chance(20)) life.session = toHex(world.random.bytes(SESSION_BYTES));
  const fraud = world.random.pick(FRAUDS);
  const old = world.commands.length === 0 ? undefined : world.random.pick(world.commands);
  if (fraud === 'again' && old !== undefined) return sendAgain(simulator, old);
  world.counter += 1;
  const order = { jti: `c-${world.counter}`, fraud, counter: counterFor(world, fraud) };
  const token = await orderOf(world, life.session, order);
  world.tell({ type: 'command', ...order, mayAct: MAY_ACT[fraud] ?? 'no' });
  world.commands.push({ token, ...order });
  await deliver(simulator, token, fraud === 'retained');
}

/** A retained copy was not looked at: the order itself is still to be carried out. */
function sendAgain(simulator: GateSimulator, { token, ...order }: SentCommand): Promise<void> {
  const mayAct = order.fraud === 'retained' ? 'yes' : 'as-before';
  simulator.world.tell({ type: 'command', ...order, mayAct });
  return deliver(simulator, token, false);
}

const MAY_ACT: Partial<Record<Fraud, 'yes' | 'unsure'>> = {
  none: 'yes',
  again: 'yes',
  'old-counter': 'yes',
  late: 'unsure',
};

/** An old one is refused only if an order with as high a one was carried out. */
function counterFor({ counter }: World, fraud: Fraud): number {
  return fraud === 'old-counter' ? Math.max(1, counter - 5) : counter;
}

function orderOf(
  world: World,
  session: string,
  { fraud, jti, counter }: { fraud: Fraud; jti: string; counter: number },
): Promise<string> {
  const { random, documents, seconds } = world;
  const iat = fraud === 'late' ? seconds - ORDER_IS_LATE_SECONDS : seconds;
  const verb = random.pick(['open', 'open', 'open', ...COMMAND_VERBS.filter((each) => each !== 'update')]);
  const claims = {
    verb,
    jti,
    counter,
    iat,
    exp: iat + ORDER_LIFE_SECONDS,
    nonce: fraud === 'old-session' ? 'f'.repeat(32) : session,
    ...(verb === 'open' ? { lane: random.pick(['north', 'south']) } : {}),
    ...(verb === 'resend-from' ? { from: 1 } : {}),
    ...(fraud === 'wrong-gate' ? { aud: 'south-9' } : {}),
    ...(fraud === 'wrong-actor' ? { actor: 'op-2' } : {}),
  };
  return documents.district.command(claims, fraud === 'forged' ? 'forger' : 'operator');
}

/** Nothing retained is looked at; what is believed waits in the inbox. */
async function deliver(simulator: GateSimulator, token: string, retained: boolean): Promise<void> {
  const { life, world } = simulator;
  if (retained && world.sabotage.uplink !== 'believes-retained') {
    life.gate.offer({ type: 'command-rejected', why: 'retained' });
    return;
  }
  const context = {
    sessionNonce: life.session,
    receivedAt: life.clock.monotonic(),
    now: life.gate.clock.now(),
  };
  life.gate.offer(await life.trust.verifyCommand(token, context));
}

/** A code that was just used elsewhere: one of those shown here, or one that nobody knows. */
export function sisterUse({ world, life }: GateSimulator): void {
  const { random } = world;
  const code = world.shown.at(-1)?.hash;
  life.gate.offer({
    type: 'used',
    code: code === undefined || world.chance(30) ? toHex(random.bytes(32)) : code,
    gate: random.pick([SISTER_GATE, SISTER_GATE, 'unlisted-1', GATE]),
    direction: random.pick(['in', 'out', 'both']),
    at: world.seconds,
    ...(world.chance(50) ? { expiresAt: world.seconds + 600 } : {}),
  });
}

/** A new status list, or an old one again; sometimes the disk fails under it. */
export async function trustUpdate(simulator: GateSimulator): Promise<void> {
  const { world } = simulator;
  const subject = world.random.pick(['residents', 'residents', 'visitors'] as const);
  if (world.chance(25)) return replayOldList(simulator, subject);
  const list = world.lists[subject];
  list.version += 1;
  const place = subject === 'residents' ? world.random.pick(RESIDENTS) : world.random.pick(PASSES);
  list.states = { ...list.states, [place]: world.random.pick([1, 1, 2, 3, 0] as const) };
  world.listHistory[subject].set(list.version, list.states);
  await acceptList(simulator, subject, list);
}

function replayOldList(simulator: GateSimulator, subject: 'residents' | 'visitors'): Promise<void> {
  const { world } = simulator;
  const version = 1 + world.random.below(world.lists[subject].version);
  return acceptList(simulator, subject, { version, states: world.listHistory[subject].get(version) ?? {} });
}

async function acceptList(
  simulator: GateSimulator,
  subject: 'residents' | 'visitors',
  list: { version: number; states: ListStates },
): Promise<void> {
  const { world, life } = simulator;
  const text = await signedList(world.documents, { subject, ...list, seconds: world.seconds });
  const failing = world.chance(25);
  if (failing)
    world.trustDisk.fail({
      at: 1 + world.random.below(16),
      forever: world.chance(50),
      how: world.random.pick(['EIO', 'ENOSPC', 'EMFILE', 'short']),
    });
  const accepted = await life.trust.accept(text, life.gate.clock.now());
  world.tell({
    type: 'note',
    what: `${subject} ${list.version}: ${accepted.ok ? 'held' : accepted.error.reason}`,
  });
  if (failing && world.chance(60)) return simulator.cut('power');
  world.trustDisk.fail(undefined);
  if (accepted.ok) simulator.tellHeld();
}

/** A signed time: broadcast, held back by a broker, or the answer to the gate's own question. */
export async function timeDocument(simulator: GateSimulator): Promise<void> {
  const how = simulator.world.random.pick(['answer', 'answer', 'broadcast', 'held-back'] as const);
  if (how === 'answer') return answeredTime(simulator);
  const heldBackMs = how === 'held-back' ? simulator.world.random.below(86_400_000) : 100;
  await tellTime(simulator, simulator.world.trueMs - heldBackMs);
}

export async function answeredTime(simulator: GateSimulator): Promise<void> {
  const nonce = toHex(simulator.world.random.bytes(SESSION_BYTES));
  await tellTime(simulator, simulator.world.trueMs - ROUND_TRIP_MS / 2, nonce);
}

async function tellTime(simulator: GateSimulator, time: number, nonce?: string): Promise<void> {
  const { world, life } = simulator;
  const claims = { time, ...(nonce === undefined ? {} : { aud: GATE, nonce }) };
  const text = await world.documents.district.time(Math.floor(time / 1_000), {}, claims);
  const accepted = await life.trust.accept(text, life.gate.clock.now());
  if (accepted.ok) hear(simulator, accepted.value, nonce !== undefined);
}

function hear({ life, world }: GateSimulator, accepted: Accepted, answer: boolean): void {
  if (accepted.time === undefined) return;
  const atMs = wallMs(accepted.time.timeMs);
  const answeredAt = life.clock.monotonic();
  if (answer)
    life.gate.clock.take({
      type: 'answered',
      atMs,
      askedAt: monotonicMs(answeredAt - ROUND_TRIP_MS),
      answeredAt,
    });
  else life.gate.clock.take({ type: 'signed', atMs });
  world.tell({ type: 'signed-time', atMs });
}

/** The district stores rows and says so, signed; others pretend. */
export async function acknowledgement(simulator: GateSimulator): Promise<void> {
  const { world, life } = simulator;
  const { journal, trust } = life;
  const rows = world.unreadable ? [] : world.medium.rows();
  const row = rows[world.random.below(Math.max(1, rows.length))];
  if (row === undefined || journal.head === undefined) return;
  const fraud = world.random.pick(['none', 'none', 'none', 'hash', 'journal', 'forged', 'broker'] as const);
  const claims = {
    journal: fraud === 'journal' ? '0'.repeat(32) : journal.head.id,
    seq: row.seq,
    hash: fraud === 'hash' ? 'a'.repeat(64) : row.hash,
  };
  if (fraud === 'none') world.tell({ type: 'acknowledged', ...claims });
  if (fraud === 'broker') return pubAck(world, simulator, row);
  const token = await world.documents.district.ack(claims);
  const ack = await trust.verifyAck(fraud === 'forged' ? `${token.slice(0, -6)}AAAAAA` : token);
  if (ack.ok && ack.value.journal === journal.head?.id)
    journal.moveCursor('district', { seq: ack.value.seq, hash: ack.value.hash });
}

/** A broker's own acknowledgement says nothing about the district. */
function pubAck(world: World, { life }: GateSimulator, row: { seq: number; hash: string }): void {
  if (world.sabotage.uplink !== 'moves-cursor-blindly') return;
  life.journal.moveCursor('district', { seq: row.seq, hash: row.hash });
}
