import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

import { Matrix, Rng } from '@towerkit/core';

import { readNpy } from './npy.js';

/** Vectors to index, and queries that are none of them: some to tune on, others to report. */
export interface VectorSet {
  readonly name: string;
  readonly vectors: Matrix;
  readonly tuning: Matrix;
  readonly queries: Matrix;
}

/** Items of a history that make a query, at most. */
const LAST = 5;

/**
 * The item vectors of the video-game set, and users as queries: the mean of the vectors of a user's last items, of
 * length 1. Users are drawn at random, those to tune on and those to report apart.
 */
export async function realVectors(folder: string, count: number): Promise<VectorSet> {
  const vectors = await readNpy(join(folder, 'item-vectors-64.f16.npy'));
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
    name: `${vectors.rows} x ${vectors.cols} item vectors`,
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
