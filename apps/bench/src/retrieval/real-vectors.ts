import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

import { Matrix, Rng } from '@towerkit/core';
import { readVectors } from '@towerkit/data';

const ITEM_VECTORS = 'item-vectors-64.f16.npy';

/** Vectors to index, and queries that are none of them: some to tune on, others to report. */
export interface VectorSet {
  readonly name: string;
  readonly vectors: Matrix;
  readonly tuning: Matrix;
  readonly queries: Matrix;
}

/**
 * The item vectors of the video-game set, of length 1. Items drawn at random are left out of the index to be the queries,
 * those to tune on and those to report apart.
 */
export async function heldOutItems(folder: string, count: number): Promise<VectorSet> {
  const { vectors: all } = await readVectors({ path: join(folder, ITEM_VECTORS) });
  const order = Int32Array.from({ length: all.rows }, (_, row) => row);
  new Rng(1).shuffle(order);
  const part = (from: number, to?: number) => all.gather(order.subarray(from, to));
  const vectors = part(2 * count);
  return {
    name: `${vectors.rows} x ${all.cols} item vectors, other items as queries`,
    vectors,
    tuning: part(0, count),
    queries: part(count, 2 * count),
  };
}

/** Items of a history that make a query, at most. */
const LAST = 5;

/** All of them, and users as queries: the mean of the vectors of a user's last items, of length 1. */
export async function usersAsQueries(folder: string, count: number): Promise<VectorSet> {
  const { vectors } = await readVectors({ path: join(folder, ITEM_VECTORS) });
  const rowOf = new Map(
    (await lines(folder, 'items.csv.gz')).map((line, row) => [line.split(',', 1)[0], row]),
  );
  const histories = new Map<string, number[]>();
  for (const line of await lines(folder, 'interactions.csv.gz')) {
    const [user, item] = line.split(',', 2);
    if (!histories.has(user)) histories.set(user, []);
    histories.get(user)!.push(rowOf.get(item)!);
  }
  const users = [...histories.values()];
  new Rng(1).shuffle(users);
  const queriesOf = (some: readonly number[][]) => {
    const out = new Matrix(some.length, vectors.cols);
    some.forEach((items, user) => {
      const query = out.row(user);
      for (const item of items.slice(-LAST)) vectors.row(item).forEach((x, i) => (query[i] += x));
      normalise(query);
    });
    return out;
  };
  return {
    name: `${vectors.rows} x ${vectors.cols} item vectors, users as queries (the mean of their last ${LAST} items)`,
    vectors,
    tuning: queriesOf(users.slice(0, count)),
    queries: queriesOf(users.slice(count, 2 * count)),
  };
}

/** Brings a vector to length 1. */
export function normalise(vector: Float32Array): void {
  const length = Math.hypot(...vector);
  for (let i = 0; i < vector.length; i++) vector[i] /= length;
}

async function lines(folder: string, name: string): Promise<string[]> {
  const text = gunzipSync(await readFile(join(folder, name))).toString('utf8');
  return text
    .split('\n')
    .slice(1)
    .filter((line) => line !== '');
}
