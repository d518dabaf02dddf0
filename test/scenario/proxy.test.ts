import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { enrolmentText } from '../../src/wire/index.ts';
import { testAuthority } from '../twins/certificates.ts';
import { type ConnectProxy, connectProxy } from '../twins/connect-proxy.ts';
import { menwei } from '../twins/gate-process.ts';

/** The product's own commands on a network that lets nobody out but its proxy: names are known there alone. */

const DISTRICT = 'https://district.invalid:7300';
const NOT_KNOWN = 'token: not known; make a new symbol';

let folder: string;
let desk: Server;
let proxy: ConnectProxy;
let authority: string;
const asked: string[] = [];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'menwei-proxy-'));
  authority = join(folder, 'authority.pem');
  const signer = await testAuthority();
  writeFileSync(authority, signer.certificate);
  const { certificate, key } = await signer.server('district.invalid');
  desk = createServer({ cert: certificate, key }, (request, answer) => {
    asked.push(`${request.method} ${request.url}`);
    answer.writeHead(404, { 'content-type': 'application/json' }).end(JSON.stringify({ error: NOT_KNOWN }));
  });
  desk.listen(0, '127.0.0.1');
  await once(desk, 'listening');
  proxy = await connectProxy((desk.address() as AddressInfo).port);
});
afterAll(async () => {
  await proxy?.stop();
  desk?.close();
  desk?.closeAllConnections();
  rmSync(folder, { recursive: true, force: true });
});

const text = enrolmentText({ root: 'ab'.repeat(32), token: 'cd'.repeat(16), address: DISTRICT }) ?? '';
const trust = () => ({ NODE_EXTRA_CA_CERTS: authority });

function gateFile(name: string, more: object): string {
  const file = join(folder, name);
  const lane = {
    id: 'main',
    readers: [{ id: 'page', type: 'display' }],
    door: { driver: 'simulated' },
  };
  writeFileSync(file, JSON.stringify({ dataDir: `${name}-data`, lanes: [lane], ...more }));
  return file;
}

describe('behind a proxy', () => {
  test('a gate reaches its district’s desk through the one that its configuration names', async () => {
    const config = gateFile('named.yaml', { proxy: { url: proxy.url } });
    const { code, error } = await menwei(['enrol', text, '--config', config], '', trust());
    expect([code, error.trim()]).toEqual([1, `menwei: ${NOT_KNOWN}`]);
    expect(proxy.asked).toEqual(['district.invalid:7300']);
    expect(asked).toEqual(['POST /api/enrol']);
  });

  test('a machine asks for releases through the one of its environment', async () => {
    const release = join(folder, 'keys');
    const { error } = await menwei(
      ['update', 'https://district.invalid/menwei/', '--check', '--keys', release, '--state', folder],
      '',
      { ...trust(), https_proxy: proxy.url },
    );
    expect(error).toMatch(/^menwei: \S+: /);
    expect(proxy.asked.at(-1)).toBe('district.invalid:443');
    expect(asked.at(-1)).toBe('GET /menwei/release.jws');
  });

  test('without one it finds nobody, and a host that is excepted is not asked of it', async () => {
    const before = proxy.asked.length;
    const said = await Promise.all(
      [{}, { proxy: { url: proxy.url, direct: ['district.invalid'] } }].map((more, number) =>
        menwei(['enrol', text, '--config', gateFile(`direct-${number}.yaml`, more)], '', trust()),
      ),
    );
    for (const { error } of said) expect(error).toContain('the district does not answer');
    expect(proxy.asked).toHaveLength(before);
  });
});
