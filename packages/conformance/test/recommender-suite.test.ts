import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { describe, expect, test } from '@jest/globals';
import {
  decodeSafetensors,
  encodeSafetensors,
  topK,
  TowerkitError,
  type CsrMatrix,
  type FitOptions,
  type Reason,
  type Recommender,
} from '@towerkit/core';
import { readRegular } from '@towerkit/core/files';

import { recommenderSuite, tasteMatrix } from '../src/index.js';

/** The plainest model that learns: how often two items are had by one user. */
class CoCounts implements Recommender {
  readonly kind = 'co-counts';
  items = 0;
  #counts: Float32Array = new Float32Array(0);

  fit(m: CsrMatrix, { signal }: FitOptions = {}): void {
    signal?.throwIfAborted();
    this.items = m.cols;
    this.#counts = new Float32Array(m.cols ** 2);
    for (let user = 0; user < m.rows; user++)
      for (const a of m.row(user)) for (const b of m.row(user)) this.#counts[a * m.cols + b]++;
  }

  score(histories: readonly ArrayLike<number>[], out: Float32Array, users?: ArrayLike<number>): void {
    this.#check(histories);
    if (out.length !== histories.length * this.items) throw new TowerkitError('SHAPE_MISMATCH', 'scores');
    if (users && users.length !== histories.length) throw new TowerkitError('SHAPE_MISMATCH', 'users');
    histories.forEach((history, row) => {
      for (let item = 0; item < this.items; item++)
        out[row * this.items + item] = this.explain(history, item).reduce(
          (sum, { weight }) => sum + weight,
          0,
        );
    });
  }

  recommend(histories: readonly ArrayLike<number>[], k: number) {
    this.#check(histories);
    if (!Number.isInteger(k) || k < 0) throw new TowerkitError('OUT_OF_RANGE', 'k');
    const scores = new Float32Array(histories.length * this.items);
    this.score(histories, scores);
    return histories.map((history, row) =>
      topK(scores.subarray(row * this.items, (row + 1) * this.items), k, history),
    );
  }

  explain(history: ArrayLike<number>, item: number): Reason[] {
    this.#check([history, [item]]);
    return Array.from(new Set(Array.from(history)), (known) => ({
      item: known,
      weight: this.#counts[known * this.items + item],
    })).sort((a, b) => b.weight - a.weight);
  }

  async save(folder: string): Promise<void> {
    this.#check([]);
    const shape = [this.items, this.items];
    const metadata = { format: this.kind, version: '1', options: '{}' };
    const path = join(folder, 'co-counts.safetensors');
    await writeFile(path, encodeSafetensors({ counts: { shape, data: this.#counts } }, metadata)).catch(
      () => {
        throw new TowerkitError('UNWRITABLE', path);
      },
    );
  }

  static async load(folder: string): Promise<CoCounts> {
    const path = join(folder, 'co-counts.safetensors');
    const bytes = await readRegular(path).catch(({ code }: NodeJS.ErrnoException) => {
      throw new TowerkitError(code === 'ENOENT' ? 'MODEL_NOT_FOUND' : 'BAD_MODEL', folder);
    });
    try {
      const { tensors, metadata } = decodeSafetensors(bytes);
      const { shape, data } = tensors.counts;
      const fits = metadata.format === 'co-counts' && metadata.version === '1' && metadata.options === '{}';
      if (!fits || !(data instanceof Float32Array) || !data.every(Number.isFinite))
        throw new Error('not one');
      const model = new CoCounts();
      model.items = shape[0];
      model.#counts = data;
      return model;
    } catch (cause) {
      throw new TowerkitError('BAD_MODEL', folder, { cause });
    }
  }

  #check(histories: readonly ArrayLike<number>[]): void {
    if (this.items === 0) throw new TowerkitError('NOT_FITTED', 'not fitted');
    for (const history of histories)
      for (const item of Array.from(history))
        if (!(item >= 0 && item < this.items && Number.isInteger(item)))
          throw new TowerkitError('OUT_OF_RANGE', `item ${item}`);
  }
}

recommenderSuite('A model of co-occurrence counts', {
  make: () => new CoCounts(),
  load: CoCounts.load,
  kind: 'co-counts',
  explains: true,
});

describe('tasteMatrix', () => {
  test('is the same for the same seed, has an empty user and an empty item, and targets outside the rows', () => {
    const { interactions: m, targets } = tasteMatrix();
    expect(tasteMatrix().interactions).toEqual(m);
    expect(tasteMatrix(2).interactions).not.toEqual(m);
    expect(m.row(m.rows - 1)).toHaveLength(0);
    expect(m.columnCounts().at(-1)).toBe(0);
    targets.forEach((target, user) => expect(m.row(user)).not.toContain(target));
    expect(targets.filter((target) => target >= 0).length).toBeGreaterThan(50);
  });
});
