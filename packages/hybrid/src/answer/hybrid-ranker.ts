import type { VerifiedArtifact } from '@towerkit/artifact';
import type { Matrix } from '@towerkit/core';
import {
  bestOf,
  dot,
  leftOut,
  ModelRanker,
  type CandidateQuery,
  type Candidates,
  type Explanation,
  type ModelKind,
  type NearReview,
  type OpenModelOptions,
  type RankedItems,
} from '@towerkit/recommend';

import { loadHybrid } from '../model/hybrid-files.js';
import type { HybridRecommender, UserQuery } from '../model/hybrid-recommender.js';
import { ReviewEncoder } from './review-encoder.js';

/** Reviews given for an item, at most. */
const REVIEWS = 3;

/** A hybrid of ALS and review texts: content is a text by the user; items are similar by their texts. */
export class HybridRanker extends ModelRanker<HybridRecommender> {
  private constructor(
    model: HybridRecommender,
    readonly content: ReviewEncoder,
  ) {
    super(model);
  }

  /** @throws TowerkitError `BAD_ARTIFACT` */
  static async open(
    artifact: VerifiedArtifact,
    { models, threads }: OpenModelOptions,
  ): Promise<HybridRanker> {
    const model = await loadHybrid(artifact, { threads: threads ?? 1 });
    return new HybridRanker(model, new ReviewEncoder(artifact, { models, threads: threads ?? 1 }));
  }

  /**
   * The best products of each query, by the ranking network.
   *
   * @param texts vectors of texts by the users; in a history the ids from the number of items on stand for them
   */
  override async candidates(queries: readonly CandidateQuery[], texts?: Matrix): Promise<Candidates[]> {
    const { items } = this.model;
    const scores = await this.model.rank(
      queries.map(({ history, user }) => this.#query(history, user, texts)),
    );
    return queries.map((query, row) => {
      const out = [...leftOut(query)].filter((item) => item < items);
      return bestOf(scores.subarray(row * items, (row + 1) * items), query.k, out, query.allow);
    });
  }

  override async similar(item: number, k: number, allow?: Float64Array): Promise<RankedItems> {
    return (await this.likeness()).similar(item, k, allow);
  }

  override async nearest(vector: Float32Array, k: number, allow?: Float64Array): Promise<RankedItems> {
    return (await this.likeness()).nearest(vector, k, allow);
  }

  override vectorOf(item: number): Float32Array {
    return this.model.parts.productTexts.row(item);
  }

  override explain(history: readonly number[], user: number, items: readonly number[]): Promise<Explanation> {
    return this.explainWith(history, user, items, REVIEWS);
  }

  /** Reasons of each item for that user. @param most reviews for an item */
  async explainWith(
    history: readonly number[],
    user: number,
    items: readonly number[],
    most: number,
  ): Promise<Explanation> {
    const { reasons } =
      history.length > 0 ? await super.explain(history, user, items) : { reasons: items.map(() => []) };
    return { reasons, reviews: items.map((item) => this.#nearReviews(user, item, most)) };
  }

  /** Predicted ratings of `items`, within the scale. */
  ratings(
    history: readonly number[],
    user: number,
    items: readonly number[],
    texts?: Matrix,
  ): Promise<Float32Array> {
    return this.model.rate([this.#query(history, user, texts)], items);
  }

  /** Gives back native memory. */
  override async dispose(): Promise<void> {
    await super.dispose();
    await this.content.dispose();
  }

  #query(history: readonly number[], user: number, texts: Matrix | undefined): UserQuery {
    const { items } = this.model;
    const written = history.filter((item) => item >= items).map((item) => item - items);
    return {
      user,
      history: history.filter((item) => item < items),
      ...(texts && written.length > 0 && { wrote: texts.gather(written) }),
    };
  }

  /** Reviews of the user by the cosine of their text with that of the item. */
  #nearReviews(user: number, item: number, most: number): NearReview[] {
    const text = this.vectorOf(item);
    return this.model
      .reviewsOf({ user })
      .map(({ item: reviewed, text: written, vector }) => ({
        item: reviewed,
        ...(written !== undefined && { text: written }),
        similarity: dot(vector, text),
      }))
      .sort((a, b) => b.similarity - a.similarity)
      .slice(0, most);
  }
}

/** The kind of model that this package adds to those of `@towerkit/recommend`. */
export const hybridKind: ModelKind = {
  name: 'hybrid',
  open: (artifact, options) => HybridRanker.open(artifact, options),
};
