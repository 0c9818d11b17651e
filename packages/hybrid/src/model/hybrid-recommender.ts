import { CsrMatrix, Matrix, topK, TowerkitError, type Reason, type Recommendations } from '@towerkit/core';
import type { PairFeatures, PairScorer } from './pair-scorer.js';

import type { SavedModel } from '@towerkit/recommend';
import type { ContextEncoding, Moment } from './context.js';
import { residualOf, type Foundation } from './foundation.js';
import { latestProducts } from './latest.js';
import { scoreRanking, type RankingScore } from './ranking-score.js';
import { recalledOf, TextNeighbors, type MemoryWeights } from './rating-memory.js';
import { meanOf, type RememberedReview, type UserMemory } from './user-memory.js';
import { stateFeatures } from './user-state.js';

/** Somebody who asks. */
export interface UserQuery {
  /** Dense id; -1 or absent for somebody without an account. */
  readonly user?: number;
  /** Items they had, oldest first. */
  readonly history?: ArrayLike<number>;
  /** Vectors of what they wrote, [texts, text], where that is not what is remembered of the user. */
  readonly wrote?: Matrix;
  readonly moment?: Moment;
}

/** What the model says of some queries and all items, [queries, items] each. */
export interface HybridScores {
  /** What ranks. */
  readonly score: Float32Array;
  /** Foretold ratings, within the scale. */
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

/** UserQuerys in one run. */
const BATCH = 256;

/** The hybrid of ALS and review texts, ready to answer. */
export class HybridRecommender implements SavedModel {
  readonly kind = 'hybrid';
  readonly neighbors: TextNeighbors;
  readonly #everything: Int32Array;
  /** ALS vectors by user, with the number of reviews they are of. */
  readonly #kept = new Map<number, { readonly reviews: number; readonly vector: Float32Array }>();

  constructor(readonly parts: HybridParts) {
    this.neighbors = new TextNeighbors(parts.productTexts);
    this.#everything = Int32Array.from({ length: this.items }, (_, item) => item);
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

  /** Where a user of ALS' part of the score comes from: items of the history that are its neighbors. */
  explain(history: ArrayLike<number>, item: number): Promise<Reason[]> {
    return this.parts.foundation.als.explain(history, item);
  }

  /** What ranks, [queries, items], or [queries, those items]. */
  async rank(queries: readonly UserQuery[], items?: ArrayLike<number>): Promise<Float32Array> {
    return this.#rank(await this.#features(queries), queries, items);
  }

  /** Foretold ratings within the scale, [queries, items], or [queries, those items]. */
  async rate(queries: readonly UserQuery[], items?: ArrayLike<number>): Promise<Float32Array> {
    return this.#rate(await this.#features(queries), queries, items);
  }

  /** Both, from one look at the queries. */
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

  /** Items an query had: as told, else as remembered; nobody in particular had none. */
  historyOf({ user = -1, history }: UserQuery): ArrayLike<number> {
    if (this.parts.memory.isAnonymous(user)) return [];
    return history ?? this.parts.memory.of(user).map(({ item }) => item);
  }

  /** Reviews that are remembered of an query. */
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
      als: await this.#alsVectors(queries),
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

  /**
   * ALS vectors of the queries, scaled; zeros without a history. Those of users as they are remembered are kept until they
   * have another review.
   */
  async #alsVectors(queries: readonly UserQuery[]): Promise<Matrix> {
    const { als, scales } = this.parts.foundation;
    const out = new Matrix(queries.length, als.itemFactors.cols);
    const histories = queries.map((query) => this.historyOf(query));
    const open = queries.flatMap(({ user = -1, history }, row) => {
      if (histories[row].length === 0) return [];
      const kept = history === undefined ? this.#kept.get(user) : undefined;
      if (kept?.reviews !== histories[row].length) return [row];
      out.row(row).set(kept.vector);
      return [];
    });
    if (open.length > 0) {
      const rows = CsrMatrix.fromRows(
        open.map((row) => histories[row]),
        this.items,
      );
      const solved = await als.foldInUsers(rows);
      open.forEach((row, place) => {
        const vector = solved.row(place).map((value) => value * scales.user);
        const { user = -1, history } = queries[row];
        if (history === undefined) this.#kept.set(user, { reviews: histories[row].length, vector });
        out.row(row).set(vector);
      });
    }
    return out;
  }

  #offsets(queries: readonly UserQuery[], items?: ArrayLike<number>): Float32Array {
    const { foundation, memoryWeights, offset } = this.parts;
    const asked = items ?? this.#everything;
    const out = new Float32Array(queries.length * asked.length).fill(foundation.mean);
    if (offset === 'mean') return out;
    queries.forEach((query, row) => {
      const before = this.reviewsOf(query).map(({ item, rating }) => ({
        item,
        residual: residualOf(foundation, item, rating),
      }));
      recalledOf(before, asked, memoryWeights, this.neighbors).forEach((surplus, place) => {
        out[row * asked.length + place] += foundation.itemBias[asked[place]] + surplus;
      });
    });
    return out;
  }
}
