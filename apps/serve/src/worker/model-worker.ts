import { hybridKind } from '@towerkit/hybrid';
import { AnswerEngine, failureOf, standardKinds } from '@towerkit/recommend';
import { parentPort, workerData } from 'node:worker_threads';

import type { HostOptions, Opened, Reply, Request } from './protocol.js';

/** A model thread: opens the artifact it was started with, says so, and answers what it is asked. */
const port = parentPort!;

try {
  const options = workerData as HostOptions;
  const engine = await AnswerEngine.open({ ...options, kinds: [...standardKinds, hybridKind], threads: 1 });
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
      index: ranker.index,
      explains: ranker.explains,
    },
  } satisfies Opened);
} catch (error) {
  port.postMessage({ failure: failureOf(error) } satisfies Opened);
}
