import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, describe, expect, test } from 'vitest';
import { toHex } from '../../src/base/index.ts';
import { type HolderKey, showProof } from '../../src/holder/index.ts';
import { openJournalReader } from '../../src/journal/reading.ts';
import { chainedRow } from '../../src/wire/index.ts';
import { until } from '../twins/broker.ts';
import { type NatsCluster, natsCluster, natsPath } from '../twins/nats.ts';
import { newPhone, nowSeconds } from '../twins/paper-community.ts';
import { unexplained } from '../twins/relay-trace.ts';
import { SimulateProcess } from '../twins/simulate.ts';
import { COMMUNITY, DISTRICT, type PlacedGate, TlsPlace } from './tls-place.ts';

/**
 * Gates and their district at a cluster of three NATS nodes (MQTT 3.1.1 over JetStream), of which one is killed while
 * people come: the district process is connected to that one, so is one of two whole gate processes, enrolled by their
 * readers, and a third of the simulated gates that load the same district over its desk.
 */

/** Streams and subscriptions elect new leaders, each in 4 to 9 s: seen 15 to 33 s, on a busy machine longer. */
const ELECTED_WITHIN_MS = 240_000;
const PULSE_MS = 200;
/** A code of a phone is of one second. */
const SHOWN_EVERY_MS = 1_000;

const folder = mkdtempSync(join(tmpdir(), 'menwei-nats-'));
const ends: (() => unknown)[] = [];

afterAll(async () => {
  for (const end of ends.reverse()) await end();
  rmSync(folder, { recursive: true, force: true });
}, 120_000);

if (natsPath === undefined) console.warn('SKIPPED: nats-server is not installed (Debian: nats-server)');

describe.skipIf(natsPath === undefined)('a cluster of three NATS nodes', () => {
  test(
    'loses its node with the district and a gate on it: nothing is lost, nothing is doubled, every chain holds',
    async () => {
      const cluster = await natsCluster(folder);
      ends.push(() => cluster.stop());
      const place = await TlsPlace.begin('embedded broker, SQLite', { broker: brokerAt(cluster) });
      ends.push(() => place.end());
      const simulate = await load(place);
      await until(() => simulate.sent > 0, 'simulated gates report', ELECTED_WITHIN_MS);
      const doors = [await Door.install(place, cluster, 0), await Door.install(place, cluster, 1)];
      const isGoingOn = (what: string) => goesOn([...doors, simulated(simulate)], what);

      await isGoingOn('all report');
      await cluster.kill(0);
      await isGoingOn('all report over the nodes that are left');
      await cluster.restart(0);
      await isGoingOn('all report after it is back');

      simulate.interrupt();
      const { stored, total } = await simulate.outcome();
      expect(stored).toMatchObject({ rows: stored.expected, lost: 0, doubled: 0, broken: 0 });
      expect(total.refused).toBeGreaterThan(0);
      for (const door of doors) await door.proveWhole();
      const { alarms } = await place.ask<{ alarms: unknown[] }>('/alarms?alarm=tamper');
      expect(alarms).toEqual([]);
    },
    5 * ELECTED_WITHIN_MS,
  );
});

interface Going {
  /** Rows written, and rows that the district has. */
  readonly written: () => number;
  readonly stored: () => number;
}

/** From now on rows are written everywhere, and rows of after now are stored. */
async function goesOn(all: readonly Going[], what: string): Promise<void> {
  const before = all.map(({ written }) => written());
  for (const [at, each] of all.entries())
    await until(() => each.stored() > (before[at] ?? 0) + 2, `${what} (${at})`, ELECTED_WITHIN_MS);
}

function simulated(simulate: SimulateProcess): Going {
  return { written: () => simulate.sent, stored: () => simulate.acknowledged };
}

function brokerAt({ urls: [url, ...otherUrls] }: NatsCluster) {
  return { type: 'server', url, otherUrls, protocolVersion: 4 };
}

/** Six gates that are not there, at the district that runs. */
async function load(place: TlsPlace): Promise<SimulateProcess> {
  const passwordFile = join(folder, 'password');
  writeFileSync(passwordFile, place.operator.password, { mode: 0o600 });
  const whom = ['--account', place.operator.account, '--password-file', passwordFile];
  const where = ['--config', place.configFile, '--district', await place.district.open(), ...whom];
  const people = ['--rate', '6', '--seconds', '3600', '--codes', 'phone=20,nonsense=10'];
  const simulate = new SimulateProcess('--gates', '6', ...people, ...where);
  ends.push(() => simulate.kill());
  return simulate;
}

/** A gate as it stands at a door: a process that reads pictures, a relay, and somebody with a phone who goes in all day. */
class Door implements Going {
  readonly #place: TlsPlace;
  readonly #gate: PlacedGate;
  readonly #name: string;
  #walks = true;
  #walking: Promise<void> = Promise.resolve();

  private constructor(place: TlsPlace, name: string, gate: PlacedGate) {
    this.#place = place;
    this.#name = name;
    this.#gate = gate;
  }

  /** @param node that it names first */
  static async install(place: TlsPlace, { urls }: NatsCluster, node: number): Promise<Door> {
    const [url, ...otherUrls] = [...urls.slice(node), ...urls.slice(0, node)];
    const name = `door-${node}`;
    const gate = await place.install(name, name, { mqtt: { url, otherUrls, protocolVersion: 4 } });
    const door = new Door(place, name, gate);
    const key = newPhone();
    const index = await door.#settle(key, `1-10${node}`);
    door.#walking = door.#walk(key, index);
    ends.push(() => door.#stopWalking());
    return door;
  }

  readonly written = (): number => this.#rows().length;

  readonly stored = (): number => this.#storedHashes().length;

  /** Every row of the journal at the district, once and in order; every opening has its row; the chain holds there. */
  async proveWhole(): Promise<void> {
    await this.#stopWalking();
    const hashes = () =>
      this.#rows()
        .map(({ hash }) => hash)
        .join();
    await until(
      () => this.#storedHashes().join() === hashes(),
      `${this.#name}: every row is there`,
      ELECTED_WITHIN_MS,
    );
    const rows = this.#rows();
    const granted = rows.filter(({ decision }) => decision === 'granted').length;
    expect(granted).toBeGreaterThan(5);
    expect(this.#gate.relay.openings().length).toBeGreaterThan(5);
    expect(unexplained(this.#gate.relay.openings(), rows, { pulseMs: PULSE_MS })).toEqual([]);
    const path = `/gates/${this.#name}/chain`;
    await this.#place.ask(path, {});
    type Answer = { running: boolean; results: { rows: number; problem?: unknown }[] };
    let answer: Answer | undefined;
    await until(
      async () => {
        answer = await this.#place.ask<Answer>(path);
        return !answer.running;
      },
      'the chain is checked',
      60_000,
    );
    expect(answer?.results).toEqual([expect.objectContaining({ rows: rows.length })]);
    expect(answer?.results[0]?.problem).toBeUndefined();
  }

  async #settle(key: HolderKey, room: string): Promise<number> {
    const { index } = await this.#place.ask<{ index: number }>('/residents', { community: COMMUNITY, room });
    const proof = await codeOf(key, index);
    await this.#place.ask(`/residents/${index}/keys`, { publicKey: toHex(key.publicKey), proof });
    return index;
  }

  async #walk(key: HolderKey, index: number): Promise<void> {
    while (this.#walks) {
      this.#gate.show(await codeOf(key, index));
      await new Promise((resolve) => setTimeout(resolve, SHOWN_EVERY_MS));
    }
  }

  #stopWalking(): Promise<void> {
    this.#walks = false;
    return this.#walking;
  }

  #rows() {
    const reader = openJournalReader(join(this.#gate.folder, 'data/journal.sqlite'));
    try {
      return [...reader.iterate()].map((row) => chainedRow.parse(row));
    } finally {
      reader.close();
    }
  }

  #storedHashes(): string[] {
    const database = new DatabaseSync(join(this.#place.keysFolder, '../district.sqlite'), { readOnly: true });
    try {
      const sql = 'select hash from journal_row where gate = ? order by seq';
      return database
        .prepare(sql)
        .all(this.#name)
        .map(({ hash }) => String(hash));
    } finally {
      database.close();
    }
  }
}

async function codeOf(key: HolderKey, index: number): Promise<string> {
  const of = { district: DISTRICT, index, slot: 0, party: 0, seconds: nowSeconds() };
  return (await showProof(key, of)).canonical;
}
