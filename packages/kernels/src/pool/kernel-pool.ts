import { isTowerkitError, TowerkitError } from '@towerkit/core';
import { builtProgram } from '@towerkit/core/files';
import { Worker } from 'node:worker_threads';

import type { KernelName, PoolExports, PoolKernels } from './pool-kernels.js';
import { poolModule } from './pool-module.js';
import type { PoolRun, PoolWorkerData } from './pool-worker.js';
import { SharedMemory, type Pointer } from './shared-memory.js';
import { threadCount } from './thread-count.js';
import { Turns } from './turns.js';

/** One kernel over all its blocks. */
export interface Job<K extends KernelName = KernelName> {
  readonly kernel: K;
  /** How many blocks the work has; they are computed in any order and on any thread. */
  readonly blocks: number;
  readonly args: PoolKernels[K];
}

/** A job; written as a call so that its arguments are checked against its kernel. */
export const job = <K extends KernelName>(
  kernel: K,
  blocks: number,
  ...args: PoolKernels[K]
): Job<KernelName> => ({ kernel, blocks, args }) as unknown as Job<KernelName>;

/** What {@link KernelPool} is made with. */
export interface KernelPoolOptions {
  /** Worker threads; one per core by default, and at most. */
  readonly threads?: number;
  /** Bytes of scratch that each thread has, 64 KiB by default. */
  readonly scratch?: number;
}

/**
 * WebAssembly kernels on worker threads that share one memory. The calling thread stays free while they compute;
 * workers start with the first run and do not keep the process alive between runs.
 *
 * @example
 * ```ts
 * const pool = new KernelPool({ threads: 2 });
 * const { memory } = pool;
 * const [indptr, indices] = [memory.ints([0, 1, 2]), memory.ints([1, 0])];
 * const [values, dense, out] = [memory.floats([2, 3]), memory.floats([1, 2, 3, 4, 5, 6, 7, 8]), memory.floats(8)];
 * await pool.run(job('spmm', 1, indptr, indices, values, dense, out, 2, 16)); // rows swapped, times 2 and 3
 * await pool.close();
 * ```
 */
export class KernelPool {
  readonly threads: number;
  /** Where arrays for kernels come from. */
  readonly memory = new SharedMemory();

  readonly #module = poolModule();
  readonly #scratch: Int32Array[];
  readonly #own: PoolExports;
  #workers: Worker[] = [];
  readonly #turns = new Turns();
  #fail: ((error: Error) => void) | undefined;
  #closed = false;

  /** @throws TowerkitError `BAD_OPTION`, `TOO_LARGE`, `UNSUPPORTED` */
  constructor({ threads, scratch = 65_536 }: KernelPoolOptions = {}) {
    this.threads = threadCount(threads);
    // One more than there are workers: the calling thread has its own.
    this.#scratch = Array.from({ length: this.threads + 1 }, () => this.memory.ints(Math.ceil(scratch / 4)));
    this.#own = new WebAssembly.Instance(this.#module, { env: { memory: this.memory.wasm } })
      .exports as unknown as PoolExports;
  }

  /** Computes jobs on the calling thread, at once: for work that is over before a worker would have woken up. */
  call(...jobs: readonly Job[]): void {
    const scratch = this.#scratch[this.threads].byteOffset;
    for (const { kernel, blocks, args } of jobs) {
      const pointers = this.#pointers(args);
      for (let block = 0; block < blocks; block++) this.#own[kernel](block, scratch, ...pointers);
    }
  }

  /**
   * Computes jobs on the workers, each when the one before it is whole. Calls are served in turn.
   *
   * @throws TowerkitError `CLOSED`; `THREAD_ENDED` where a worker ended, whose place another takes for the next call; the
   *   error of a kernel that left its memory, after which the pool is closed
   */
  run(...jobs: readonly Job[]): Promise<void> {
    return this.#turns.take(() => this.#run(jobs));
  }

  /** Ends the workers. Arrays of the memory stay as they are. */
  async close(): Promise<void> {
    this.#closed = true;
    const fail = this.#fail;
    await this.#stop();
    fail?.(new TowerkitError('CLOSED', 'the pool was closed during a run'));
  }

  async #stop(): Promise<void> {
    const workers = this.#workers;
    this.#workers = [];
    await Promise.all(workers.map((worker) => worker.terminate()));
  }

  async #run(jobs: readonly Job[]): Promise<void> {
    if (this.#closed) throw new TowerkitError('CLOSED', 'the pool was closed');
    if (this.#workers.length === 0) this.#start();
    const run: Omit<PoolRun, 'scratch'> = {
      jobs: jobs.map(({ kernel, blocks, args }) => ({ kernel, blocks, args: this.#pointers(args) })),
      counters: new Int32Array(new SharedArrayBuffer(8 * jobs.length)),
    };
    try {
      await new Promise<void>((resolve, reject) => {
        this.#fail = reject;
        let busy = this.threads;
        this.#workers.forEach((worker, thread) => {
          worker.ref();
          worker.removeAllListeners('message').on('message', () => --busy === 0 && resolve());
          worker.postMessage({ ...run, scratch: this.#scratch[thread].byteOffset } satisfies PoolRun);
        });
      });
    } catch (error) {
      if (isTowerkitError(error, 'THREAD_ENDED')) await this.#stop();
      else await this.close();
      throw error;
    } finally {
      this.#fail = undefined;
      for (const worker of this.#workers) worker.unref();
    }
  }

  #start(): void {
    const workerData: PoolWorkerData = { module: this.#module, memory: this.memory.wasm };
    this.#workers = Array.from({ length: this.threads }, () => {
      const worker = new Worker(builtProgram(import.meta.url, 'pool-worker.js'), { workerData });
      worker.on('error', (error) => this.#fail?.(error as Error));
      worker.on('exit', () => this.#lose(worker));
      return worker;
    });
  }

  /** A worker ended, in a run or between two: all are replaced, since the others may wait for what it was to compute. */
  #lose(worker: Worker): void {
    if (!this.#workers.includes(worker)) return; // it was stopped
    if (this.#fail) this.#fail(new TowerkitError('THREAD_ENDED', 'a thread of the pool ended during a run'));
    else void this.#stop();
  }

  #pointers(args: readonly Pointer[]): number[] {
    return args.map((argument) =>
      typeof argument === 'number' ? argument : this.memory.pointerTo(argument),
    );
  }
}
