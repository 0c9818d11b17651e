import type { CsrMatrix } from '@towerkit/core';

import { FeatureWeights } from './feature-weights.js';

/** How alike two vectors are. */
export interface SimilarityOptions {
  /**
   * - `cosine`: of the values as they are
   * - `tf-idf`, `bm25`: of values weighted by how rare their feature is, as in the Python package `implicit`
   * - `jaccard`: x.y / (|x|^2 + |y|^2 - x.y), which for values of 1 is the shared part of all that either has
   */
  readonly similarity: 'cosine' | 'tf-idf' | 'bm25' | 'jaccard';
  /**
   * Added to the denominator, in entries: so many average squared weights. Similarities that rest on few shared
   * entries shrink toward 0.
   */
  readonly shrinkage: number;
  /** Whether products are divided by the norms at all; without, `shrinkage` and `asymmetry` do nothing. */
  readonly normalize: boolean;
  /**
   * The share a of the first vector's norm in the denominator |x|^2a |y|^(2 - 2a) (Aiolli 2013, "Efficient top-N
   * recommendation for very large scale binary rated datasets"): .5 is the cosine, 1 for values of 1 how often whoever
   * has x has y too, which favors popular y. Not for `jaccard`.
   */
  readonly asymmetry: number;
  /** How soon a value saturates in `bm25`. */
  readonly k1: number;
  /** How much long vectors are held against themselves in `bm25`, from 0 to 1. */
  readonly b: number;
}

/**
 * A similarity between vectors x (what is known) and y (what is judged by it). It is a sum over the features they
 * share, divided by a denominator that is made of one part for each: what {@link explain} rests on.
 */
export class Similarity {
  readonly weights: FeatureWeights;
  /** Weight of every entry of the fitted matrix, shape [entries]. */
  readonly entries: Float64Array;
  readonly #norms: Float64Array;
  readonly #shrinkage: number;
  readonly #options: SimilarityOptions;

  /** @param vectors a vector a row, a feature a column, each entry once */
  constructor(options: SimilarityOptions, vectors: CsrMatrix) {
    const { similarity, shrinkage } = options;
    this.#options = options;
    this.weights = new FeatureWeights(
      similarity === 'tf-idf' || similarity === 'bm25' ? similarity : 'none',
      options,
      vectors,
    );
    const { weights, norms } = this.weights.weighAll(vectors);
    this.entries = weights;
    this.#norms = norms;
    let squares = 0;
    for (const weight of weights) squares += weight * weight;
    this.#shrinkage = weights.length === 0 ? 0 : (shrinkage * squares) / weights.length;
  }

  /** The part of each vector of the fitted matrix, as x or as y, shape [rows]. */
  parts(as: 'x' | 'y'): Float64Array {
    return this.#norms.map((norm) => this.part(norm, as));
  }

  /** The part of a vector of the given norm. */
  part(norm: number, as: 'x' | 'y'): number {
    const { similarity, asymmetry } = this.#options;
    if (similarity === 'jaccard') return norm * norm;
    return norm ** (as === 'x' ? 2 * asymmetry : 2 - 2 * asymmetry);
  }

  /** The denominator for vectors with the product x.y and parts `x` and `y`. */
  denominator(product: number, x: number, y: number): number {
    if (!this.#options.normalize) return 1;
    return this.#shrinkage + (this.#options.similarity === 'jaccard' ? x + y - product : x * y);
  }
}
