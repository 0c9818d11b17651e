import { parentPort } from 'node:worker_threads';

/** Requests of one kind, sent by clients that each wait for their answer. */
export interface Asking {
  readonly url: string;
  readonly path: string;
  /** Posted as JSON; a GET when absent. */
  readonly body?: string;
  readonly requests: number;
  readonly clients: number;
}

/** What came of them; times in milliseconds. */
export interface Asked {
  readonly statuses: Readonly<Record<string, number>>;
  readonly p50: number;
  readonly slowest: number;
  /** Bytes of an answer. */
  readonly bytes: number;
}

async function ask({ url, path, body, requests, clients }: Asking): Promise<Asked> {
  const times: number[] = [];
  const statuses: Record<string, number> = {};
  let [left, bytes] = [requests, 0];
  const client = async () => {
    while (left-- > 0) {
      const started = performance.now();
      const post = { method: 'POST', headers: { 'content-type': 'application/json' }, body };
      const response = await fetch(url + path, body === undefined ? {} : post);
      bytes = (await response.arrayBuffer()).byteLength;
      times.push(performance.now() - started);
      statuses[response.status] = (statuses[response.status] ?? 0) + 1;
    }
  };
  await Promise.all(Array.from({ length: clients }, client));
  times.sort((a, b) => a - b);
  return { statuses, p50: times[times.length >> 1], slowest: times.at(-1)!, bytes };
}

// The clients have a thread of their own: what holds the server's loop is then the server's work alone.
parentPort?.on(
  'message',
  (asking: Asking) => void ask(asking).then((asked) => parentPort!.postMessage(asked)),
);
