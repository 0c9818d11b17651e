import type { Matrix } from '@towerkit/core';
import type { HybridRecommender } from 'towerkit/artifact';

import { bestOf, type Ranked } from './model-host.js';
import { ModelScorer } from './model-scorer.js';
import { leftOut, type Asked } from './open-scorer.js';

/** A hybrid of ALS and review texts: texts are what somebody wrote; items are alike by their texts. */
export class HybridScorer extends ModelScorer {
  constructor(override readonly model: HybridRecommender) {
    super(model);
  }

  /** @param strangers vectors of what was written: in a history the ids from the number of items on */
  override async candidates(asked: readonly Asked[], strangers?: Matrix): Promise<Ranked[]> {
    const { items } = this.model;
    const scores = await this.model.rank(
      asked.map(({ history, user }) => {
        const written = history.filter((item) => item >= items).map((item) => item - items);
        return {
          user,
          history: history.filter((item) => item < items),
          ...(strangers && written.length > 0 && { wrote: strangers.gather(written) }),
        };
      }),
    );
    return asked.map((one, row) => {
      const out = [...leftOut(one)].filter((item) => item < items);
      return bestOf(scores.subarray(row * items, (row + 1) * items), one.n, out, one.allow);
    });
  }

  override async similar(item: number, k: number, allow?: Float64Array): Promise<Ranked> {
    return (await this.likeness()).similar(item, k, allow);
  }

  override async nearest(vector: Float32Array, k: number, allow?: Float64Array): Promise<Ranked> {
    return (await this.likeness()).nearest(vector, k, allow);
  }

  override vectors(): Matrix {
    return this.model.parts.productTexts;
  }
}
