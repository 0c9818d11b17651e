import { readArtifact, type Artifact } from '@towerkit/artifact';
import { topK, type Matrix, type Recommendations } from '@towerkit/core';
import { DEFAULT_CANDIDATES, diversify, isZero } from '@towerkit/recommend';

import { TowerkitError } from '../errors.js';
import { hybridFactsOf } from '../model/hybrid-files.js';
import type { HybridRecommender, UserQuery } from '../model/hybrid-recommender.js';
import { HybridRanker } from './hybrid-ranker.js';
import type { ProductExplanation, Prediction, PredictOptions } from './prediction.js';

const USERS_AT_ONCE = 256;

/**
 * A hybrid of ALS and review texts, by names of users and products: predictions for many users at once or for a user without
 * an account by texts, reviews that count at once, reasons.
 *
 * @example
 * ```ts
 * const hybrid = await Hybrid.open('artifacts/reviews');
 * const lists = await hybrid.predictForUsersBatched({ userIds: ['ann', 'bo'], k: 5 });
 * await hybrid.addReview({ userId: 'ann', productId: '17', rating: 5, text: 'Cozy and quiet.' });
 * await hybrid.dispose();
 * ```
 */
export class Hybrid {
  private constructor(
    readonly artifact: Artifact,
    readonly ranker: HybridRanker,
  ) {}

  /**
   * @param options.models folder of text models, for MiniLM
   * @throws TowerkitError `ARTIFACT_NOT_FOUND`; `BAD_ARTIFACT`, also for another kind of model
   */
  static async open(folder: string, { models }: { models?: string } = {}): Promise<Hybrid> {
    const artifact = await readArtifact(folder);
    return new Hybrid(artifact, await HybridRanker.open(artifact, { models }));
  }

  /** The model by dense ids. */
  get model(): HybridRecommender {
    return this.ranker.model;
  }

  /**
   * The best products of each user. What depends on products alone was computed when the model was opened.
   *
   * @throws TowerkitError `UNKNOWN_USER`, `UNKNOWN_ITEM`; `BAD_OPTION` for a k that is not a positive count or more than
   *   there are products
   */
  async predictForUsersBatched({
    userIds,
    ...options
  }: PredictOptions & { userIds: readonly string[] }): Promise<Prediction[][]> {
    const queries = userIds.map((name): UserQuery => ({ user: this.#user(name), moment: options.moment }));
    return this.#predict(queries, options);
  }

  /**
   * The best products for a user without an account, by texts of theirs.
   *
   * @throws TowerkitError `EMPTY_TEXT` where no text has a word that the encoder knows; those of
   *   {@link predictForUsersBatched}; `OTHER_ENCODER`
   */
  async predictForTexts({
    texts,
    ...options
  }: PredictOptions & { texts: readonly string[] }): Promise<Prediction[]> {
    const vectors = await this.encode(texts);
    const known = texts.flatMap((_, row) => (isZero(vectors.row(row)) ? [] : row));
    if (known.length === 0)
      throw new TowerkitError('EMPTY_TEXT', 'there is no text to go by: none has a word that is known', {
        hint: 'write a few words, or give a user',
      });
    const query = { wrote: vectors.gather(known), history: [], moment: options.moment };
    return (await this.#predict([query], options))[0];
  }

  /** Predicted ratings of pairs, [pairs]. @throws TowerkitError `SHAPE_MISMATCH`, `UNKNOWN_USER`, `UNKNOWN_ITEM` */
  async predictRatings(userIds: readonly string[], productIds: readonly string[]): Promise<Float32Array> {
    if (userIds.length !== productIds.length)
      throw new TowerkitError('SHAPE_MISMATCH', `${userIds.length} users but ${productIds.length} products`);
    const out = new Float32Array(userIds.length);
    for (let pair = 0; pair < out.length; pair++) {
      const user = this.#user(userIds[pair]);
      out[pair] = (await this.model.rate([{ user }], this.#places([productIds[pair]])))[0];
    }
    return out;
  }

  /**
   * A new review of a user the model knows: history, text mean and ratings change at once, the networks do not.
   *
   * @throws TowerkitError `UNKNOWN_USER`, `UNKNOWN_ITEM`; `BAD_RATING` outside the scale
   */
  async addReview(review: {
    userId: string;
    productId: string;
    rating: number;
    text: string;
  }): Promise<void> {
    const user = this.#user(review.userId);
    const [item] = this.#places([review.productId]);
    const [low, high] = this.model.parts.scale;
    if (!(review.rating >= low && review.rating <= high))
      throw new TowerkitError(
        'BAD_RATING',
        `the rating ${review.rating} is outside the scale [${low}, ${high}]`,
      );
    const { placeholders } = hybridFactsOf(this.artifact).options;
    const text = review.text.trim() || placeholders.text;
    const vectors = await this.encode([text]);
    this.model.parts.memory.add(user, { item, rating: review.rating, vector: vectors.row(0), text });
  }

  /** Why a product suits a user. @throws TowerkitError `UNKNOWN_USER`, `UNKNOWN_ITEM` */
  async explain(userId: string, productId: string, most = 3): Promise<ProductExplanation> {
    const user = this.#user(userId);
    const [item] = this.#places([productId]);
    const { items } = this.artifact;
    const history = Array.from(this.model.historyOf({ user }));
    const { reasons, reviews } = await this.ranker.explainWith(history, user, [item], most);
    const ratings = new Map(this.model.reviewsOf({ user }).map((review) => [review.item, review.rating]));
    return {
      reviews: reviews![0].map(({ item: reviewed, text, similarity }) => ({
        productId: items.nameOf(reviewed),
        ...(text !== undefined && { text }),
        similarity,
        rating: ratings.get(reviewed)!,
      })),
      neighbors: reasons[0]
        .slice(0, most)
        .map(({ item: other, weight }) => ({ productId: items.nameOf(other), weight })),
    };
  }

  /** Vectors of texts, as the model's own were made. @throws TowerkitError `OTHER_ENCODER` */
  encode(texts: readonly string[]): Promise<Matrix> {
    return this.ranker.content.encode(texts.map((text) => ({ text })));
  }

  /** Gives back native memory; nothing can be asked after it. */
  dispose(): Promise<void> {
    return this.ranker.dispose();
  }

  async #predict(queries: readonly UserQuery[], options: PredictOptions): Promise<Prediction[][]> {
    const { productIds, diversity = 0 } = options;
    const items = productIds && this.#places(productIds);
    const count = items?.length ?? this.model.items;
    const k = options.k ?? options.topK ?? Math.min(10, count);
    if (!Number.isSafeInteger(k) || k < 1 || k > count)
      throw new TowerkitError('BAD_OPTION', `k must be from 1 to the ${count} products, got ${k}`, {
        hint: 'k is the length of the list',
        details: { option: 'k', value: k },
      });
    const out: Prediction[][] = [];
    for (let from = 0; from < queries.length; from += USERS_AT_ONCE) {
      const part = queries.slice(from, from + USERS_AT_ONCE);
      const { score: scores, rating: ratings } = await this.model.scores(part, items);
      part.forEach((query, row) => {
        const own = scores.subarray(row * count, (row + 1) * count);
        const had = items ? [] : this.model.historyOf(query);
        const pool = topK(own, diversity > 0 ? Math.max(k, DEFAULT_CANDIDATES) : k, had);
        out.push(this.#named(this.#diverse(pool, items, k, diversity), items, ratings.subarray(row * count)));
      });
    }
    return out;
  }

  #diverse(
    pool: Recommendations,
    items: Int32Array | undefined,
    k: number,
    diversity: number,
  ): Recommendations {
    if (diversity === 0) return pool;
    const candidates = { items: Array.from(pool.items), scores: Array.from(pool.scores) };
    const vectorOf = (place: number) => this.ranker.vectorOf(items ? items[place] : place);
    const chosen = diversify(candidates, vectorOf, k, diversity);
    return { items: Int32Array.from(chosen.items), scores: Float32Array.from(chosen.scores) };
  }

  #named(
    { items, scores }: Recommendations,
    among: Int32Array | undefined,
    ratings: Float32Array,
  ): Prediction[] {
    return Array.from(items, (place, rank) => {
      const item = among ? among[place] : place;
      const title = this.artifact.titles?.[item];
      return {
        productId: this.artifact.items.nameOf(item),
        rating: ratings[place],
        score: scores[rank],
        ...(title != null && { title }),
      };
    });
  }

  #user(name: string): number {
    const user = this.artifact.users.indexOf(name);
    if (user !== undefined) return user;
    throw new TowerkitError('UNKNOWN_USER', `the artifact does not know the user "${name}"`, {
      hint: 'for a new user, use predictForTexts with texts of theirs',
      details: { user: name },
    });
  }

  #places(productIds: readonly string[]): Int32Array {
    return Int32Array.from(productIds, (name) => {
      const item = this.artifact.items.indexOf(name);
      if (item !== undefined) return item;
      throw new TowerkitError('UNKNOWN_ITEM', `the artifact does not know the product "${name}"`, {
        hint: 'items.json in the artifact lists those it knows',
        details: { items: [name] },
      });
    });
  }
}
