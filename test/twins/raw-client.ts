import { Agent, request } from 'node:http';

/** A client that sends any header whatever, which fetch does not. */
export interface Sent {
  readonly method?: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}
export interface Got {
  readonly status: number;
  readonly text: string;
  readonly cookies: readonly string[];
}

export interface RawClient {
  send(sent: Sent): Promise<Got>;
  close(): void;
}

/** Beyond, a server of ours answers and hangs up. */
const BODY_MAX = 16_384;

/** @param url asked when the first request is sent */
export function rawClient(url: () => string, connectionsMax: number): RawClient {
  const agent = new Agent({ keepAlive: true, maxSockets: connectionsMax });
  return { send: (sent) => send({ url: url(), agent }, sent), close: () => agent.destroy() };
}

function send(
  { url, agent }: { url: string; agent: Agent },
  { method = 'POST', path, headers = {}, body }: Sent,
): Promise<Got> {
  const text = typeof body === 'string' ? body : body === undefined ? '' : JSON.stringify(body);
  const json =
    text === '' ? {} : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) };
  return new Promise((resolve, reject) => {
    const asked = request(
      url + path,
      { method, agent: text.length > BODY_MAX ? false : agent, headers: { ...json, ...headers } },
      (answer) => {
        let said = '';
        answer.setEncoding('utf8').on('data', (part: string) => {
          said += part;
        });
        answer.on('end', () =>
          resolve({
            status: answer.statusCode ?? 0,
            text: said,
            cookies: answer.headers['set-cookie'] ?? [],
          }),
        );
      },
    );
    asked.on('error', reject).end(text);
  });
}
