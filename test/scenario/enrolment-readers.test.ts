import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type PseudoTerminal, pseudoTerminal } from '../../device/scanner/testing.ts';
import { until } from '../twins/broker.ts';
import { GateProcess } from '../twins/gate-process.ts';
import { RelayTrace } from '../twins/relay-trace.ts';
import { COMMUNITY, TlsPlace } from './tls-place.ts';

/** A new gate is enrolled by whatever reader it has: a scanner on a serial line, or the page that shows its lane. */

let place: TlsPlace;
beforeAll(async () => {
  place = await TlsPlace.begin('embedded broker, SQLite');
}, 300_000);
afterAll(() => place?.end(), 60_000);

interface NewGate {
  readonly process: GateProcess;
  readonly relay: RelayTrace;
  /** Of its pages: first as one that waits, then as a gate. */
  address(at: 0 | 1): string;
}

function newGate(name: string, reader: object): NewGate {
  const folder = join(place.folder, name);
  mkdirSync(folder, { recursive: true });
  const door = { driver: 'folder', chip: 'door', relay: { pulseMs: 200 } };
  const lane = { id: 'main', readers: [{ id: 'reader', ...reader }], door };
  const config = join(folder, 'gate.yaml');
  writeFileSync(
    config,
    JSON.stringify({ dataDir: 'data', http: { port: 0 }, clock: { battery: true }, lanes: [lane] }),
  );
  const relay = new RelayTrace(join(folder, 'door'));
  const process = new GateProcess({ config });
  place.onEnd(() => process.stop());
  return {
    process,
    relay,
    address: (at) => [...process.log.matchAll(/"address":"([^"]+)"/g)][at]?.[1] ?? '',
  };
}

/** From the symbol to the first opening, all of it read by this one reader. */
async function setUp(name: string, gate: NewGate, read: (text: string) => unknown): Promise<void> {
  await gate.process.open();
  await read('https://example.invalid/no-symbol');
  const { text } = await place.ask<{ text: string }>('/enrolments', { gate: name, community: COMMUNITY });
  await read(text);
  await until(() => gate.address(1) !== '', `${name} goes on as a gate`, 60_000);
  const { fingerprint } = (await place.listed(name)) ?? {};
  await place.ask(`/gates/${name}/confirm`, { fingerprint });
  const holds = async () => {
    const held = (await place.listed(name))?.status?.documents ?? {};
    return ['roster', 'residents', 'policy', 'keyset'].every((each) => held[each] !== undefined);
  };
  await until(holds, `${name} has its documents`, 60_000);
  const { index } = await place.ask<{ index: number }>('/residents', {
    community: COMMUNITY,
    room: `${name}-1`.slice(0, 16),
  });
  await until(
    async () => {
      const { code } = await place.ask<{ code: string }>(`/residents/${index}/token`, {});
      await read(code);
      await new Promise((resolve) => setTimeout(resolve, 300));
      return gate.relay.openings().length > 0;
    },
    `a code opens at ${name}`,
    90_000,
  );
}

describe('a new gate', () => {
  let terminal: PseudoTerminal | undefined;
  beforeAll(async () => {
    terminal = await pseudoTerminal();
  });
  afterAll(() => terminal?.hangUp());

  test('whose one reader is a scanner on a serial line', async (context) => {
    if (terminal === undefined) return context.skip('no python3 or no pseudo-terminals');
    const line = terminal;
    const gate = newGate('serial-1', { type: 'serial', path: line.path });
    await setUp('serial-1', gate, (text) => line.write(`${text}\r\n`));
    expect(gate.relay.openings().length).toBeGreaterThan(0);
  }, 300_000);

  test('whose one reader is the page of its display', async () => {
    const gate = newGate('page-1', { type: 'display' });
    const read = async (text: string) => {
      const address = gate.address(1) || gate.address(0);
      const answer = await fetch(`${address}/display/main/scan`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', origin: address.replace(/\/$/, '') },
        body: JSON.stringify({ text }),
      });
      expect(answer.status).toBeLessThan(300);
    };
    await setUp('page-1', gate, read);
    expect(gate.relay.openings().length).toBeGreaterThan(0);
  }, 300_000);
});
