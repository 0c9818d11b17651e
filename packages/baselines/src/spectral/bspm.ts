import { badOption, requireCount, type Recommender } from '@towerkit/core';

import { requireNumber } from '../recommender/check-options.js';
import { SavedModel } from '../recommender/saved-model.js';
import { SpectralRecommender, type FilterBatch } from './spectral-recommender.js';

/** Terms of the Taylor series of a step that a solver keeps. */
const ORDERS = { euler: 1, rk4: 4 } as const;

/** Settings of {@link Bspm}. */
export interface BspmOptions {
  /** Singular vectors of the ideal low-pass filter, 256 by default. */
  readonly dimensions?: number;
  /** Weight of the ideal low-pass filter beside the linear one in blurring, .2 by default. */
  readonly idealWeight?: number;
  /** How long scores are sharpened, 2.5 by default; 0 leaves it out. */
  readonly sharpening?: number;
  /** Steps of the solver, 1 by default. */
  readonly steps?: number;
  /** 'rk4' (by default) or 'euler'. */
  readonly solver?: keyof typeof ORDERS;
  /** One per core by default. */
  readonly threads?: number;
}

/**
 * BSPM (Choi et al. 2023, "Blurring-Sharpening Process Models for Collaborative Filtering"), with the early merge that its
 * authors call EM: a history is blurred by both filters of {@link GfCf} and then sharpened along the graph of items, P = R~' R~.
 *
 *     s(0) = r P + idealWeight r D_I^-1/2 V V' D_I^1/2    ds/dt = -s P, from 0 to `sharpening`
 *
 * Entries of one item in a row are one; values, where the matrix has some, take the place of ones in R.
 *
 * @example
 * ```ts
 * const model = new Bspm({ dimensions: 64 });
 * await model.fit(histories);
 * const [first] = await model.recommend([[3, 8]], 10);
 * await model.dispose();
 * ```
 */
export class Bspm extends SpectralRecommender implements Recommender {
  readonly kind = 'bspm';
  readonly #options: Required<Omit<BspmOptions, 'threads'>>;

  /** @throws TowerkitError `BAD_OPTION` */
  constructor({ threads, ...options }: BspmOptions = {}) {
    const { dimensions = 256, idealWeight = 0.2, sharpening = 2.5, steps = 1, solver = 'rk4' } = options;
    requireCount('dimensions', dimensions);
    requireNumber('idealWeight', idealWeight, 0);
    requireNumber('sharpening', sharpening, 0);
    requireCount('steps', steps);
    if (!Object.hasOwn(ORDERS, solver)) throw badOption('solver', solver, "must be 'rk4' or 'euler'");
    if (threads !== undefined) requireCount('threads', threads);
    const settings = { dimensions, idealWeight, sharpening, steps, solver };
    super(settings, threads);
    this.#options = settings;
  }

  protected async filter({ graph, histories, width, loaded, room }: FilterBatch): Promise<Float32Array> {
    const { idealWeight, sharpening, steps, solver } = this.#options;
    const size = graph.items * width;
    const [scores] = room;
    let [, term, next] = room;
    await graph.smooth(loaded, width, scores);
    await graph.passLow(histories, width, term);
    for (let i = 0; i < size; i++) scores[i] += idealWeight * term[i];
    if (sharpening === 0) return scores;
    // A step of h of ds/dt = -s P multiplies s by the beginning of the series of exp(-h P).
    const h = sharpening / steps;
    for (let step = 0; step < steps; step++) {
      term.set(scores.subarray(0, size));
      for (let order = 1; order <= ORDERS[solver]; order++) {
        await graph.smooth(term, width, next);
        for (let i = 0; i < size; i++) scores[i] += next[i] *= -h / order;
        [term, next] = [next, term];
      }
    }
    return scores;
  }

  /** @throws TowerkitError `MODEL_NOT_FOUND`, `BAD_MODEL` */
  static async load(folder: string): Promise<Bspm> {
    const saved = await SavedModel.read(folder, 'bspm');
    const model = saved.build((options: BspmOptions) => new Bspm(options));
    await model.restore(saved);
    return model;
  }
}
