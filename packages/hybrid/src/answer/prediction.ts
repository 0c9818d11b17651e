import type { Moment } from '../model/context.js';

/** A predicted product. */
export interface Prediction {
  readonly productId: string;
  /** Predicted rating, within the scale. */
  readonly rating: number;
  /** Ranking score; larger is likelier to be taken. */
  readonly score: number;
  readonly title?: string;
}

/** Options of predictions. */
export interface PredictOptions {
  /** How many products. Default 10. */
  readonly k?: number;
  /** Alias of `k`. */
  readonly topK?: number;
  /** Only these products, those a user had among them; by default all that they have not had. */
  readonly productIds?: readonly string[];
  /** Preference for products unlike each other, in [0, 1] (maximal marginal relevance). Default 0. */
  readonly diversity?: number;
  /** Time and device, where the model was trained with such a context. */
  readonly moment?: Moment;
}

/** Why a product is recommended. */
export interface ProductExplanation {
  /** Reviews of the user, those nearest to the product first. */
  readonly reviews: readonly {
    readonly productId: string;
    readonly text?: string;
    readonly similarity: number;
    readonly rating: number;
  }[];
  /** Products of the user that the ALS part of the score comes from, by descending weight. */
  readonly neighbors: readonly { readonly productId: string; readonly weight: number }[];
}
