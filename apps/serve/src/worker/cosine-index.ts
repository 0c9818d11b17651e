import type { Matrix } from '@towerkit/core';
import { createIndex, type VectorIndex } from '@towerkit/retrieval';

import type { Ranked } from './model-host.js';

/** The items most like an item, by the cosine of their vectors. */
export class CosineIndex {
  private constructor(
    readonly vectors: Matrix,
    readonly index: VectorIndex,
  ) {}

  /** @param vectors shape [items, width] */
  static async of(vectors: Matrix): Promise<CosineIndex> {
    const index = await createIndex('exact', { dimensions: vectors.cols, metric: 'cosine', threads: 1 });
    await index.build(vectors);
    return new CosineIndex(vectors, index);
  }

  similar(item: number, k: number, allow?: Float64Array): Promise<Ranked> {
    return this.nearest(this.vectors.row(item), k, allow, [item]);
  }

  async nearest(vector: Float32Array, k: number, allow?: Float64Array, deny: number[] = []): Promise<Ranked> {
    const { ids, scores } = await this.index.search(vector, k, { filter: { deny, allow } });
    return { items: Array.from(ids), scores: Array.from(scores) };
  }
}
