import { leaveLastOut, readDataset } from '@towerkit/data';
import { manifests } from '@towerkit/datasets';
import { gruTower, itemTower, twoTower } from '@towerkit/towers';
import { train, type TrainOptions } from '@towerkit/training';

/** The video-game set, split as its protocol says: each user's last row is the target. */
export async function videoGames(folder: string) {
  const manifest = manifests.find(({ name }) => name === 'amazon-video-games-2023')!;
  const { log } = await readDataset(folder, manifest);
  return leaveLastOut(log);
}

/** The model and batches of the PyTorch reference: 64-d ids from random vectors, 2,048 uniform negatives. */
export const referenceSettings = (seed: number, threads: number, epochs: number) =>
  ({
    model: twoTower({
      item: itemTower({ dimensions: 64 }),
      user: gruTower({ dimensions: 64, dropout: 0.4, mean: false }),
    }),
    seed,
    threads,
    epochs,
    batches: { windows: 'last', maxLength: 20, negatives: [{ proposal: { kind: 'uniform' }, count: 2048 }] },
    earlyStopping: false,
  }) as const satisfies Omit<TrainOptions, 'data'>;

export { train };
