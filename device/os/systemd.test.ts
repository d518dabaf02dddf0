import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import koffi from 'koffi';
import { afterEach, describe, expect, it } from 'vitest';
import { systemdSupervisor } from './index.ts';
import { socketAddress } from './systemd.ts';

const libc = koffi.load('libc.so.6');
const socket = libc.func('int socket(int, int, int)');
const bind = libc.func('int bind(int, const void *, uint32_t)');
const receive = libc.func('intptr_t recv(int, void *, size_t, int)');
const close = libc.func('int close(int)');
const MSG_DONTWAIT = 0x40;

const cleanUp: (() => void)[] = [];
afterEach(() => {
  for (const step of cleanUp.splice(0)) step();
});

/** A socket such as systemd listens on. */
function listen(path: string): () => string {
  const descriptor = socket(1, 2, 0) as number;
  const address = socketAddress(path);
  expect(bind(descriptor, address, address.length)).toBe(0);
  cleanUp.push(() => close(descriptor));
  return () => {
    const buffer = Buffer.alloc(512);
    const length = receive(descriptor, buffer, buffer.length, MSG_DONTWAIT) as number;
    return length < 0 ? '' : buffer.toString('utf8', 0, length);
  };
}

describe('systemd', () => {
  it.each(['a path', 'an abstract name'])('hears of readiness and life at %s', (where) => {
    const folder = mkdtempSync(join(tmpdir(), 'menwei-systemd-'));
    cleanUp.push(() => rmSync(folder, { recursive: true }));
    const notifySocket = where === 'a path' ? join(folder, 'notify') : `@menwei-test-${process.pid}`;
    const heard = listen(notifySocket);
    const supervisor = systemdSupervisor({ notifySocket, watchdogMicroseconds: '6000000' });
    supervisor.ready();
    supervisor.alive();
    supervisor.status('two\nlines');
    supervisor.stopping();
    expect([heard(), heard(), heard(), heard()]).toEqual([
      'READY=1',
      'WATCHDOG=1',
      'STATUS=two lines',
      'STOPPING=1',
    ]);
    expect(supervisor.watchdogMs).toBe(3_000);
  });

  it('is not missed where there is none', () => {
    const supervisor = systemdSupervisor({});
    supervisor.alive();
    expect(supervisor.watchdogMs).toBeUndefined();
  });

  it('may go away while the service runs', () => {
    const supervisor = systemdSupervisor({ notifySocket: join(tmpdir(), 'menwei-nobody-listens') });
    expect(() => supervisor.alive()).not.toThrow();
  });

  it('refuses a socket name that does not fit', () => {
    expect(() => systemdSupervisor({ notifySocket: `/${'x'.repeat(107)}` })).toThrow(/NOTIFY_SOCKET/);
  });
});
