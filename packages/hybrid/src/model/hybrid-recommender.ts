import { Matrix, topK, type Reason, type Recommendations } from '@towerkit/core';
import type { SavedModel } from '@towerkit/recommend';

import { TowerkitError } from '../errors.js';
import { AlsVectors } from './als-vectors.js';
import type { ContextEncoding, Moment } from './context.js';
import { residualOf, type Foundation } from './foundation.js';
import { latestProducts } from './latest.js';
import type { PairFeatures, PairScorer } from './pair-scorer.js';
import { scoreRanking, type RankingScore } from './ranking-score.js';
import { recalledOf, TextNeighbors, type MemoryWeights } from './rating-memory.js';
import { meanOf, type RememberedReview, type UserMemory } from './user-memory.js';
import { stateFeatures } from './user-state.js';

/** A user to predict for. */
export interface UserQuery {
  /** Dense id; -1 or absent for a user without an account. */
  readonly user?: number;
  /** Dense item ids, oldest first; those remembered of the user when absent. */
  readonly history?: ArrayLike<number>;
  /** Vectors of texts of theirs, [texts, dimensions], in place of the reviews remembered of the user. */
  readonly wrote?: Matrix;
  readonly moment?: Moment;
}

/** Scores and ratings, [queries, items] each. */
export interface HybridScores {
  /** Ranking scores; larger is likelier to be taken. */
  readonly score: Float32Array;
  /** Predicted ratings, within the scale. */
  readonly rating: Float32Array;
}

/** The parts of a trained hybrid. */
export interface HybridParts {
  readonly foundation: Foundation;
  readonly memoryWeights: MemoryWeights;
  readonly offset: 'memory' | 'bias' | 'mean';
  readonly scale: readonly [number, number];
  readonly context: ContextEncoding;
  /** Reviews of a user that the towers attend to, 0 for their mean. */
  readonly attention: number;
  /** Products taken last that the ranking network reads one by one. */
  readonly latest: number;
  readonly ranking: RankingScore;
  /** Vectors of the product texts, [items, text]. */
  readonly productTexts: Matrix;
  /** What the item towers read, [items, dimensions]. */
  readonly products: Matrix;
  readonly networks: { readonly rating: PairScorer; readonly ranking: PairScorer };
  readonly memory: UserMemory;
}

/** Queries in one batch. */
const BATCH = 256;

/** The hybrid of ALS and review texts, ready to answer. */
export class HybridRecommender implements SavedModel {
  readonly kind = 'hybrid';
  readonly neighbors: TextNeighbors;
  readonly #allItems: Int32Array;
  readonly #alsVectors: AlsVectors;

  constructor(readonly parts: HybridParts) {
    this.neighbors = new TextNeighbors(parts.productTexts);
    this.#alsVectors = new AlsVectors(parts.foundation, parts.productTexts.rows);
    this.#allItems = Int32Array.from({ length: this.items }, (_, item) => item);
  }

  get items(): number {
    return this.parts.productTexts.rows;
  }

  /** Vectors of the items in the ranking network's space, [items, 64]. */
  get itemVectors(): Matrix {
    return this.parts.networks.ranking.itemVectors;
  }

  async score(
    histories: readonly ArrayLike<number>[],
    out: Float32Array,
    users?: ArrayLike<number>,
  ): Promise<void> {
    if (out.length !== histories.length * this.items || (users && users.length !== histories.length))
      throw new TowerkitError(
        'SHAPE_MISMATCH',
        `${histories.length} histories do not fit ${out.length} scores`,
      );
    const queries = histories.map((history, row): UserQuery => ({ history, user: users?.[row] ?? -1 }));
    for (let from = 0; from < queries.length; from += BATCH) {
      const part = queries.slice(from, from + BATCH);
      out.set(await this.rank(part), from * this.items);
    }
  }

  async recommend(
    histories: readonly ArrayLike<number>[],
    k: number,
    users?: ArrayLike<number>,
  ): Promise<Recommendations[]> {
    if (!Number.isSafeInteger(k) || k < 0)
      throw new TowerkitError('OUT_OF_RANGE', `k must be a count, got ${k}`, { details: { k } });
    const scores = new Float32Array(histories.length * this.items);
    await this.score(histories, scores, users);
    return histories.map((history, row) =>
      topK(scores.subarray(row * this.items, (row + 1) * this.items), k, history),
    );
  }

  /** Reasons of the ALS part of the score: items of the history with what they add to it. */
  explain(history: ArrayLike<number>, item: number): Promise<Reason[]> {
    return this.parts.foundation.als.explain(history, item);
  }

  /** {@link explain} of several items, in their order. */
  explainAll(history: ArrayLike<number>, items: ArrayLike<number>): Promise<Reason[][]> {
    return this.parts.foundation.als.explainAll(history, items);
  }

  /** Ranking scores, [queries, items], or [queries, those items]. */
  async rank(queries: readonly UserQuery[], items?: ArrayLike<number>): Promise<Float32Array> {
    return this.#rank(await this.#features(queries), queries, items);
  }

  /** Predicted ratings within the scale, [queries, items], or [queries, those items]. */
  async rate(queries: readonly UserQuery[], items?: ArrayLike<number>): Promise<Float32Array> {
    return this.#rate(await this.#features(queries), queries, items);
  }

  /** Ranking scores and ratings, with the features of the queries computed once. */
  async scores(queries: readonly UserQuery[], items?: ArrayLike<number>): Promise<HybridScores> {
    const features = await this.#features(queries);
    return {
      score: await this.#rank(features, queries, items),
      rating: await this.#rate(features, queries, items),
    };
  }

  async #rank(
    features: PairFeatures,
    queries: readonly UserQuery[],
    items?: ArrayLike<number>,
  ): Promise<Float32Array> {
    const { networks, ranking, products, latest } = this.parts;
    const histories = queries.map((query) => this.historyOf(query));
    const users = await networks.ranking.userVectors({
      ...features,
      ...(latest > 0 && { latest: latestProducts(products, histories, latest) }),
    });
    const outputs = await networks.ranking.score(users, items);
    const out = new Float32Array(queries.length * (items?.length ?? this.items));
    const liked = outputs.choice ? new Float32Array(0) : this.#offsets(queries, items);
    const logQ = items ? Float64Array.from(items, (item) => ranking.logQ[item]) : ranking.logQ;
    scoreRanking({ ...ranking, logQ }, outputs, liked, out);
    return out;
  }

  async #rate(
    features: PairFeatures,
    queries: readonly UserQuery[],
    items?: ArrayLike<number>,
  ): Promise<Float32Array> {
    const { networks, scale } = this.parts;
    const [low, high] = scale;
    const { rating } = await networks.rating.score(await networks.rating.userVectors(features), items);
    const offsets = this.#offsets(queries, items);
    return rating.map((value, at) => Math.min(high, Math.max(low, value + offsets[at])));
  }

  async dispose(): Promise<void> {
    await this.parts.foundation.als.dispose();
    await this.parts.networks.rating.dispose();
    await this.parts.networks.ranking.dispose();
  }

  /** Items of a query's history: those given, else those remembered; none for an anonymous user. */
  historyOf({ user = -1, history }: UserQuery): ArrayLike<number> {
    if (this.parts.memory.isAnonymous(user)) return [];
    return history ?? this.parts.memory.of(user).map(({ item }) => item);
  }

  /** Reviews remembered of a query's user; none where texts are given instead. */
  reviewsOf({ user = -1, wrote }: UserQuery): readonly RememberedReview[] {
    return wrote ? [] : this.parts.memory.of(user);
  }

  async #features(queries: readonly UserQuery[]): Promise<PairFeatures> {
    const { memory, context, attention, productTexts } = this.parts;
    const text = productTexts.cols;
    const written = new Matrix(queries.length, text);
    const anonymous = new Matrix(queries.length, 1);
    queries.forEach(({ user = -1, wrote }, row) => {
      if (wrote) written.row(row).set(meanOf(wrote));
      else if (user >= 0) memory.mean(user, written.row(row));
      anonymous.data[row] = memory.isAnonymous(user) ? 1 : 0;
    });
    const state = stateFeatures({
      als: await this.#alsVectors.of(
        queries,
        queries.map((query) => this.historyOf(query)),
      ),
      written,
      anonymous,
      moments: context.encode(queries.map(({ moment = {} }) => moment)),
    });
    if (attention === 0) return { state };
    const reviews = new Matrix(queries.length, attention * text);
    const reviewsMask = new Matrix(queries.length, attention);
    queries.forEach((query, row) => {
      const vectors = query.wrote
        ? Array.from({ length: query.wrote.rows }, (_, k) => query.wrote!.row(k))
        : this.reviewsOf(query).map(({ vector }) => vector);
      vectors.slice(-attention).forEach((vector, k) => {
        reviews.row(row).set(vector, k * text);
        reviewsMask.row(row)[k] = 1;
      });
    });
    return { state, reviews, reviewsMask };
  }

  #offsets(queries: readonly UserQuery[], items?: ArrayLike<number>): Float32Array {
    const { foundation, memoryWeights, offset } = this.parts;
    const wanted = items ?? this.#allItems;
    const out = new Float32Array(queries.length * wanted.length).fill(foundation.mean);
    if (offset === 'mean') return out;
    queries.forEach((query, row) => {
      const before = this.reviewsOf(query).map(({ item, rating }) => ({
        item,
        residual: residualOf(foundation, item, rating),
      }));
      recalledOf(before, wanted, memoryWeights, this.neighbors).forEach((surplus, place) => {
        out[row * wanted.length + place] += foundation.itemBias[wanted[place]] + surplus;
      });
    });
    return out;
  }
}
