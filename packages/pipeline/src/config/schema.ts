import { REPEATS } from '@towerkit/core';
import { hybridSchema } from '@towerkit/hybrid';
import type { MetricKey, RatingMetric } from '@towerkit/metrics';
import { searchSchema } from '@towerkit/search';
import type { TwoTower } from '@towerkit/towers';
import { z } from 'zod';

import { baselineNames, baselineOptions } from './baseline-options.js';
import { checkTogether } from './check-together.js';
import { data } from './data-schema.js';
import { hardNegatives } from './hard-negatives.js';
import type { ModelShapes } from './model-shapes.js';
import { start } from './start-schema.js';

const METRIC = /^((hr|ndcg|recall|cappedRecall|precision|mrr|map)@[1-9]\d*|ndcg|mrr|map|auc|rmse|mae)$/;

const metric = z.custom<MetricKey | RatingMetric>(
  (value) => typeof value === 'string' && METRIC.test(value),
  {
    error: ({ input }) =>
      `${JSON.stringify(input)} is no metric; metrics look like hr@10, ndcg@10, recall@20, mrr or auc, or are rmse and mae`,
  },
);
const count = z.int().min(1);
const share = z.number().gt(0).lt(1);
const rate = z.number().gt(0);
const split = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('leave-last-out') }),
  z.strictObject({ kind: z.literal('leave-last-two-out') }),
  z
    .strictObject({
      kind: z.literal('temporal'),
      validation: z.number().optional(),
      test: z.number().optional(),
      shares: z.strictObject({ validation: share, test: share.optional() }).optional(),
    })
    .refine(
      ({ validation, test, shares }) =>
        shares ? (validation ?? test) === undefined : validation !== undefined,
      {
        message:
          'say when validation begins (validation, test), or how many of the last rows are held back (shares)',
      },
    ),
  z.strictObject({ kind: z.literal('random'), validation: share, test: share.optional() }),
]);

const adam = {
  beta1: z.number().min(0).lt(1).optional(),
  beta2: z.number().min(0).lt(1).optional(),
  epsilon: rate.optional(),
  weightDecay: z.number().min(0).optional(),
};

/** Which rows are targets of training; see `chooseTargets` of `@towerkit/data`. */
const targets = z.strictObject({
  horizon: z.number().min(0).optional(),
  timeUnit: z.enum(['seconds', 'milliseconds']).default('seconds'),
  repeats: z.boolean().default(true),
});

const frequency = z.strictObject({
  bonus: z.number().default(0),
  weight: z.number().default(1),
  halfLife: rate.optional(),
});

const negatives = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('uniform'), count }),
  z.strictObject({
    kind: z.literal('popularity'),
    count,
    power: z.number().min(0).optional(),
    smoothing: z.number().min(0).optional(),
  }),
  z.strictObject({
    kind: z.literal('nearby'),
    count,
    radiusKm: rate,
    power: z.number().min(0).optional(),
  }),
]);

/** What is learned from the scores of a model that was trained before; see `distillation` of `@towerkit/towers`. */
const distill = z
  .strictObject({
    /** Folder of its artifact, of any kind. */
    teacher: z.string().min(1).optional(),
    /** Or a baseline that is fitted on the training rows first, with its options in `baselines`. */
    baseline: z.enum(baselineNames).optional(),
    alpha: z.number().gt(0).max(1).default(0.5),
    by: z.enum(['mse', 'cosine']).default('mse'),
  })
  .refine(({ teacher, baseline }) => (teacher === undefined) !== (baseline === undefined), {
    message:
      'name a teacher, the folder of an artifact, or a baseline that is fitted first, such as lightgcn',
  });

/** A config with its rules, defaults and descriptions: what `towerkit train --help` prints comes from here. */
export const configSchema = z
  .strictObject({
    name: z
      .string()
      .regex(/^[A-Za-z0-9][\w.-]*$/, 'a name is made of letters, digits, ".", "_" and "-"')
      .describe('name of the run; the artifact goes to artifacts/<name>'),
    extends: z
      .undefined()
      .optional()
      .describe(
        'name or file of a config that this one changes some keys of; objects are merged, lists replaced',
      ),
    data: data.prefault({}).describe('what to train on'),
    split: split
      .optional()
      .describe(
        'leave-last-out, leave-last-two-out, temporal or random; when absent as the files come, else leave-last-out',
      ),
    model: z
      .custom<(shapes: ModelShapes) => TwoTower>((value) => typeof value === 'function', 'must be a function')
      .optional()
      .describe('function that returns a two-tower; 64-d item ids and a GRU when absent'),
    start: start
      .optional()
      .describe(
        'what vectors of ids start from: {als: {}}, {lightgcn: {}} or {bpr-mf: {}}, fitted on the training rows, or {items: {from}, users: {from}}, ' +
          'artifacts or files of vectors (ids, idColumn, column, tensor), relative to the config; norm, their mean length',
      ),
    hybrid: hybridSchema
      .optional()
      .describe('{}: ratings from ALS and review texts in place of towers over ids; see configs/reviews.ts'),
    search: searchSchema
      .optional()
      .describe(
        '{}: search of products by queries, from judgments, in place of towers over ids; see configs/search.ts',
      ),
    baselines: baselineOptions
      .prefault({})
      .describe('options of `towerkit baseline`, by its name for the model'),
    maxLength: count.default(20).describe('items of history a user is read from'),
    windows: z
      .enum(['all', 'last'])
      .default('all')
      .describe('train every position of long histories, or the last maxLength only'),
    targets: targets
      .optional()
      .describe(
        'which rows are learned as targets: {horizon: 28} asks days ahead, so that no row sees others of its period of so many days ' +
          '(0: of its own time, such as a basket); {repeats: false} leaves out items that the user had before',
      ),
    batchSize: count.default(1024).describe('examples in a batch'),
    negatives: z
      .union([z.literal('all'), z.array(negatives)])
      .default([{ kind: 'uniform', count: 2048 }])
      .describe(
        'negatives drawn for a batch, beside its own targets, uniform, popularity or nearby (by popularity within radiusKm of a target); "all": the softmax over the whole catalog',
      ),
    hardNegatives: hardNegatives
      .optional()
      .describe(
        'for each example, items near its target that the user has not had: {ranks: [10, 100]}; count, refresh (steps), share ' +
          'and weight; ranks and share may be {from, to} over the epochs',
      ),
    distill: distill
      .optional()
      .describe(
        'learn from the scores of another model beside the loss: {teacher: folder of an artifact of any kind, relative to the config} ' +
          'or {baseline: lightgcn}, fitted on the training rows first, alpha (its share, .5) and by (mse, or cosine, which ignores the scale)',
      ),
    calibrateUnseen: z
      .strictObject({ tolerance: z.number().gt(0).lt(1).default(0.0005) })
      .optional()
      .describe(
        '{}: after training, gives items without a training row the highest bias that costs no metric of the validation targets more than ' +
          'tolerance; for models with idDropout and an item bias',
      ),
    optimizer: z
      .strictObject({
        learningRate: rate.default(0.005),
        schedule: z.enum(['constant', 'cosine', 'linear']).default('cosine'),
        warmup: z.int().min(0).default(0),
        ...adam,
        tables: z.strictObject({ learningRate: rate.optional(), ...adam }).optional(),
      })
      .prefault({})
      .describe(
        'Adam; weightDecay, beta1, beta2 and epsilon too, and tables for those of embeddings (twice the rate)',
      ),
    epochs: count.default(10).describe('passes over the examples; --epochs overrules it'),
    seed: z.int().default(0).describe('decides everything drawn at random; --seed overrules it'),
    earlyStopping: z
      .union([z.literal(false), z.strictObject({ metric: metric.optional(), patience: count.default(2) })])
      .default({ patience: 2 })
      .describe('keep the best epoch by metric (the second of metrics, or the first), or false'),
    metrics: z
      .array(metric)
      .min(1)
      .default(['hr@10', 'ndcg@10', 'hr@20'])
      .describe('what is measured on the validation targets; rmse and mae of a model of ratings'),
    questions: z
      .enum(['together', 'rolling'])
      .default('together')
      .describe(
        'how held-back rows are asked for: all of a user at once, or each after those before it (rolling), as when the next place of a day is to be told',
      ),
    repeats: z
      .enum(REPEATS)
      .default('exclude')
      .describe(
        'items of a history in what is measured, and in answers: exclude leaves them out, allow ranks them among all others, ' +
          'only ranks nothing else',
      ),
    frequency: frequency
      .optional()
      .describe(
        'what is added to the scores of the items of a history, where repeats may come up: {bonus: 0, weight: 1, halfLife} add ' +
          'bonus + weight * log of how often they were had, each time counting half after halfLife further items',
      ),
    refit: z
      .boolean()
      .default(false)
      .describe(
        'train again on training and validation rows, for as many epochs as were best; --refit and --no-refit overrule it',
      ),
    engine: z.enum(['onnx', 'tfjs']).default('onnx').describe('what runs the steps; --engine overrules it'),
    executionProviders: z
      .array(z.string())
      .min(1)
      .default(['cpu'])
      .describe(
        'ONNX Runtime providers in order of preference: cpu, cuda, webgpu, coreml, dml, where it has them',
      ),
    threads: count
      .optional()
      .describe('threads of the engine, one per core when absent; --threads overrules it'),
    examples: z.int().min(0).default(3).describe('users to show at the end, by title'),
  })
  .superRefine(checkTogether);

/** A config as a user writes it. */
export type Config = z.input<typeof configSchema>;

/** A config with every default filled in. */
export type ResolvedConfig = z.output<typeof configSchema>;
