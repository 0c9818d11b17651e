import { requireCount, type Recommender } from '@towerkit/core';

import { requireNumber } from '../recommender/check-options.js';
import { SavedModel } from '../recommender/saved-model.js';
import { SpectralRecommender, type FilterBatch } from './spectral-recommender.js';

/** Settings of {@link GfCf}. */
export interface GfCfOptions {
  /** Singular vectors of the ideal low-pass filter, 256 by default. */
  readonly dimensions?: number;
  /** Weight of the ideal low-pass filter beside the linear one, alpha: .3 by default. */
  readonly alpha?: number;
  /** One per core by default. */
  readonly threads?: number;
}

/**
 * GF-CF (Shen et al. 2021, "How Powerful is Graph Convolution for Recommendation?"): two low-pass filters on the graph of items,
 * without training. With R~ = D_U^-1/2 R D_I^-1/2 and V its leading right singular vectors, a history r has the scores
 *
 *     r (R~' R~ + alpha D_I^-1/2 V V' D_I^1/2)
 *
 * Entries of one item in a row are one; values, where the matrix has some, take the place of ones in R.
 *
 * @example
 * ```ts
 * const model = new GfCf({ dimensions: 64 });
 * await model.fit(histories);
 * const [first] = await model.recommend([[3, 8]], 10);
 * await model.dispose();
 * ```
 */
export class GfCf extends SpectralRecommender implements Recommender {
  readonly kind = 'gf-cf';
  readonly #alpha: number;

  /** @throws TowerkitError `BAD_OPTION` */
  constructor({ dimensions = 256, alpha = 0.3, threads }: GfCfOptions = {}) {
    requireCount('dimensions', dimensions);
    requireNumber('alpha', alpha, 0);
    if (threads !== undefined) requireCount('threads', threads);
    const settings = { dimensions, alpha };
    super(settings, threads);
    this.#alpha = alpha;
  }

  protected async filter({ graph, histories, width, loaded, room }: FilterBatch): Promise<Float32Array> {
    const [scores, low] = room;
    await graph.smooth(loaded, width, scores);
    if (this.#alpha === 0) return scores;
    await graph.passLow(histories, width, low);
    for (let i = 0; i < graph.items * width; i++) scores[i] += this.#alpha * low[i];
    return scores;
  }

  /** @throws TowerkitError `MODEL_NOT_FOUND`, `BAD_MODEL` */
  static async load(folder: string): Promise<GfCf> {
    const saved = await SavedModel.read(folder, 'gf-cf');
    const model = saved.build((options: GfCfOptions) => new GfCf(options));
    await model.restore(saved);
    return model;
  }
}
