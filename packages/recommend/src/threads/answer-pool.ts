import type { Worker } from 'node:worker_threads';

import { valueOf } from '../engine/outcome.js';
import type { Found, Outcome, Question } from '../engine/question.js';
import type {
  AnswerPoolOptions,
  Method,
  Methods,
  ModelFacts,
  Reply,
  Request,
  ThreadOptions,
} from './protocol.js';
import { openedBy, overloaded, startThread, unavailable } from './start-thread.js';

/** Questions that a thread is given at once: the tower and the index take them in one pass. */
const BATCH = 16;
/** How long a thread may compute before it is given up. */
const STUCK = 30_000;

interface Task {
  readonly method: Method;
  readonly given: unknown;
  readonly deadline: number;
  retried: boolean;
  resolve(value: unknown): void;
  reject(error: unknown): void;
}

interface Thread {
  readonly worker: Worker;
  /** What it computes now: several questions, or one task of another kind. */
  tasks: Task[];
  sent: number;
}

/**
 * Threads that hold one artifact and answer from it, so that the event loop only passes messages. Waiting tasks go to
 * the first thread that is free, several questions at a time; a thread that dies is replaced and its tasks asked again,
 * once.
 *
 * @example
 * ```ts
 * // The file answers.js holds: await hostAnswers(standardKinds);
 * const program = new URL('./answers.js', import.meta.url);
 * const { pool } = await AnswerPool.open({ artifact, candidates: 100, program, threads: 2, patience: 5000 });
 * const { items } = await pool.recommend({ history: [3, 5], user: -1, k: 10 });
 * await pool.drain();
 * ```
 */
export class AnswerPool {
  readonly #threads: Thread[] = [];
  /** All that run, also those that open the artifact, and those that are given up but have not ended. */
  readonly #workers = new Set<Worker>();
  readonly #waiting: Task[] = [];
  #closed = false;
  #leases = 0;
  #nextId = 0;
  #drained: (() => void) | undefined;
  readonly #watchdog: NodeJS.Timeout;

  private constructor(
    readonly options: ThreadOptions,
    readonly program: URL,
    readonly patience: number,
  ) {
    this.#watchdog = setInterval(() => this.#watch(), 1000).unref();
  }

  /** @throws TowerkitError what opening the artifact throws; the signal's reason */
  static async open({
    program,
    threads,
    patience,
    signal,
    ...options
  }: AnswerPoolOptions): Promise<{ pool: AnswerPool; facts: ModelFacts }> {
    signal?.throwIfAborted();
    const pool = new AnswerPool(options, program, patience);
    const stop = () => void pool.close();
    signal?.addEventListener('abort', stop);
    try {
      const all = await Promise.all(Array.from({ length: threads }, () => pool.#start()));
      return { pool, facts: all[0] };
    } catch (error) {
      const closed = pool.close();
      signal?.throwIfAborted(); // a thread in native code may take its time to end
      await closed;
      throw error;
    } finally {
      signal?.removeEventListener('abort', stop);
    }
  }

  /** Tasks that wait for a thread. */
  get waiting(): number {
    return this.#waiting.length;
  }

  /** Threads that are there. */
  get threads(): number {
    return this.#threads.length;
  }

  /** @throws TowerkitError `OVERLOADED` when no thread was free in time; what the method throws */
  async recommend(question: Question): Promise<Found> {
    return valueOf((await this.#ask('recommend', question)) as Methods['recommend']['value'][number]);
  }

  /** See {@link recommend}. */
  ask<M extends Exclude<Method, 'recommend'>>(
    method: M,
    given: Methods[M]['given'],
  ): Promise<Methods[M]['value']> {
    return this.#ask(method, given) as Promise<Methods[M]['value']>;
  }

  /** Does work that will ask: the threads stay until it is done, whatever takes their place meanwhile. */
  async lease<T>(work: () => Promise<T>): Promise<T> {
    this.#leases++;
    try {
      return await work();
    } finally {
      this.#leases--;
      this.#tellDrained();
    }
  }

  /** Ends the threads once all that was asked is answered. */
  async drain(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#drained = resolve;
      this.#tellDrained();
    });
    await this.close();
  }

  /** Ends the threads at once; one in native code ends when that returns. */
  async close(): Promise<void> {
    this.#closed = true;
    clearInterval(this.#watchdog);
    const left = [...this.#waiting.splice(0), ...this.#threads.flatMap(({ tasks }) => tasks)];
    for (const task of left) task.reject(unavailable('the model was closed'));
    this.#threads.length = 0;
    await Promise.all([...this.#workers].map((worker) => worker.terminate()));
  }

  #ask(method: Method, given: unknown): Promise<unknown> {
    if (this.#closed) return Promise.reject(unavailable('the model was closed'));
    return new Promise((resolve, reject) => {
      const deadline = performance.now() + this.patience;
      this.#waiting.push({ method, given, deadline, retried: false, resolve, reject });
      this.#dispatch();
    });
  }

  #dispatch(): void {
    while (this.#waiting.length > 0) {
      const thread = this.#threads.find(({ tasks }) => tasks.length === 0);
      if (!thread) return; // and nothing is drained
      const now = performance.now();
      const [first] = this.#waiting;
      if (first.deadline < now) {
        this.#waiting.shift()!.reject(overloaded());
        continue;
      }
      let count = 1;
      if (first.method === 'recommend')
        while (count < BATCH && this.#waiting[count]?.method === 'recommend') count++;
      const tasks = this.#waiting.splice(0, count);
      thread.tasks = tasks;
      thread.sent = now;
      const given = first.method === 'recommend' ? tasks.map((task) => task.given) : first.given;
      try {
        thread.worker.postMessage({ id: this.#nextId++, method: first.method, given } satisfies Request);
      } catch (error) {
        thread.tasks = []; // it was told nothing: it is free as before
        for (const task of tasks) task.reject(error);
      }
    }
    this.#tellDrained();
  }

  #tellDrained(): void {
    const asked = this.#leases + this.#waiting.length;
    if (asked === 0 && this.#threads.every(({ tasks }) => tasks.length === 0)) this.#drained?.();
  }

  async #start(): Promise<ModelFacts> {
    const worker = startThread(this.program, this.options);
    this.#workers.add(worker);
    worker.once('exit', () => this.#workers.delete(worker));
    const opened = await openedBy(worker);
    if (this.#closed || 'failure' in opened) {
      await worker.terminate();
      if (this.#closed) throw unavailable('the model was closed');
    }
    const facts = valueOf(opened);
    const thread: Thread = { worker, tasks: [], sent: 0 };
    worker.on('message', ({ outcome }: Reply) => this.#receive(thread, outcome));
    worker.on('error', () => undefined); // 'exit' follows
    worker.on('exit', () => this.#lose(thread));
    this.#threads.push(thread);
    this.#dispatch();
    return facts;
  }

  #receive(thread: Thread, outcome: Outcome<unknown>): void {
    if (!this.#threads.includes(thread)) return; // given up meanwhile
    const { tasks } = thread;
    thread.tasks = [];
    this.#dispatch(); // the thread computes while what it found is handed out
    try {
      const value = valueOf(outcome);
      if (tasks[0].method !== 'recommend') tasks[0].resolve(value);
      else tasks.forEach((task, place) => task.resolve((value as unknown[])[place]));
    } catch (error) {
      for (const task of tasks) task.reject(error);
    }
  }

  /** A thread died or is given up: its tasks are asked again, before the others, and another takes its place. */
  #lose(thread: Thread): void {
    const place = this.#threads.indexOf(thread);
    if (place < 0 || this.#closed) return;
    this.#threads.splice(place, 1);
    const again = thread.tasks.filter((task) => !task.retried);
    for (const task of thread.tasks)
      if (task.retried) task.reject(unavailable('the thread that computed it died twice'));
    for (const task of again) task.retried = true;
    this.#waiting.unshift(...again);
    this.#replace(100);
  }

  #replace(delay: number): void {
    setTimeout(() => {
      if (!this.#closed) this.#start().catch(() => this.#replace(Math.min(delay * 2, 5000)));
    }, delay).unref();
  }

  #watch(): void {
    const now = performance.now();
    while (this.#waiting[0]?.deadline < now) this.#waiting.shift()!.reject(overloaded());
    for (const thread of [...this.#threads]) {
      if (thread.tasks.length === 0 || now - thread.sent <= STUCK) continue;
      void thread.worker.terminate(); // in native code it ends when that returns, if ever: nobody waits for it
      this.#lose(thread);
    }
  }
}
