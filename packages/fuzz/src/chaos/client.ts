import { Agent, request } from 'node:http';

/** An answer as it came, or why none did. */
export interface Reply {
  /** 0 where the connection failed or nothing came in time. */
  readonly status: number;
  readonly body: string;
  /** Milliseconds. */
  readonly took: number;
}

const LIMIT = 15_000;

/** Asks a server over connections that stay open. */
export class Client {
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 64 });

  constructor(readonly port: number) {}

  send(method: string, path: string, body?: unknown): Promise<Reply> {
    const started = performance.now();
    const text = body === undefined ? undefined : JSON.stringify(body);
    return new Promise((resolve) => {
      const settle = (status: number, body: string) =>
        resolve({ status, body, took: performance.now() - started });
      const sent = request(
        {
          ...{ agent: this.#agent, host: '127.0.0.1', port: this.port, method, path, timeout: LIMIT },
          headers: text === undefined ? {} : { 'content-type': 'application/json' },
        },
        (response) => {
          let read = '';
          response.setEncoding('utf8').on('data', (part: string) => (read += part));
          response.on('end', () => settle(response.statusCode!, read)).on('error', () => settle(0, ''));
        },
      );
      sent.on('timeout', () => sent.destroy()).on('error', () => settle(0, ''));
      sent.end(text);
    });
  }

  close(): void {
    this.#agent.destroy();
  }
}
