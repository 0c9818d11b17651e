import { Als } from '@towerkit/als';
import { TwoTowerRecommender } from '@towerkit/training';
import { loadModel, type SavedModel } from 'towerkit/artifact';

import type { Ranked } from './model-host.js';
import type { HostOptions } from './protocol.js';

/** Another model, which ranks the candidates again by its own scores. */
export class Reranker {
  private constructor(
    readonly model: SavedModel,
    readonly ids: Int32Array,
  ) {}

  static async open({ folder, kind, ids }: NonNullable<HostOptions['rerank']>): Promise<Reranker> {
    const model =
      kind === 'two-tower'
        ? await TwoTowerRecommender.load(folder, { threads: 1 })
        : await loadModel(kind, folder);
    return new Reranker(model, ids);
  }

  get kind(): string {
    return this.model.kind;
  }

  /**
   * The candidates by this model's scores; those it does not know follow in the order they came in, with the lowest.
   *
   * @param history dense ids of the model that found the candidates
   * @param user this model's dense id, -1 for somebody unknown
   */
  async rerank({ items }: Ranked, history: readonly number[], user: number): Promise<Ranked> {
    const own = history.flatMap((item) => (this.ids[item] >= 0 ? this.ids[item] : []));
    if (own.length === 0) return { items, scores: items.map((_, place) => -place) };
    const scoreOf = await this.#scores(own, user);
    const known = items.flatMap((item) =>
      this.ids[item] < 0 ? [] : { item, score: scoreOf(this.ids[item]) },
    );
    known.sort((a, b) => b.score - a.score || a.item - b.item);
    const lowest = known.at(-1)?.score ?? 0;
    const unknown = items.filter((item) => this.ids[item] < 0).map((item) => ({ item, score: lowest }));
    const all = [...known, ...unknown];
    return { items: all.map(({ item }) => item), scores: all.map(({ score }) => score) };
  }

  /** Scores of single items where the model has vectors, else those of all. */
  async #scores(history: readonly number[], user: number): Promise<(item: number) => number> {
    const { model } = this;
    if (model instanceof Als) {
      const vector = await model.foldInUser(history);
      return (item) => product(vector, model.itemFactors.row(item));
    }
    if (model instanceof TwoTowerRecommender) {
      const vectors = await model.userVectors([history], [user]);
      return (item) => product(vectors.row(0), model.itemVectors.row(item));
    }
    const scores = new Float32Array(model.items);
    await model.score([history], scores, [user]);
    return (item) => scores[item];
  }
}

function product(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}
