import { z } from 'zod';

const count = z.int().min(1);
const positive = z.number().gt(0);
const weight = z.number().min(0);

const knn = z.strictObject({
  similarity: z.enum(['cosine', 'tf-idf', 'bm25', 'jaccard']).optional(),
  neighbors: count.optional(),
  shrinkage: weight.optional(),
  asymmetry: weight.max(1).optional(),
  normalize: z.boolean().optional(),
  k1: weight.optional(),
  b: weight.max(1).optional(),
});

/** Options of KNN over ratings. */
const knnRatings = z.strictObject({
  variant: z.enum(['basic', 'means', 'z-score', 'baseline']).default('means'),
  similarity: z.enum(['msd', 'cosine', 'pearson', 'pearson-baseline']).optional(),
  neighbors: count.optional(),
  minNeighbors: count.optional(),
  minSupport: count.optional(),
  shrinkage: weight.optional(),
});

/** Options of ALS. */
export const als = z.strictObject({
  /** By the size of the data when absent, see `alsFactors`. */
  factors: count.optional(),
  regularization: positive.optional(),
  alpha: positive.optional(),
  unobservedWeight: positive.optional(),
  exponent: weight.optional(),
  iterations: count.optional(),
  solver: z.enum(['auto', 'exact', 'cg']).optional(),
  cgSteps: count.optional(),
});

/** Options of BPR-MF. */
export const bprMf = z.strictObject({
  factors: count.optional(),
  learningRate: positive.optional(),
  regularization: weight.optional(),
  biasRegularization: weight.optional(),
  bias: z.boolean().optional(),
  epochs: count.optional(),
});

/** Options of LightGCN. */
export const lightGcn = z.strictObject({
  factors: count.optional(),
  layers: count.optional(),
  learningRate: positive.optional(),
  regularization: weight.optional(),
  epochs: count.optional(),
  batchSize: count.optional(),
  negatives: count.optional(),
  loss: z.enum(['bpr', 'softmax']).optional(),
});

/** Options of each baseline that a config may set; the packages' own defaults hold where they are absent. */
export const baselineOptions = z.strictObject({
  /** In the units of the data's times: seconds, where they were dates. */
  popularity: z.strictObject({ window: weight.optional(), halfLife: positive.optional() }).prefault({}),
  'personal-popularity': z.strictObject({}).prefault({}),
  'nearest-place': z.strictObject({}).prefault({}),
  'item-knn': knn.prefault({}),
  'user-knn': knn.prefault({}),
  als: als.prefault({}),
  'bpr-mf': bprMf.prefault({}),
  ease: z.strictObject({ regularization: positive.optional(), maxMemory: positive.optional() }).prefault({}),
  'gf-cf': z.strictObject({ dimensions: count.optional(), alpha: weight.optional() }).prefault({}),
  bspm: z
    .strictObject({
      dimensions: count.optional(),
      idealWeight: weight.optional(),
      sharpening: weight.optional(),
      steps: count.optional(),
      solver: z.enum(['rk4', 'euler']).optional(),
    })
    .prefault({}),
  lightgcn: lightGcn.prefault({}),
  svd: z
    .strictObject({
      factors: count.optional(),
      epochs: count.optional(),
      learningRate: positive.optional(),
      regularization: weight.optional(),
    })
    .prefault({}),
  'user-knn-ratings': knnRatings.prefault({}),
  'item-knn-ratings': knnRatings.prefault({}),
});

/** The baselines by the names they have on the command line, in configs and in manifests. */
export type BaselineName = keyof z.output<typeof baselineOptions>;

/** Names of all baselines, as `towerkit baseline` takes them. */
export const baselineNames = Object.keys(baselineOptions.shape) as BaselineName[];
