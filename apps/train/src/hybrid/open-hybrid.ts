import { topK, TowerkitError, type Matrix, type Recommendations } from '@towerkit/core';
import type { TextEncoder } from '@towerkit/text';

import { openArtifact, type OpenArtifact } from '../artifact/open.js';
import type { Moment } from './context.js';
import { diversify } from './diversify.js';
import { openReviewEncoder } from './hybrid-files.js';
import { HybridRecommender, type Asker } from './hybrid-recommender.js';

/** A product for somebody. */
export interface Prediction {
  readonly productId: string;
  /** Foretold rating, within the scale. */
  readonly rating: number;
  /** What ranks: larger is likelier to be taken. */
  readonly score: number;
  readonly title?: string;
}

/** How predictions are asked for. */
export interface PredictOptions {
  /** How many products. Default 10. */
  readonly topK?: number;
  /** Only these products, those a user had among them; by default all that they have not had. */
  readonly productIds?: readonly string[];
  /** How much unlike products are preferred, in [0, 1] (maximal marginal relevance). Default 0. */
  readonly diversity?: number;
  /** When, and on what device, where the model was told of such things. */
  readonly moment?: Moment;
}

/** Why a product is recommended. */
export interface Explanation {
  /** Reviews of the user, those nearest to the product first. */
  readonly reviews: readonly {
    readonly productId: string;
    readonly text?: string;
    readonly similarity: number;
    readonly rating: number;
  }[];
  /** Products of the user's that ALS' part of the score comes from, the weightiest first. */
  readonly neighbours: readonly { readonly productId: string; readonly weight: number }[];
}

const USERS_AT_ONCE = 256;
/** Products looked at for each one kept when lists are made diverse. */
const POOL = 5;

/**
 * A hybrid of ALS and review texts, for use from a program: predictions for many users at once or for somebody who is only
 * known by what they write, reviews that count at once, reasons.
 *
 * @example
 * ```ts
 * const hybrid = await Hybrid.open('artifacts/reviews');
 * const lists = await hybrid.predictForUsersBatched({ userIds: ['ann', 'bo'], topK: 5 });
 * await hybrid.addReview({ userId: 'ann', productId: '17', rating: 5, text: 'Cosy and quiet.' });
 * await hybrid.dispose();
 * ```
 */
export class Hybrid {
  #encoder: Promise<TextEncoder> | undefined;

  private constructor(
    readonly artifact: OpenArtifact,
    readonly model: HybridRecommender,
    private readonly models: string | undefined,
  ) {}

  /**
   * @param options.models folder of text models, for MiniLM
   * @throws TowerkitError `ARTIFACT_NOT_FOUND`; `BAD_ARTIFACT`, also for another kind of model
   */
  static async open(folder: string, { models }: { models?: string } = {}): Promise<Hybrid> {
    return Hybrid.of(await openArtifact(folder), { models });
  }

  /** Of an artifact that is open already. @throws TowerkitError `BAD_ARTIFACT` for another kind of model */
  static of(artifact: OpenArtifact, { models }: { models?: string } = {}): Hybrid {
    if (artifact.model instanceof HybridRecommender) return new Hybrid(artifact, artifact.model, models);
    throw new TowerkitError(
      'BAD_ARTIFACT',
      `${artifact.folder} holds a model of the kind ${artifact.model.kind}, not hybrid`,
    );
  }

  /**
   * The best products of each user. What depends on products alone was computed when the model was opened.
   *
   * @throws TowerkitError `UNKNOWN_USER`, `UNKNOWN_ITEM`; `BAD_OPTION` for a topK that is no positive count or more than
   *   there are products
   */
  async predictForUsersBatched({
    userIds,
    ...options
  }: PredictOptions & { userIds: readonly string[] }): Promise<Prediction[][]> {
    const { users } = this.artifact;
    const askers = userIds.map((name): Asker => {
      const user = users.indexOf(name);
      if (user === undefined)
        throw new TowerkitError('UNKNOWN_USER', `the artifact does not know the user "${name}"`, {
          hint: 'ask by what they wrote, with predictForTexts',
          details: { user: name },
        });
      return { user, moment: options.moment };
    });
    return this.#predict(askers, options);
  }

  /**
   * The best products for somebody without an account, by what they wrote.
   *
   * @throws TowerkitError `EMPTY_TEXT` where nothing is written in any of the texts; those of {@link predictForUsersBatched};
   *   `OTHER_ENCODER`
   */
  async predictForTexts({
    texts,
    ...options
  }: PredictOptions & { texts: readonly string[] }): Promise<Prediction[]> {
    const written = texts.filter((text) => text.trim() !== '');
    if (written.length === 0)
      throw new TowerkitError('EMPTY_TEXT', 'there is no text to go by', {
        hint: 'write a few words, or ask by --user',
      });
    const asker = { wrote: await this.encode(written), history: [], moment: options.moment };
    return (await this.#predict([asker], options))[0];
  }

  /** Foretold ratings of pairs. @throws TowerkitError `SHAPE_MISMATCH`, `UNKNOWN_USER`, `UNKNOWN_ITEM` */
  async predictRatings(userIds: readonly string[], productIds: readonly string[]): Promise<Float32Array> {
    if (userIds.length !== productIds.length)
      throw new TowerkitError('SHAPE_MISMATCH', `${userIds.length} users but ${productIds.length} products`);
    const out = new Float32Array(userIds.length);
    for (let pair = 0; pair < out.length; pair++) {
      const user = this.artifact.users.indexOf(userIds[pair]);
      if (user === undefined)
        throw new TowerkitError('UNKNOWN_USER', `the artifact does not know the user "${userIds[pair]}"`);
      out[pair] = (await this.model.rate([{ user }], this.#places([productIds[pair]])))[0];
    }
    return out;
  }

  /**
   * A new review of a user the model knows: their history, their mean and their ratings move at once, the networks do not.
   *
   * @throws TowerkitError `UNKNOWN_USER`, `UNKNOWN_ITEM`; `BAD_RATING` outside the scale
   */
  async addReview(review: {
    userId: string;
    productId: string;
    rating: number;
    text: string;
  }): Promise<void> {
    const user = this.artifact.users.indexOf(review.userId);
    if (user === undefined)
      throw new TowerkitError('UNKNOWN_USER', `the artifact does not know the user "${review.userId}"`, {
        hint: 'somebody new is known by their texts alone: predictForTexts',
      });
    const [item] = this.#places([review.productId]);
    const [low, high] = this.model.parts.scale;
    if (!(review.rating >= low && review.rating <= high))
      throw new TowerkitError(
        'BAD_RATING',
        `the rating ${review.rating} is outside the scale [${low}, ${high}]`,
      );
    const { placeholders } = this.artifact.config.hybrid!;
    const text = review.text.trim() || placeholders.text;
    const vectors = await this.encode([text]);
    this.model.parts.memory.add(user, { item, rating: review.rating, vector: vectors.row(0), text });
  }

  /** Why a product suits a user. @throws TowerkitError `UNKNOWN_USER`, `UNKNOWN_ITEM` */
  async explain(userId: string, productId: string, most = 3): Promise<Explanation> {
    const user = this.artifact.users.indexOf(userId);
    if (user === undefined)
      throw new TowerkitError('UNKNOWN_USER', `the artifact does not know the user "${userId}"`);
    const [item] = this.#places([productId]);
    const { items } = this.artifact;
    const text = this.model.parts.productTexts.row(item);
    const reviews = this.model
      .reviewsOf({ user })
      .map(({ vector, text: written, ...review }) => ({
        productId: items.nameOf(review.item),
        ...(written !== undefined && { text: written }),
        similarity: vector.reduce((sum, value, c) => sum + value * text[c], 0),
        rating: review.rating,
      }))
      .sort((a, b) => b.similarity - a.similarity)
      .slice(0, most);
    const history = this.model.historyOf({ user });
    const reasons = history.length > 0 ? await this.model.explain(history, item) : [];
    return {
      reviews,
      neighbours: reasons
        .slice(0, most)
        .map(({ item: other, weight }) => ({ productId: items.nameOf(other), weight })),
    };
  }

  /** Vectors of texts, as the model's own were made. @throws TowerkitError `OTHER_ENCODER` */
  async encode(texts: readonly string[]): Promise<Matrix> {
    const { folder, manifest } = this.artifact;
    this.#encoder ??= openReviewEncoder(folder, manifest, { models: this.models, threads: 1 });
    return (await this.#encoder).encode(texts);
  }

  async dispose(): Promise<void> {
    await this.model.dispose();
    await (await this.#encoder?.catch(() => undefined))?.dispose?.();
  }

  async #predict(askers: readonly Asker[], options: PredictOptions): Promise<Prediction[][]> {
    const { productIds, diversity = 0 } = options;
    const items = productIds && this.#places(productIds);
    const count = items?.length ?? this.model.items;
    const k = options.topK ?? Math.min(10, count);
    if (!Number.isSafeInteger(k) || k < 1 || k > count)
      throw new TowerkitError('BAD_OPTION', `topK must be from 1 to the ${count} products, got ${k}`, {
        details: { option: 'topK', value: k },
      });
    const out: Prediction[][] = [];
    for (let from = 0; from < askers.length; from += USERS_AT_ONCE) {
      const part = askers.slice(from, from + USERS_AT_ONCE);
      const { score: scores, rating: ratings } = await this.model.scores(part, items);
      part.forEach((asker, row) => {
        const own = scores.subarray(row * count, (row + 1) * count);
        const had = items ? [] : this.model.historyOf(asker);
        const pool = topK(own, diversity > 0 ? k * POOL : k, had);
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
    const vectors = this.model.parts.productTexts;
    return diversify(pool, items ? vectors.gather(items) : vectors, k, diversity);
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

  #places(productIds: readonly string[]): Int32Array {
    return Int32Array.from(productIds, (name) => {
      const item = this.artifact.items.indexOf(name);
      if (item !== undefined) return item;
      throw new TowerkitError('UNKNOWN_ITEM', `the artifact does not know the product "${name}"`, {
        hint: 'items.parquet in the artifact lists those it knows',
        details: { items: [name] },
      });
    });
  }
}
