import { connect } from 'node:net';

/** One request as bytes, on a connection of its own: what no client of HTTP would send. */
export interface RawAnswer {
  /** 0: the connection was closed, or left without an answer. */
  readonly status: number;
  readonly text: string;
}

export const CLOSED = 0;
const ANSWER_WITHIN_MS = 20_000;
/** Where no answer is one too, as for half a request, so long is waited for another. */
export const SILENT_WITHIN_MS = 1_500;

/** @param host where it goes: `127.0.0.1:7301`; `withinMs` how long an answer is waited for */
export function exchange(
  raw: string | Uint8Array,
  host: string,
  withinMs = ANSWER_WITHIN_MS,
): Promise<RawAnswer> {
  const [name = '', port = ''] = host.split(':');
  return new Promise((resolve) => {
    let text = '';
    const socket = connect(Number(port), name, () => socket.write(raw));
    const done = () => {
      clearTimeout(late);
      socket.destroy();
      resolve({ status: Number(/^HTTP\/1\.\d (\d{3})/.exec(text)?.[1] ?? CLOSED), text });
    };
    const late = setTimeout(done, withinMs);
    socket.setEncoding('utf8').on('data', (part: string) => {
      text += part;
    });
    socket.on('close', done).on('error', done);
  });
}

/** A header of `undefined` is left out. */
export interface RawRequest {
  /** Method and target: `GET /healthz` */
  readonly line: string;
  readonly host: string;
  readonly headers?: Readonly<Record<string, string | number | undefined>>;
  readonly body?: string;
}

export function rawRequest({ line, host, headers = {}, body = '' }: RawRequest): string {
  const all = {
    host,
    ...(body === '' ? {} : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }),
    connection: 'close',
    ...headers,
  };
  const head = Object.entries(all).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}: ${value}\r\n`],
  );
  return `${line} HTTP/1.1\r\n${head.join('')}\r\n${body}`;
}
