/**
 * The relay's own process. It alone owns the line, and it puts it to rest when the pulse is over, when the gate is gone
 * (its end of the pipe closes), when the gate hangs (no beat), and when it is told to end; when it is killed itself,
 * rest-when-gone.ts does. It decides nothing else.
 */
import type { LineDriver } from './line-driver.ts';
import { type FromRelay, type RelayTask, relayMessages, type ToRelay } from './relay-protocol.ts';
import { readBack } from './read-back.ts';
import { held, isRelayOn, pulsed, RELAY_AT_REST } from './relay-timer.ts';
import { REST_ONLY, restWhenGone } from './rest-when-gone.ts';

/** How late a pulse may end, and an edge be seen. */
const TICK_MS = 10;
const STATE_EVERY_MS = 500;

const [, , taskText = '{}', only] = process.argv;
if (only === REST_ONLY) await rest(JSON.parse(taskText) as RelayTask);
else await main(JSON.parse(taskText) as RelayTask);

/** A line that is held by somebody else has been rested by them. */
async function rest(task: RelayTask): Promise<void> {
  const driver = await openDriver(task).catch(() => undefined);
  driver?.close();
  process.exit(0);
}

async function main(task: RelayTask): Promise<void> {
  const rested = restWhenGone(taskText);
  let driver: LineDriver;
  try {
    driver = await openDriver(task);
  } catch (fault) {
    send({ type: 'failed', why: message(fault) });
    rested();
    process.exitCode = 1;
    return;
  }
  const relay = runRelay(task, driver);
  const end = () => {
    relay.rest();
    rested();
    process.exit(0);
  };
  // Ctrl-C reaches the whole group: the gate says itself when it is done.
  process.on('SIGINT', () => undefined);
  process.on('SIGHUP', () => undefined);
  process.on('SIGTERM', end);
  process.stdin.on('end', end).on('close', end).on('error', end);
  process.stdout.on('error', end);
  process.on('uncaughtException', () => {
    relay.rest();
    rested();
    process.exit(1);
  });
  process.stdin.setEncoding('utf8').on('data', relayMessages<ToRelay>(relay.take));
  send({ type: 'ready' });
  relay.tell();
}

function runRelay(task: RelayTask, driver: LineDriver) {
  let state = RELAY_AT_REST;
  let on = false;
  let beatAtMs = nowMs();
  let toldAtMs = 0;
  const relayIs = readBack(driver.reads?.bind(driver));

  const isHeard = () => nowMs() - beatAtMs <= task.beatLostMs;

  function apply(): void {
    const wanted = isRelayOn(state, nowMs());
    if (wanted === on) return;
    driver.set(wanted);
    on = wanted;
    tell();
  }

  /** Silent while the gate hangs: writing into a full pipe would stop this process too. */
  function tell(): void {
    if (!isHeard()) return;
    toldAtMs = nowMs();
    send({ type: 'state', relayOn: relayIs(on), inputs: driver.inputs() });
  }

  function tick(): void {
    if (!isHeard()) state = RELAY_AT_REST;
    apply();
    for (const change of driver.changes()) if (isHeard()) send({ type: 'input', ...change });
    if (nowMs() - toldAtMs >= STATE_EVERY_MS) tell();
  }

  function take(order: ToRelay): void {
    beatAtMs = nowMs();
    if (order.type === 'beat') return;
    try {
      if (order.type === 'hold') state = held(state, order.open === true);
      else state = pulsed(state, nowMs(), { pulseMs: pulseLength(order.pulseMs), onMaxMs: task.onMaxMs });
      apply();
      send({ type: 'done', id: order.id });
    } catch (fault) {
      state = RELAY_AT_REST;
      send({ type: 'done', id: order.id, fault: message(fault) });
    }
  }

  setInterval(tick, TICK_MS);
  return {
    take,
    tell,
    rest() {
      state = RELAY_AT_REST;
      driver.close();
    },
  };
}

async function openDriver(task: RelayTask): Promise<LineDriver> {
  switch (task.driver) {
    case 'gpio':
      return (await import('./gpio-driver.ts')).openGpioDriver(task);
    case 'sysfs':
      return (await import('./sysfs-driver.ts')).openSysfsDriver(task);
    case 'folder':
      return (await import('./folder-driver.ts')).openFolderDriver(task);
  }
}

function pulseLength(pulseMs: number): number {
  if (!Number.isFinite(pulseMs) || pulseMs <= 0) throw new Error('a pulse has a length');
  return pulseMs;
}

function send(said: FromRelay): void {
  process.stdout.write(`${JSON.stringify(said)}\n`);
}

function nowMs(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}

function message(fault: unknown): string {
  return fault instanceof Error ? fault.message : String(fault);
}
