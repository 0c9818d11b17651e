import { z } from 'zod';

import { textEncoderSchema } from '@towerkit/features';

const count = z.int().min(1);
const share = z.number().gt(0).lt(1);
const rate = z.number().gt(0);

const training = (defaults: { epochs: number; learningRate: number }) =>
  z
    .strictObject({
      epochs: count.default(defaults.epochs),
      learningRate: rate.default(defaults.learningRate),
      weightDecay: z.number().min(0).default(0),
      batchSize: count.default(32),
    })
    .prefault({});

/** Parts of the context that follow from a date. */
export const CONTEXT = ['hour', 'weekday', 'season'] as const;

/** The part `hybrid` of a config: a rating model of ALS vectors and review texts, in place of towers over ids. */
export const hybridSchema = z.strictObject({
  columns: z
    .strictObject({
      title: z.string().default('review_title'),
      name: z.string().default('name'),
      brand: z.string().default('brand'),
      categories: z.string().default('categories'),
      manufacturer: z.string().default('manufacturer'),
      device: z.string().default('device'),
    })
    .prefault({})
    .describe('columns beside user, item, rating and text of the reviews, each of which a file may lack'),
  placeholders: z
    .strictObject({
      title: z.string().default('No Title'),
      text: z.string().default('No Review'),
      user: z.string().min(1).default('Anonymous'),
    })
    .prefault({}),
  anonymous: z
    .array(z.string())
    .default(['Anonymous', 'An anonymous customer', 'ByAmazon Customer'])
    .describe('names of anonymous users, beside those that the data set names itself'),
  scale: z
    .tuple([z.number(), z.number()])
    .refine(([low, high]) => low < high, 'the lowest rating, then the highest')
    .default([1, 5]),
  heldBack: share.default(0.2).describe('share of the rows to evaluate on: the latest, or a seeded draw'),
  ranked: count.default(6_000).describe('rows held back that rankings are evaluated on, at most'),
  folds: z.int().min(0).default(0).describe('folds of temporal cross-validation, where there are dates'),
  encoder: textEncoderSchema.default({ kind: 'lsa', dimensions: 384 }),
  als: z
    .strictObject({
      factors: count.default(64),
      alpha: rate.optional(),
      regularization: rate.optional(),
      iterations: count.optional(),
    })
    .prefault({}),
  head: z.enum(['fusion', 'dot']).default('fusion'),
  choice: z
    .boolean()
    .default(true)
    .describe('whether the ranking network also predicts whether a product would be taken at all'),
  attention: z
    .int()
    .min(0)
    .default(0)
    .describe('reviews of a user to attend to, 0 for the mean of all of them'),
  latest: z
    .int()
    .min(0)
    .default(0)
    .describe('products taken last that the ranking network reads one by one, for where the order matters'),
  alsDropout: z
    .number()
    .min(0)
    .lt(1)
    .default(0.1)
    .describe('share of training rows whose user has zeros for ALS factors, so that texts alone suffice'),
  context: z
    .array(z.enum([...CONTEXT, 'device']))
    .default([])
    .describe('context of a review: hour, weekday, season (needs dates), device (needs its column)'),
  offset: z
    .enum(['memory', 'bias', 'mean'])
    .default('memory')
    .describe(
      'what predictions are added to: mean + item bias + what the user rated before (similar products weigh more, how ' +
        'much is chosen on the training rows), mean + item bias + user bias, or the mean',
    ),
  negatives: z
    .strictObject({
      count: count.default(3),
      power: z.number().min(0).default(1),
      ratings: z.tuple([z.number(), z.number()]).default([0, 2]),
    })
    .prefault({})
    .describe('products drawn for each row of the ranking network, and the range of the ratings they get'),
  rating: training({ epochs: 4, learningRate: 0.0001 }),
  ranking: training({ epochs: 4, learningRate: 0.001 }),
});

/** The key `hybrid` of a config, checked, with defaults filled in. */
export type HybridConfig = z.output<typeof hybridSchema>;

/** The two networks: ratings alone, or rankings, trained with negatives too. */
export type Mode = 'rating' | 'ranking';
