/**
 * What ranking the validation users costs beside the training of an epoch, in seconds by the clock and of the processor. To compare two
 * versions, run the same command in both.
 *
 *     node dist/judging.js --data FOLDER [--config ../train/configs/amazon-video-games.ts] [--epochs 3]
 */
import { createEngine } from '@towerkit/engine';
import { buildModel, locateDataset, prepare, shapesOf, trainTwoTower } from '@towerkit/pipeline';
import { loadConfig } from '@towerkit/pipeline/config-files';
import type { TrainingCallback } from '@towerkit/training';

import { flags, print } from './arguments.js';
import { machine } from './machine.js';

const args = flags({
  data: '../../../shared/datasets/amazon-video-games-2023',
  config: '../train/configs/amazon-video-games.ts',
  epochs: '3',
  threads: '1',
});
const [threads, epochs] = [Number(args.threads), Number(args.epochs)];
print(`${machine()}; ${args.config}, ${threads} threads`);

const loaded = await loadConfig(args.config, {
  // Two copies of the towers' tensor library would not know each other's tensors.
  resolve: (name) => (/^@?towerkit\b/.test(name) ? import.meta.resolve(name) : undefined),
});
const config = { ...loaded.config, threads, epochs, refit: false, earlyStopping: false as const };
const prepared = await prepare(await locateDataset(config.data, args.data, ''), config);
const engine = await createEngine({ threads });

/** Seconds by the clock and of the processor, so far. */
const spent = () => {
  const { user, system } = process.cpuUsage();
  return [performance.now() / 1e3, (user + system) / 1e6];
};
const since = (from: number[], to: number[]) => to.map((now, i) => (now - from[i]).toFixed(1)).join(' / ');
let [begun, stepped] = [spent(), spent()];
const watch: TrainingCallback = {
  onStep: () => void (stepped = spent()),
  onEpochEnd({ epoch, metrics }) {
    const now = spent();
    const [[name, { value }]] = Object.entries(metrics);
    print(
      `epoch ${epoch}: training ${since(begun, stepped)} s, ranking ${since(stepped, now)} s, ${name} ${value.toFixed(5)}`,
    );
    begun = spent();
  },
};
const model = buildModel(config, shapesOf(prepared));
await trainTwoTower(prepared, { config, model, engine, callbacks: [watch] });
await engine.dispose();
