import { Matrix } from '@towerkit/core';
import { createIndex, type VectorIndex } from '@towerkit/retrieval';

import { isZero } from './best-of.js';
import type { RankedItems } from './question.js';

/** The items most like an item, by the cosine of their vectors. */
export class CosineIndex {
  private constructor(
    readonly vectorOf: (item: number) => Float32Array,
    readonly index: VectorIndex,
  ) {}

  /**
   * Builds the index.
   *
   * @param vectorOf the vector of each item, all of one length
   */
  static async of(items: number, vectorOf: (item: number) => Float32Array): Promise<CosineIndex> {
    const vectors = new Matrix(items, items > 0 ? vectorOf(0).length : 1);
    for (let item = 0; item < items; item++) vectors.row(item).set(vectorOf(item));
    const index = await createIndex('exact', { dimensions: vectors.cols, metric: 'cosine', threads: 1 });
    await index.build(vectors);
    return new CosineIndex(vectorOf, index);
  }

  /** The `k` items most like one, which is not among them; `allow` are masks of the items that may come. */
  similar(item: number, k: number, allow?: Float64Array): Promise<RankedItems> {
    return this.nearest(this.vectorOf(item), k, allow, [item]);
  }

  /** Nothing is near a vector of zeros: of an item, or a text, of which nothing is known. */
  async nearest(
    vector: Float32Array,
    k: number,
    allow?: Float64Array,
    deny: readonly number[] = [],
  ): Promise<RankedItems> {
    if (isZero(vector)) return { items: [], scores: [] };
    const { ids, scores } = await this.index.search(vector, k, { filter: { deny, allow } });
    return { items: Array.from(ids), scores: Array.from(scores) };
  }

  /** Gives back the index. */
  close(): Promise<void> {
    return this.index.close();
  }
}
