import { createSocket } from 'node:dgram';
import { once } from 'node:events';

/** A time server of this machine's own clock, for whoever asks on the loopback (RFC 5905, the client and server modes alone). */
export interface TimeServer {
  readonly port: number;
  /** How many were told the time. */
  answers(): number;
  stop(): Promise<void>;
}

const PACKET_BYTES = 48;
/** No leap second is near, version 4, this is a server (RFC 5905, 7.3). */
const SERVER_V4 = 0b00_100_100;
/** From 1900 to 1970. */
const ERA_SECONDS = 2_208_988_800;

export async function timeServer(): Promise<TimeServer> {
  const socket = createSocket('udp4');
  let answers = 0;
  socket.on('message', (asked, from) => {
    if (asked.length < PACKET_BYTES) return;
    answers += 1;
    socket.send(answer(asked), from.port, from.address);
  });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return {
    port: socket.address().port,
    answers: () => answers,
    stop: async () => {
      socket.close();
      await once(socket, 'close');
    },
  };
}

function answer(asked: Buffer): Buffer {
  const packet = Buffer.alloc(PACKET_BYTES);
  packet[0] = SERVER_V4;
  packet[1] = 1;
  packet[2] = asked[2] ?? 0;
  // A microsecond, as a power of two.
  packet.writeInt8(-20, 3);
  packet.write('LOCL', 12, 'latin1');
  const now = timestamp();
  now.copy(packet, 16);
  asked.copy(packet, 24, 40, PACKET_BYTES);
  now.copy(packet, 32);
  now.copy(packet, 40);
  return packet;
}

/** Seconds since 1900 and their fraction, 32 bits each. */
function timestamp(): Buffer {
  const ms = Date.now();
  const bytes = Buffer.alloc(8);
  bytes.writeUInt32BE((Math.floor(ms / 1_000) + ERA_SECONDS) % 2 ** 32, 0);
  bytes.writeUInt32BE(Math.floor(((ms % 1_000) / 1_000) * 2 ** 32), 4);
  return bytes;
}
