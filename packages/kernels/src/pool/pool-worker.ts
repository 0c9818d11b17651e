import { parentPort, workerData } from 'node:worker_threads';

import type { KernelName, PoolExports } from './pool-kernels.js';

/** What a worker is started with. */
export interface PoolWorkerData {
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
}

/** Jobs to do one after the other, together with the other workers. */
export interface PoolRun {
  readonly jobs: readonly {
    readonly kernel: KernelName;
    readonly blocks: number;
    readonly args: readonly number[];
  }[];
  /** Two per job, shared by all workers: the next block to take, and how many are done. */
  readonly counters: Int32Array;
  /** Where this worker's scratch is. */
  readonly scratch: number;
}

const { module, memory } = workerData as PoolWorkerData;
const kernels = new WebAssembly.Instance(module, { env: { memory } }).exports as unknown as PoolExports;

parentPort!.on('message', ({ jobs, counters, scratch }: PoolRun) => {
  jobs.forEach(({ kernel, blocks, args }, job) => {
    const next = 2 * job;
    const finished = next + 1;
    const compute = kernels[kernel];
    let own = 0;
    for (let block; (block = Atomics.add(counters, next, 1)) < blocks; own++)
      compute(block, scratch, ...args);
    // A job may read what the one before it wrote: nobody starts it until all blocks of that one are done.
    let done = Atomics.add(counters, finished, own) + own;
    if (done === blocks) Atomics.notify(counters, finished);
    while (done < blocks) {
      Atomics.wait(counters, finished, done);
      done = Atomics.load(counters, finished);
    }
  });
  parentPort!.postMessage(null);
});
