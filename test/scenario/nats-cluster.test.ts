import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { until } from '../twins/broker.ts';
import { type NatsCluster, natsCluster, natsPath } from '../twins/nats.ts';
import { SimulateProcess } from '../twins/simulate.ts';

/**
 * Gates and their district at a cluster of three NATS nodes (MQTT 3.1.1 over JetStream), of which one is killed while
 * people come: the district is connected to that one, and so is a third of the gates.
 */

/** Streams and subscriptions elect new leaders, each in 4 to 9 s: seen 15 to 33 s, on a busy machine longer. */
const ELECTED_WITHIN_MS = 150_000;

const folder = mkdtempSync(join(tmpdir(), 'menwei-nats-'));
const ends: (() => unknown)[] = [];

afterAll(async () => {
  for (const end of ends.reverse()) await end();
  rmSync(folder, { recursive: true, force: true });
});

if (natsPath === undefined) console.warn('SKIPPED: nats-server is not installed (Debian: nats-server)');

describe.skipIf(natsPath === undefined)('a cluster of three NATS nodes', () => {
  test(
    'loses its node with the district on it: nothing is lost, nothing is doubled',
    async () => {
      const cluster = await natsCluster(folder);
      ends.push(() => cluster.stop());
      const args = ['--gates', '12', '--rate', '12', '--seconds', '600', '--codes', 'phone=20,nonsense=5'];
      const simulate = new SimulateProcess(...args, '--config', configAt(cluster));
      ends.push(() => simulate.kill());
      await until(() => simulate.acknowledged > 60, 'gates report', ELECTED_WITHIN_MS);
      await cluster.kill(0);
      const before = simulate.sent;
      await until(() => simulate.sent > before + 60, 'people come while the node is gone', ELECTED_WITHIN_MS);
      const stored = simulate.acknowledged;
      await until(
        () => simulate.acknowledged > stored + 60,
        'gates report over the other nodes',
        ELECTED_WITHIN_MS,
      );
      await cluster.restart(0);
      const again = simulate.sent;
      await until(() => simulate.sent > again + 60, 'people come after it is back', ELECTED_WITHIN_MS);
      simulate.interrupt();
      const outcome = await simulate.outcome();
      expect(outcome.stored).toMatchObject({ rows: outcome.stored.expected, lost: 0, doubled: 0, broken: 0 });
      expect(outcome.total.refused).toBeGreaterThan(0);
    },
    5 * ELECTED_WITHIN_MS,
  );
});

function configAt({ urls }: NatsCluster): string {
  const [url, ...otherUrls] = urls;
  const file = join(folder, 'district.yaml');
  const broker = { type: 'server', url, otherUrls, protocolVersion: 4 };
  const communities = [{ id: 1 }, { id: 2 }];
  writeFileSync(
    file,
    JSON.stringify({ district: 'd-1', dataDir: 'data', communities, http: { port: 0 }, broker }),
  );
  return file;
}
