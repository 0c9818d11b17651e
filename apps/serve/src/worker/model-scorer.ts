import { Als } from '@towerkit/als';
import { TowerkitError, type Matrix } from '@towerkit/core';
import type { SavedModel } from 'towerkit/artifact';

import { CosineIndex } from './cosine-index.js';
import { bestOf, type Ranked } from './model-host.js';
import { leftOut, type Asked, type Scorer } from './open-scorer.js';
import type { Explanation, Weight } from './protocol.js';

/** A baseline: it scores every item, and the best are its candidates. */
export class ModelScorer implements Scorer {
  readonly index = 'all items';
  #cosine: Promise<CosineIndex> | undefined;

  constructor(readonly model: SavedModel) {}

  get explains(): boolean {
    return this.model.explain !== undefined;
  }

  get kind(): string {
    return this.model.kind;
  }

  async candidates(asked: readonly Asked[], strangers?: Matrix): Promise<Ranked[]> {
    if (strangers) throw new TowerkitError('NO_CONTENT', `a model of the kind ${this.kind} reads no content`);
    const { items } = this.model;
    const scores = new Float32Array(asked.length * items);
    await this.model.score(
      asked.map(({ history }) => history),
      scores,
      asked.map(({ user }) => user),
    );
    return asked.map((one, row) =>
      bestOf(scores.subarray(row * items, (row + 1) * items), one.n, leftOut(one), one.allow),
    );
  }

  async similar(item: number, k: number, allow?: Float64Array): Promise<Ranked> {
    if (this.model instanceof Als) return (await this.likeness()).similar(item, k, allow);
    const [found] = await this.candidates([{ history: [item], user: -1, n: k, deny: [], allow }]);
    return found;
  }

  nearest(_vector: Float32Array, _k: number, _allow?: Float64Array): Promise<Ranked> {
    throw new TowerkitError('NO_CONTENT', `a model of the kind ${this.kind} reads no content`);
  }

  vectors(): Matrix {
    if (this.model instanceof Als) return this.model.itemFactors;
    throw new TowerkitError('NO_VECTORS', `a model of the kind ${this.kind} has no vectors of items`, {
      hint: 'leave diversity out, or ask a tower or ALS',
    });
  }

  async explain(history: readonly number[], _user: number, items: readonly number[]): Promise<Explanation> {
    const { model } = this;
    const reasons: Weight[][] = [];
    for (const item of items) reasons.push([...(await model.explain!(history, item))]);
    return { reasons };
  }

  protected likeness(): Promise<CosineIndex> {
    return (this.#cosine ??= CosineIndex.of(this.vectors()));
  }
}
