import { createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer, Server as TlsServer, TLSSocket } from 'node:tls';
import { Aedes, type Client } from 'aedes';
import type { ServerCertificate } from '../../http/index.ts';
import type { Log } from '../../ports/index.ts';
import { GATE_CHANNEL_RULES, parseTopic } from '../../wire/index.ts';

/**
 * The embedded broker of the one-machine default (MQTT 3.1.1). A gate enters with its certificate, or with its own name and
 * password, and reaches its own topics alone; what it may not publish closes its connection.
 */
export interface BrokerOptions {
  readonly district: string;
  readonly host: string;
  /** 0: any free one */
  readonly port: number;
  /** Absent: plain text, for this machine alone. */
  readonly certificate?: ServerCertificate;
  /** Whether this name and password belong together; for a gate also the community that it serves. */
  readonly admit: (username: string, password: string) => Promise<Admitted | undefined>;
  /** A certificate of these authorities (PEM) names its gate; needs `certificate`. */
  readonly clients?: {
    readonly authorities: () => Promise<readonly string[]>;
    /** Whether that certificate (serial, hex) is the gate's, now. */
    readonly admit: (gate: string, serial: string) => Promise<Admitted | undefined>;
  };
  readonly log: Log;
}

export type Admitted =
  | { readonly as: 'district' }
  | { readonly as: 'gate'; readonly gate: string; readonly community: number };

export interface Broker {
  readonly port: number;
  /** For the district's own client, which stays on this machine. */
  readonly ownUrl: string;
  /** Ends every connection of that gate; whether it may come back, `admit` says. */
  throwOut(gate: string): void;
  /** New connections get this certificate, and are asked for one of the authorities of now. */
  renew(certificate: ServerCertificate): Promise<void>;
  close(): Promise<void>;
}

/** MQTT 3.1.1, 3.2.2.3: bad user name or password. */
const BAD_PASSWORD = 4;
const CONNECTIONS_MAX = 512;
const LOOPBACK = '127.0.0.1';
const HANDSHAKE_WITHIN_MS = 10_000;

export async function startBroker(options: BrokerOptions): Promise<Broker> {
  const present = new Map<Client, Admitted>();
  const aedes = await openAedes(options, present);
  const sockets = new Set<Socket>();
  const take = (socket: Socket) => {
    sockets.add(socket);
    socket.setNoDelay(true);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => socket.destroy());
    aedes.handle(socket);
  };
  const server = await serverOf(options, take);
  const port = await listen(server, options);
  // A certificate names the broker as gates call it, so the district's own client goes beside it.
  const own = options.certificate === undefined ? undefined : createServer(take);
  const ownPort = own === undefined ? port : await listen(own, { host: LOOPBACK, port: 0 });
  return {
    port,
    ownUrl: `mqtt://${own === undefined ? options.host : LOOPBACK}:${ownPort}`,
    throwOut: (gate) => {
      for (const [client, who] of present) if (who.as === 'gate' && who.gate === gate) client.close();
    },
    renew: async (certificate) => {
      if (server instanceof TlsServer)
        server.setSecureContext(await contextOf({ ...options, certificate }, certificate));
    },
    close: async () => {
      for (const socket of sockets) socket.destroy();
      for (const each of [server, own])
        await new Promise<void>((resolve) => (each === undefined ? resolve() : each.close(() => resolve())));
      await new Promise<void>((resolve) => aedes.close(() => resolve()));
    },
  };
}

async function openAedes(options: BrokerOptions, present: Map<Client, Admitted>): Promise<Aedes> {
  const { log, district } = options;
  const may = (client: Client | null, topic: string, does: 'publish' | 'subscribe') => {
    const who = client === null ? undefined : present.get(client);
    return who !== undefined && allowed(who, { topic, does, district });
  };
  const aedes = await Aedes.createBroker({
    authenticate: (client, ...[username, password, done]) => {
      const refuse = () =>
        done(Object.assign(new Error('not admitted'), { returnCode: BAD_PASSWORD }), false);
      const take = (who: Admitted | undefined) => {
        if (who === undefined) {
          log.warn({}, 'the broker turned a client away');
          return refuse();
        }
        present.set(client, who);
        done(null, true);
      };
      const shown = shownBy(client);
      admit(options, { clientId: client.id, shown, username, password: password?.toString('utf8') }).then(
        take,
        refuse,
      );
    },
    authorizePublish: (client, packet, done) =>
      done(may(client, packet.topic, 'publish') ? null : new Error('not allowed')),
    authorizeSubscribe: (client, subscription, done) =>
      done(null, may(client, subscription.topic, 'subscribe') ? subscription : null),
  });
  aedes.on('clientDisconnect', (client) => present.delete(client));
  aedes.on('connectionError', (client) => present.delete(client));
  return aedes;
}

interface Knocking {
  readonly clientId: string;
  readonly shown: Shown;
  readonly username: string | undefined;
  readonly password: string | undefined;
}

/** none: it came without a certificate. unknown: with one that no authority of ours has signed, or that ran out. */
type Shown = 'none' | 'unknown' | { readonly name: string; readonly serial: string };

function shownBy({ conn }: Client): Shown {
  if (!(conn instanceof TLSSocket)) return 'none';
  const certificate = conn.getPeerX509Certificate();
  if (certificate === undefined) return 'none';
  const name = /^CN=([a-z0-9-]{1,32})$/.exec(certificate.subject)?.[1];
  return conn.authorized && name !== undefined ? { name, serial: certificate.serialNumber } : 'unknown';
}

async function admit(options: BrokerOptions, client: Knocking): Promise<Admitted | undefined> {
  const { district } = options;
  const who = await identify(options, client);
  // A client id belongs to one gate: taking another's would throw that one out.
  return who?.as === 'gate' && client.clientId !== `menwei-${district}-${who.gate}` ? undefined : who;
}

async function identify(
  { admit: check, clients }: BrokerOptions,
  { shown, username, password }: Knocking,
): Promise<Admitted | undefined> {
  if (shown === 'unknown') return undefined;
  if (shown !== 'none') return clients?.admit(shown.name, shown.serial);
  return username === undefined || password === undefined ? undefined : check(username, password);
}

function allowed(
  who: Admitted,
  asked: { topic: string; does: 'publish' | 'subscribe'; district: string },
): boolean {
  if (who.as === 'district') return true;
  const discovery = new RegExp(
    `^homeassistant/[a-z_]+/menwei-${asked.district}-${who.gate}/[a-z0-9-]+/config$`,
  );
  if (asked.does === 'publish' && discovery.test(asked.topic)) return true;
  const topic = parseTopic(asked.topic);
  if (topic?.district !== asked.district) return false;
  if (topic.scope === 'used') return topic.community === who.community;
  if (topic.scope === 'trust') return asked.does === 'subscribe';
  const { by } = GATE_CHANNEL_RULES[topic.channel];
  return topic.gate === who.gate && (by === 'gate') === (asked.does === 'publish');
}

async function serverOf(options: BrokerOptions, take: (socket: Socket) => void): Promise<Server> {
  const { certificate } = options;
  if (certificate === undefined) return createServer(take);
  const tls = { ...(await contextOf(options, certificate)), handshakeTimeout: HANDSHAKE_WITHIN_MS };
  // One without a certificate may still have a password: what was shown is judged when it gives its name.
  return createTlsServer(
    { ...tls, requestCert: options.clients !== undefined, rejectUnauthorized: false },
    take,
  );
}

async function contextOf({ clients }: BrokerOptions, { certificate, key }: ServerCertificate) {
  const authorities = clients === undefined ? {} : { ca: [...(await clients.authorities())] };
  return { cert: certificate, key, minVersion: 'TLSv1.2' as const, ...authorities };
}

function listen(server: Server, { host, port }: { host: string; port: number }): Promise<number> {
  server.maxConnections = CONNECTIONS_MAX;
  return new Promise((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => reject(cannotListen({ host, port }, cause)));
    server.listen(port, host, () => {
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : port);
    });
  });
}

function cannotListen({ host, port }: { host: string; port: number }, cause: NodeJS.ErrnoException): Error {
  const why =
    cause.code === 'EADDRINUSE' ? 'another program listens there; choose another broker.port' : cause.message;
  return new Error(`mqtt://${host}:${port}: ${why}`, { cause });
}
