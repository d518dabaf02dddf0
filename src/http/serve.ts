import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { Env, Hono } from 'hono';
import type { ServerCertificate } from './certificate.ts';

/** One listening server with limits on everything that a slow or greedy client could hold. */
export interface Listening {
  /** `http://127.0.0.1:8443` */
  readonly url: string;
  readonly port: number;
  /** Ends open streams too. */
  stop(): Promise<void>;
}

export interface ServeOptions {
  readonly host: string;
  /** 0: a free one. */
  readonly port: number;
  /** Absent: plain HTTP. */
  readonly certificate?: ServerCertificate;
}

export const CONNECTIONS_MAX = 256;
export const HEADER_BYTES_MAX = 8_192;
const HEADERS_WITHIN_MS = 10_000;
const REQUEST_WITHIN_MS = 30_000;

/** @throws when the port is taken or the host is not this machine's */
export function listen<Environment extends Env>(
  app: Hono<Environment>,
  options: ServeOptions,
): Promise<Listening> {
  const { host, port, certificate } = options;
  const limits = {
    maxHeaderSize: HEADER_BYTES_MAX,
    headersTimeout: HEADERS_WITHIN_MS,
    requestTimeout: REQUEST_WITHIN_MS,
  };
  const tls = certificate && {
    key: certificate.key,
    cert: certificate.certificate,
    minVersion: 'TLSv1.2' as const,
    handshakeTimeout: HEADERS_WITHIN_MS,
  };
  // Those too that have not said a word: to the server they are no connections yet, and it would wait for them.
  const sockets = new Set<Socket>();
  return new Promise((resolve, reject) => {
    const listener = listenerOf(app, host);
    const server =
      tls === undefined ? createServer(limits, listener) : createTlsServer({ ...limits, ...tls }, listener);
    server.listen(port, host, () => resolve(listening(server, sockets, tls !== undefined)));
    server.maxConnections = CONNECTIONS_MAX;
    server.on('connection', (socket) => {
      sockets.add(socket);
      socket.once('close', () => sockets.delete(socket));
    });
    server.once('error', (cause: NodeJS.ErrnoException) => {
      const why =
        cause.code === 'EADDRINUSE'
          ? 'another program listens there; choose another http.port'
          : cause.message;
      reject(new Error(`http://${host}:${port}: ${why}`, { cause }));
    });
  });
}

/**
 * The adapter brings Node's whole fetch machinery with it, so it is loaded with the first request: a gate that has just
 * started has codes to judge first.
 */
function listenerOf<Environment extends Env>(app: Hono<Environment>, hostname: string): RequestListener {
  let adapter: Promise<RequestListener> | undefined;
  return (request, response) => {
    adapter ??= import('@hono/node-server').then(({ getRequestListener }) =>
      getRequestListener(app.fetch, { hostname }),
    );
    void adapter.then((answer) => answer(request, response));
  };
}

function listening(server: Server, sockets: ReadonlySet<Socket>, isTls: boolean): Listening {
  const address = server.address() as AddressInfo;
  const host = address.family === 'IPv6' ? `[${address.address}]` : address.address;
  return {
    url: `${isTls ? 'https' : 'http'}://${host}:${address.port}`,
    port: address.port,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}
