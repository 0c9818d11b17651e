import { parentPort, workerData } from 'node:worker_threads';

import { failureOf } from './failure.js';
import { ModelHost } from './model-host.js';
import type { HostOptions, Method, Opened, Reply, Request } from './protocol.js';

// The thread that computes: it opens one artifact and answers one message at a time.
const port = parentPort!;
const post = (message: Opened | Reply) => port.postMessage(message);

try {
  const host = await ModelHost.open(workerData as HostOptions);
  port.on('message', async ({ id, method, given }: Request) => {
    try {
      const answer = host[method] as (given: unknown) => Promise<unknown>;
      post({ id, outcome: { value: await answer.call(host, given) } });
    } catch (error) {
      post({ id, outcome: { failure: failureOf(error) } });
    }
  });
  post({ value: host.facts });
} catch (error) {
  post({ failure: failureOf(error) });
}

export type { Method };
