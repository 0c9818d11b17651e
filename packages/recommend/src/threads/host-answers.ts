import { parentPort, workerData } from 'node:worker_threads';

import { AnswerEngine } from '../engine/answer-engine.js';
import { failureOf } from '../engine/outcome.js';
import type { ModelKind } from '../ranker.js';
import type { Opened, Reply, Request, ThreadOptions } from './protocol.js';

/**
 * The program of a thread of an `AnswerPool`: opens the artifact it was started with, says so, and answers what it is asked.
 *
 * @param kinds the kinds of models that may answer
 * @example
 * ```ts
 * await hostAnswers(standardKinds); // all there is in the file that the pool is given as `program`
 * ```
 */
export async function hostAnswers(kinds: readonly ModelKind[]): Promise<void> {
  const port = parentPort!;
  try {
    const engine = await AnswerEngine.open({ ...(workerData as ThreadOptions), kinds, threads: 1 });
    const { ranker } = engine;
    await engine.find({ k: 1 }); // titles are read before the first question, not during it
    port.on('message', ({ id, method, given }: Request) => {
      // The protocol's methods are the engine's; what is given fits the method.
      const answer = engine[method] as (given: unknown) => Promise<unknown>;
      answer.call(engine, given).then(
        (value) => port.postMessage({ id, outcome: { value } } satisfies Reply),
        (error: unknown) => port.postMessage({ id, outcome: { failure: failureOf(error) } } satisfies Reply),
      );
    });
    port.postMessage({
      value: {
        readsText: ranker.content?.readsText === true,
        readsFeatures: ranker.content?.readsFeatures === true,
        readsUsers: ranker.users !== undefined,
        ...(ranker.moments && { context: { ...ranker.moments.columns } }),
        index: ranker.index,
        explains: ranker.explains,
      },
    } satisfies Opened);
  } catch (error) {
    port.postMessage({ failure: failureOf(error) } satisfies Opened);
  }
}
