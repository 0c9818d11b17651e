import { Matrix, topK, TowerkitError, type Reason, type Recommendations } from '@towerkit/core';
import type { PairFeatures, PairScorer } from '@towerkit/training';

import type { SavedModel } from '../artifact/open.js';
import type { ContextEncoding, Moment } from './context.js';
import type { Foundation } from './foundation.js';
import { latestProducts } from './latest.js';
import { scoreRanking, type RankingScore } from './ranking-score.js';
import { recalledOf, TextNeighbours, type MemoryWeights } from './rating-memory.js';
import { listsOf, residualOf } from './states.js';
import { meanOf, type RememberedReview, type UserMemory } from './user-memory.js';
import { stateFeatures } from './user-state.js';

/** Somebody who asks. */
export interface Asker {
  /** Dense id; -1 or absent for somebody without an account. */
  readonly user?: number;
  /** Items they had, oldest first. */
  readonly history?: ArrayLike<number>;
  /** Vectors of what they wrote, [texts, text], where that is not what is remembered of the user. */
  readonly wrote?: Matrix;
  readonly moment?: Moment;
}

/** What the model says of some askers and all items, [askers, items] each. */
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
  /** What the item towers read, [items, width]. */
  readonly products: Matrix;
  readonly networks: { readonly rating: PairScorer; readonly ranking: PairScorer };
  readonly memory: UserMemory;
}

/** Askers in one run. */
const BATCH = 256;

/** The hybrid of ALS and review texts, ready to answer. */
export class HybridRecommender implements SavedModel {
  readonly kind = 'hybrid';
  readonly neighbours: TextNeighbours;
  readonly #everything: Int32Array;
  /** ALS vectors by user, with the number of reviews they are of. */
  readonly #kept = new Map<number, { readonly reviews: number; readonly vector: Float32Array }>();

  constructor(readonly parts: HybridParts) {
    this.neighbours = new TextNeighbours(parts.productTexts);
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
    const askers = histories.map((history, row): Asker => ({ history, user: users?.[row] ?? -1 }));
    for (let from = 0; from < askers.length; from += BATCH) {
      const part = askers.slice(from, from + BATCH);
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

  /** Where a user of ALS' part of the score comes from: items of the history that are its neighbours. */
  explain(history: ArrayLike<number>, item: number): Promise<Reason[]> {
    return this.parts.foundation.als.explain(history, item);
  }

  /** What ranks, [askers, items], or [askers, those items]. */
  async rank(askers: readonly Asker[], items?: ArrayLike<number>): Promise<Float32Array> {
    return this.#rank(await this.#features(askers), askers, items);
  }

  /** Foretold ratings within the scale, [askers, items], or [askers, those items]. */
  async rate(askers: readonly Asker[], items?: ArrayLike<number>): Promise<Float32Array> {
    return this.#rate(await this.#features(askers), askers, items);
  }

  /** Both, from one look at the askers. */
  async scores(askers: readonly Asker[], items?: ArrayLike<number>): Promise<HybridScores> {
    const features = await this.#features(askers);
    return {
      score: await this.#rank(features, askers, items),
      rating: await this.#rate(features, askers, items),
    };
  }

  async #rank(
    features: PairFeatures,
    askers: readonly Asker[],
    items?: ArrayLike<number>,
  ): Promise<Float32Array> {
    const { networks, ranking, products, latest } = this.parts;
    const histories = askers.map((asker) => this.historyOf(asker));
    const users = await networks.ranking.userVectors({
      ...features,
      ...(latest > 0 && { latest: latestProducts(products, histories, latest) }),
    });
    const outputs = await networks.ranking.score(users, items);
    const out = new Float32Array(askers.length * (items?.length ?? this.items));
    const liked = outputs.choice ? new Float32Array(0) : this.#offsets(askers, items);
    const logQ = items ? Float64Array.from(items, (item) => ranking.logQ[item]) : ranking.logQ;
    scoreRanking({ ...ranking, logQ }, outputs, liked, out);
    return out;
  }

  async #rate(
    features: PairFeatures,
    askers: readonly Asker[],
    items?: ArrayLike<number>,
  ): Promise<Float32Array> {
    const { networks, scale } = this.parts;
    const [low, high] = scale;
    const { rating } = await networks.rating.score(await networks.rating.userVectors(features), items);
    const offsets = this.#offsets(askers, items);
    return rating.map((value, at) => Math.min(high, Math.max(low, value + offsets[at])));
  }

  async dispose(): Promise<void> {
    await this.parts.foundation.als.dispose();
    await this.parts.networks.rating.dispose();
    await this.parts.networks.ranking.dispose();
  }

  /** Items an asker had: as told, else as remembered; nobody in particular had none. */
  historyOf({ user = -1, history }: Asker): ArrayLike<number> {
    if (this.parts.memory.isAnonymous(user)) return [];
    return history ?? this.parts.memory.of(user).map(({ item }) => item);
  }

  /** Reviews that are remembered of an asker. */
  reviewsOf({ user = -1, wrote }: Asker): readonly RememberedReview[] {
    return wrote ? [] : this.parts.memory.of(user);
  }

  async #features(askers: readonly Asker[]): Promise<PairFeatures> {
    const { memory, context, attention, productTexts } = this.parts;
    const text = productTexts.cols;
    const written = new Matrix(askers.length, text);
    const anonymous = new Matrix(askers.length, 1);
    askers.forEach(({ user = -1, wrote }, row) => {
      if (wrote) written.row(row).set(meanOf(wrote));
      else if (user >= 0) memory.mean(user, written.row(row));
      anonymous.data[row] = memory.isAnonymous(user) ? 1 : 0;
    });
    const state = stateFeatures({
      als: await this.#alsVectors(askers),
      written,
      anonymous,
      moments: context.encode(askers.map(({ moment = {} }) => moment)),
    });
    if (attention === 0) return { state };
    const reviews = new Matrix(askers.length, attention * text);
    const reviewsMask = new Matrix(askers.length, attention);
    askers.forEach((asker, row) => {
      const vectors = asker.wrote
        ? Array.from({ length: asker.wrote.rows }, (_, k) => asker.wrote!.row(k))
        : this.reviewsOf(asker).map(({ vector }) => vector);
      vectors.slice(-attention).forEach((vector, k) => {
        reviews.row(row).set(vector, k * text);
        reviewsMask.row(row)[k] = 1;
      });
    });
    return { state, reviews, reviewsMask };
  }

  /**
   * ALS vectors of the askers, scaled; zeros without a history. Those of users as they are remembered are kept until they
   * have another review.
   */
  async #alsVectors(askers: readonly Asker[]): Promise<Matrix> {
    const { als, scales } = this.parts.foundation;
    const out = new Matrix(askers.length, als.itemFactors.cols);
    const histories = askers.map((asker) => this.historyOf(asker));
    const open = askers.flatMap(({ user = -1, history }, row) => {
      if (histories[row].length === 0) return [];
      const kept = history === undefined ? this.#kept.get(user) : undefined;
      if (kept?.reviews !== histories[row].length) return [row];
      out.row(row).set(kept.vector);
      return [];
    });
    if (open.length > 0) {
      const rows = listsOf(
        open.map((row) => histories[row]),
        this.items,
      );
      const solved = await als.foldInUsers(rows);
      open.forEach((row, place) => {
        const vector = solved.row(place).map((value) => value * scales.user);
        const { user = -1, history } = askers[row];
        if (history === undefined) this.#kept.set(user, { reviews: histories[row].length, vector });
        out.row(row).set(vector);
      });
    }
    return out;
  }

  #offsets(askers: readonly Asker[], items?: ArrayLike<number>): Float32Array {
    const { foundation, memoryWeights, offset } = this.parts;
    const asked = items ?? this.#everything;
    const out = new Float32Array(askers.length * asked.length).fill(foundation.mean);
    if (offset === 'mean') return out;
    askers.forEach((asker, row) => {
      const before = this.reviewsOf(asker).map(({ item, rating }) => ({
        item,
        residual: residualOf(foundation, item, rating),
      }));
      recalledOf(before, asked, memoryWeights, this.neighbours).forEach((surplus, place) => {
        out[row * asked.length + place] += foundation.itemBias[asked[place]] + surplus;
      });
    });
    return out;
  }
}
