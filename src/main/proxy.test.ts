import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { proxyInUse, askThrough } from './proxy.ts';

/** Which proxy is used. That a fetch of the product goes through one is shown in test/scenario/proxy.test.ts. */

afterEach(() => askThrough(undefined, { environment: {} }));

const named = { url: 'http://proxy.example:3128', direct: [] };

describe('the proxy in use', () => {
  it('is the one that the configuration names, before the environment’s', () => {
    askThrough(named, { environment: { https_proxy: 'http://other.example:1' } });
    expect(proxyInUse()).toEqual({ proxy: named, from: 'file' });
  });

  it('is else the environment’s, with who signs in there and what is asked directly', () => {
    const environment = {
      HTTPS_PROXY: 'http://north:p%40ss%3A@proxy.example/',
      no_proxy: 'district.example, .lan',
    };
    askThrough(undefined, { environment });
    expect(proxyInUse()).toEqual({
      proxy: {
        url: 'http://proxy.example:80',
        username: 'north',
        password: 'p@ss:',
        direct: ['district.example', '.lan'],
      },
      from: 'environment',
    });
  });

  it.each(['socks5://proxy.example:1080', 'proxy.example:3128', 'http://a.example:0'])(
    'is none where the environment says %s, and that is told without it',
    (https_proxy) => {
      const told: string[] = [];
      askThrough(undefined, { environment: { https_proxy }, warn: (what) => told.push(what) });
      expect(proxyInUse()).toBeUndefined();
      expect(told).toHaveLength(1);
      expect(told[0]).not.toContain(https_proxy);
    },
  );
});

describe('what is asked', () => {
  let proxy: Server;
  let asked: string[];
  beforeEach(async () => {
    asked = [];
    proxy = createServer();
    proxy.on('connect', ({ url = '', headers }, socket) => {
      asked.push(`${url} ${headers['proxy-authorization'] ?? ''}`.trim());
      socket.end('HTTP/1.1 403 Forbidden\r\n\r\n');
    });
    await new Promise<void>((resolve) => void proxy.listen(0, '127.0.0.1', resolve));
  });
  afterEach(() => proxy.close());

  const url = () => `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
  const ask = (address: string) => fetch(address, { method: 'POST', body: '{}' }).catch(() => 'failed');

  it('goes through it with name and password, directly to this machine and to what is excepted', async () => {
    askThrough({ url: url(), username: 'north', password: 'p%:ä', direct: ['direct.invalid'] });
    await ask('https://district.invalid/api/enrol');
    const word = Buffer.from('north:p%:ä').toString('base64');
    expect(asked).toEqual([`district.invalid:443 Basic ${word}`]);
    await ask('https://direct.invalid/');
    for (const host of ['127.0.0.1', 'localhost', '[::1]']) await ask(`https://${host}:9/`);
    expect(asked).toHaveLength(1);
  });

  it('goes another way at once when the proxy is changed, and directly when there is none any more', async () => {
    askThrough({ url: url(), direct: [] });
    await ask('https://one.invalid/');
    askThrough({ url: 'http://127.0.0.1:9', direct: [] });
    await ask('https://two.invalid/');
    askThrough(undefined, { environment: {} });
    await ask('https://three.invalid/');
    expect(asked).toEqual(['one.invalid:443']);
  });
});
