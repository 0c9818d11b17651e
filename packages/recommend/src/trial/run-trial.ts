import { readArtifact, snapshotArtifact } from '@towerkit/artifact';
import { builtProgram } from '@towerkit/core/files';
import { writeFileSync } from 'node:fs';
import { realpath } from 'node:fs/promises';
import { Worker } from 'node:worker_threads';

import { AnswerEngine } from '../engine/answer-engine.js';
import { failureOf } from '../engine/outcome.js';
import type { ModelKind } from '../ranker.js';
import { TOO_LARGE, type TrialMessage, type TrialTask, type WatchdogData } from './protocol.js';
import { piecesOf, trialHistories } from './tables.js';

/** Items that a trial question asks for. */
const K = 10;

/**
 * The program of a process that opens an artifact in every part before others do, see `tryArtifact`: copies and verifies it,
 * reads its tables, opens its model and its index and asks them. What ends, holds or swells it does that to nobody else.
 *
 * @param kinds the kinds of models that may answer
 * @example
 * ```ts
 * runTrial(standardKinds); // all there is in the file that `tryArtifact` is given
 * ```
 */
export function runTrial(kinds: readonly ModelKind[]): void {
  process.once('disconnect', () => process.exit());
  process.once('message', (task: TrialTask) => {
    stepBack();
    const workerData: WatchdogData = { memory: task.memory, parent: process.ppid, lastWord: TOO_LARGE };
    new Worker(builtProgram(import.meta.url, 'trial-watchdog.js'), { workerData }).unref();
    attempt(task, kinds).catch((error: unknown) => {
      const { message, ...failure } = failureOf(error);
      return send({ failure: { ...failure, message: message.replaceAll(task.copy, task.folder) } });
    });
  });
}

async function attempt(
  { folder, copy, models, index }: TrialTask,
  kinds: readonly ModelKind[],
): Promise<void> {
  // Behind a link that moves, all is read from where it points now.
  const artifact = await snapshotArtifact(await realpath(folder).catch(() => folder), copy);
  const tables = await readArtifact(artifact);
  for (const piece of piecesOf(tables)) await send(piece);
  const engine = await AnswerEngine.open({ artifact: tables, kinds, models, index, threads: 1 });
  const { recall } = await engine.check({ histories: trialHistories(tables), k: K });
  await engine.find({ k: 1 });
  await engine.ranker.content?.openStored();
  await engine.ranker.users?.openStored();
  await send({ tried: { artifact, recall } });
}

/** Where memory runs short, it is the trial that ends. */
function stepBack(): void {
  try {
    writeFileSync('/proc/self/oom_score_adj', '1000');
  } catch {
    // not on this system
  }
}

const send = (message: TrialMessage): Promise<void> =>
  new Promise((resolve, reject) =>
    process.send!(message, undefined, {}, (error) => (error ? reject(error) : resolve())),
  );
