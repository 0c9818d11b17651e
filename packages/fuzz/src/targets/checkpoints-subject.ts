import { createEngine } from '@towerkit/engine';
import {
  buildModel,
  checkConfig,
  fit,
  locateDataset,
  prepare,
  shapesOf,
  type Prepared,
} from '@towerkit/pipeline';
import { join } from 'node:path';

import { tamper } from '../generate/tampering.js';
import { WrongAnswer } from '../victim/protocol.js';
import type { CheckpointCase } from './checkpoints.js';

const config = checkConfig({
  name: 'run',
  data: { generate: { users: 100, items: 100 } },
  epochs: 2,
  batchSize: 64,
  negatives: [{ kind: 'uniform', count: 16 }],
  threads: 1,
});

/** What the run is made of, and the checkpoint it left after its first epoch. */
let base: Promise<{ prepared: Prepared; checkpoints: string }> | undefined;

async function make(folder: string): Promise<{ prepared: Prepared; checkpoints: string }> {
  const dataset = await locateDataset(config.data, undefined, join(folder, 'data'));
  const prepared = await prepare(dataset, config);
  const checkpoints = join(folder, 'checkpoints');
  await train(prepared, checkpoints, false);
  return { prepared, checkpoints };
}

/** Goes on from changed checkpoints. */
export async function resumeRun({ tampering }: CheckpointCase, folder: string): Promise<void> {
  base ??= make(join(folder, '..', 'base'));
  const { prepared, checkpoints } = await base;
  const changed = join(folder, 'checkpoints');
  await tamper(checkpoints, changed, tampering);
  const { loss } = await train(prepared, changed, true);
  if (!Number.isFinite(loss)) throw new WrongAnswer('training went on to a loss that is no finite number');
}

/** One epoch of two, or the one that is left. */
async function train(prepared: Prepared, checkpoints: string, resume: boolean): Promise<{ loss: number }> {
  const engine = await createEngine({ kind: 'onnx', threads: 1 });
  const stop = new AbortController();
  const run = {
    folder: checkpoints,
    checkpoints,
    refit: '',
    metrics: join(checkpoints, '..', 'm.jsonl'),
    tensorboard: join(checkpoints, '..', 'tb'),
    graphs: join(checkpoints, '..', 'graphs'),
  };
  let loss = 0;
  try {
    await fit(prepared, {
      config,
      model: buildModel(config, shapesOf(prepared)),
      engine,
      run,
      resume,
      signal: stop.signal,
      callbacks: [
        {
          onEpochEnd(report) {
            loss = report.loss;
            if (!resume) stop.abort();
          },
        },
      ],
    });
    return { loss };
  } finally {
    await engine.dispose();
  }
}
