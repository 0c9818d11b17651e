import { Rng } from '@towerkit/core';
import type { InteractionArrays } from '@towerkit/data';
import { gruTower, itemTower, twoTower } from '@towerkit/towers';
import { join } from 'node:path';

import { trainRecommender, type ModelShapes, type TrainedRecommender } from '../src/index.js';

/** Local hours in which things are taken, and what with. */
export const HOURS = [8, 20];
export const DEVICES = ['phone', 'tv', 'desk'];
/** Items of each hour and device. */
export const PER_MOMENT = 10;

const DAY = 86_400;

/** One row of {@link momentRows}. */
export interface MomentRow {
  readonly user: string;
  readonly item: string;
  /** Seconds since 1970, UTC. */
  readonly time: number;
  readonly device: string;
}

/** Items that are taken at an hour on a device. */
export const itemsAt = (hour: number, device: string): string[] =>
  Array.from({ length: PER_MOMENT }, (_, place) => `${device}${hour}-${place}`);

/** Sixty users who take things at random moments: the moment alone decides what it may be. */
export function momentRows(seed = 5): MomentRow[] {
  const rng = new Rng(seed);
  return Array.from({ length: 60 }, (_, user) => {
    const had = new Set<string>();
    return Array.from({ length: 8 }, (_, step): MomentRow => {
      const [hour, device] = [HOURS[rng.integer(2)], DEVICES[rng.integer(3)]];
      const left = itemsAt(hour, device).filter((item) => !had.has(item));
      const item = left[rng.integer(left.length)];
      had.add(item);
      const time = (20_000 + 10 * step + rng.integer(9)) * DAY + hour * 3600;
      return { user: `u${user}`, item, time, device };
    });
  }).flat();
}

/** Rows as arrays. */
export const arraysOfMoments = (rows: readonly MomentRow[]): InteractionArrays => ({
  user: rows.map(({ user }) => user),
  item: rows.map(({ item }) => item),
  time: rows.map(({ time }) => time),
  more: { device: rows.map(({ device }) => device) },
});

export const moment = { time: ['hour' as const], features: { categories: { device: {} } } };

export const settings = {
  model: ({ user, moment }: ModelShapes) =>
    twoTower({
      item: itemTower({ dimensions: 8 }),
      user: gruTower({ dimensions: 8, dropout: 0, inputs: { ...user.inputs, ...moment.inputs } }),
    }),
  negatives: [{ kind: 'uniform' as const, count: 30 }],
  batchSize: 64,
  optimizer: { learningRate: 0.03 },
  epochs: 10,
  earlyStopping: false as const,
  metrics: ['hr@10' as const],
  threads: 1,
  seed: 3,
};

/** A model that reads the moments of {@link momentRows}, saved in `with`, and one that reads none, in `without`. */
export async function saveModels(
  folder: string,
): Promise<{ recommender: TrainedRecommender; without: TrainedRecommender }> {
  const split = { kind: 'leave-last-two-out' as const };
  const plain = { ...settings, split, interactions: arraysOfMoments(momentRows()) };
  const recommender = await trainRecommender({ ...plain, moment });
  const without = await trainRecommender(plain);
  await recommender.save(join(folder, 'with'));
  await without.save(join(folder, 'without'));
  return { recommender, without };
}
