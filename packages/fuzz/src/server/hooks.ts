/**
 * Loaded into a server by `--import`, so that a test can do from outside what no operator can: collect garbage before
 * memory is read, and end a thread. Nothing of the server knows of it.
 */
import { createRequire, syncBuiltinESMExports } from 'node:module';
import type { Worker as WorkerThread } from 'node:worker_threads';

/** What the parent process may ask for. */
export type Order = 'memory' | 'end-thread';

/** What it is told. */
export type Obeyed = { readonly memory: number } | { readonly ended: boolean };

// The module object itself is changed: what ES modules see of it is a copy that is made anew.
const threads = createRequire(import.meta.url)('node:worker_threads') as {
  Worker: typeof WorkerThread;
  isMainThread: boolean;
};
const running: WorkerThread[] = [];

if (threads.isMainThread && process.send) {
  const { Worker } = threads;
  threads.Worker = class extends Worker {
    constructor(...given: ConstructorParameters<typeof Worker>) {
      super(...given);
      running.push(this);
      this.once('exit', () => running.splice(running.indexOf(this), 1));
    }
  };
  syncBuiltinESMExports();

  let turn = 0;
  process.on('message', (order: Order) => {
    if (order === 'memory') {
      globalThis.gc?.();
      globalThis.gc?.();
      process.send!({ memory: process.memoryUsage.rss() } satisfies Obeyed);
      return;
    }
    const thread = running[turn++ % Math.max(1, running.length)];
    void thread?.terminate();
    process.send!({ ended: thread !== undefined } satisfies Obeyed);
  });
  process.channel?.unref(); // the server ends when it is done, whoever listens
}
