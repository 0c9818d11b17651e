import { readArtifact, snapshotArtifact } from '@towerkit/artifact';
import { hybridKind } from '@towerkit/hybrid';
import { AnswerEngine, failureOf, ItemEncoder, standardKinds } from '@towerkit/recommend';
import { writeFileSync } from 'node:fs';
import { realpath } from 'node:fs/promises';
import { setPriority } from 'node:os';
import { Worker } from 'node:worker_threads';

import { piecesOf, trialHistories } from './tables.js';
import type { TrialMessage, TrialTask } from './protocol.js';

/**
 * A process that opens an artifact in every part before the server does: copies and verifies it, reads its tables, opens its
 * model and its index and asks them. What ends, holds or swells it does that to nobody else.
 */
const TRIAL_K = 10;

process.once('disconnect', () => process.exit());
process.once('message', (task: TrialTask) => {
  stepBack();
  new Worker(new URL('./trial-watchdog.js', import.meta.url), {
    workerData: { memory: task.memory, parent: process.ppid },
  }).unref();
  attempt(task).catch((error: unknown) => {
    const { message, ...failure } = failureOf(error);
    return send({ failure: { ...failure, message: message.replaceAll(task.copy, task.folder) } });
  });
});

async function attempt(task: TrialTask): Promise<void> {
  // Behind a link that moves, all is read from where it points now.
  const source = await realpath(task.folder).catch(() => task.folder);
  const artifact = await snapshotArtifact(source, task.copy);
  await send({ whole: true });
  const tables = await readArtifact(artifact);
  for (const piece of piecesOf(tables)) await send(piece);
  const engine = await AnswerEngine.open({
    artifact: tables,
    kinds: [...standardKinds, hybridKind],
    models: task.models,
    index: task.index,
    threads: 1,
  });
  const { recall } = await engine.check({ histories: trialHistories(tables), k: TRIAL_K });
  if ('item_tower.onnx' in artifact.manifest.files && engine.ranker.content) {
    const encoder = await ItemEncoder.load(artifact, { threads: 1 });
    await encoder.encode({ count: 1 });
  }
  await send({ tried: { artifact, recall } });
}

/** Others come first: where processor or memory is short, it is the trial that waits or ends. */
function stepBack(): void {
  try {
    setPriority(10);
    writeFileSync('/proc/self/oom_score_adj', '1000');
  } catch {
    // not on this system
  }
}

const send = (message: TrialMessage): Promise<void> =>
  new Promise((resolve, reject) =>
    process.send!(message, undefined, {}, (error) => (error ? reject(error) : resolve())),
  );
