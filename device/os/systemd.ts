import koffi from 'koffi';
import type { Supervisor } from '../../src/ports/index.ts';

/**
 * sd_notify(3): one datagram to the socket that systemd names in the environment.
 * Node has no datagram sockets of the AF_UNIX family, so libc is asked. Without a socket nobody watches, and nothing is sent.
 */

export interface SystemdEnvironment {
  /** $NOTIFY_SOCKET: a path, or `@` and an abstract name. */
  readonly notifySocket?: string | undefined;
  /** $WATCHDOG_USEC */
  readonly watchdogMicroseconds?: string | undefined;
}

const AF_UNIX = 1;
const SOCK_DGRAM = 2;
const SOCK_CLOEXEC = 0o2000000;
const MSG_NOSIGNAL = 0x4000;
/** sizeof(sun_path), unix(7) */
const PATH_BYTES_MAX = 108;

export function systemdSupervisor(environment: SystemdEnvironment): Supervisor {
  const send =
    environment.notifySocket === undefined ? nobodyListens : datagramSender(environment.notifySocket);
  const microseconds = Number(environment.watchdogMicroseconds);
  return {
    // Half the limit, as sd_watchdog_enabled(3) recommends.
    watchdogMs: microseconds > 0 ? microseconds / 2000 : undefined,
    ready: () => send('READY=1'),
    alive: () => send('WATCHDOG=1'),
    stopping: () => send('STOPPING=1'),
    status: (text) => send(`STATUS=${text.replaceAll('\n', ' ').slice(0, 200)}`),
  };
}

function nobodyListens(): void {
  // The service was started by hand: there is nobody to tell.
}

function datagramSender(path: string): (message: string) => void {
  const libc = koffi.load('libc.so.6');
  const socket = libc.func('int socket(int, int, int)');
  const sendto = libc.func('intptr_t sendto(int, const void *, size_t, int, const void *, uint32_t)');
  const address = socketAddress(path);
  const descriptor = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0) as number;
  if (descriptor < 0) throw new Error('no socket for systemd could be made');
  return (message) => {
    const bytes = Buffer.from(message);
    // A supervisor that is gone is no reason to stop opening doors.
    sendto(descriptor, bytes, bytes.length, MSG_NOSIGNAL, address, address.length);
  };
}

/** struct sockaddr_un: family, then the path; an abstract name begins with a zero byte in place of its `@`. */
export function socketAddress(path: string): Buffer {
  const name = Buffer.from(path);
  if (name.length === 0 || name.length >= PATH_BYTES_MAX)
    throw new Error('NOTIFY_SOCKET is no path of 1 to 107 bytes');
  if (path.startsWith('@')) name[0] = 0;
  const family = Buffer.alloc(2);
  family.writeUInt16LE(AF_UNIX);
  return Buffer.concat([family, name]);
}
