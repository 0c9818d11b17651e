export { Popularity, type PopularityFitOptions, type PopularityOptions } from './popularity/popularity.js';
export { PersonalPopularity } from './popularity/personal-popularity.js';
export { NearestPlace, type NearestPlaceFitOptions } from './places/nearest-place.js';
export { ItemKnn } from './knn/item-knn.js';
export { UserKnn } from './knn/user-knn.js';
export type { KnnOptions } from './knn/knn-options.js';
export type { RatingOptions, RatingPredictor } from './ratings/rating-predictor.js';
export { GlobalMean, ItemMean, UserMean } from './ratings/means.js';
export { Bias, type BiasOptions } from './ratings/bias.js';
export type { RatingSimilarityKind, RatingSimilarityOptions } from './ratings/rating-similarity.js';
export { ItemKnnRatings, UserKnnRatings, type KnnRatingsOptions } from './ratings/knn-ratings.js';
export { KnnRatingModel, type KnnRatingModelOptions } from './ratings/knn-rating-model.js';
export { ratingFolds, type RatingFold } from './ratings/rating-folds.js';
export {
  crossValidate,
  type CrossValidation,
  type CrossValidationOptions,
  type FoldResult,
} from './ratings/cross-validate.js';
export { Svd } from './svd/svd.js';
export type { SvdOptions } from './svd/svd-options.js';
export type { EpochFitOptions, EpochReport, EpochDecision } from './epochs/run-epochs.js';
export { LightGcn } from './lightgcn/light-gcn.js';
export type { LightGcnOptions } from './lightgcn/light-gcn-options.js';
export { Ease, type EaseOptions } from './ease/ease.js';
export { GfCf, type GfCfOptions } from './spectral/gf-cf.js';
export { Bspm, type BspmOptions } from './spectral/bspm.js';
export { BprMf } from './bpr/bpr-mf.js';
export type { BprMfOptions } from './bpr/bpr-options.js';
export type { ErrorCode } from './error-code.js';
