import { textEncoderSchema } from '@towerkit/features';
import { z } from 'zod';

const count = z.int().min(1);
const rate = z.number().gt(0);
const share = z.number().gt(0).lt(1);

/** How labels become gains from 0 (irrelevant) to 1: by a table, or by their place in a range of numbers. */
export const labelsSchema = z.union([
  z.strictObject({
    range: z
      .tuple([z.number(), z.number()])
      .refine(([low, high]) => low < high, 'the label of what is irrelevant, then that of a perfect match'),
  }),
  z.strictObject({
    table: z
      .record(z.string(), z.number().min(0).max(1))
      .refine(
        (table) => Object.values(table).some((gain) => gain > 0),
        'some label must have a gain above 0',
      ),
  }),
]);

const layout = {
  format: z.enum(['csv', 'tsv', 'jsonl', 'parquet']).optional(),
  delimiter: z.string().length(1).optional(),
  encoding: z.enum(['utf-8', 'latin-1']).optional(),
};

/** Where the judgments are. */
export const judgmentsSchema = z.strictObject({
  file: z.string(),
  ...layout,
  columns: z
    .strictObject({ query: z.string(), product: z.string(), label: z.string() })
    .describe('columns of the query, of the id of the product, and of the label'),
  labels: labelsSchema,
  only: z
    .record(z.string(), z.string())
    .optional()
    .describe('only rows with these values, by the names of the columns'),
  queries: z
    .strictObject({
      file: z.string(),
      ...layout,
      columns: z.strictObject({ id: z.string(), text: z.string() }),
    })
    .optional()
    .describe('where the queries stand, if columns.query holds their ids'),
  relevant: z
    .number()
    .gt(0)
    .max(1)
    .default(0.65)
    .describe('gain from which on a product counts as relevant where the whole catalog is ranked'),
});

/** Where a log of what was shown for queries is, from which judgments are made. */
export const clicksSchema = z.strictObject({
  file: z.string(),
  ...layout,
  columns: z
    .strictObject({
      query: z.string(),
      product: z.string(),
      position: z.string(),
      clicked: z.string(),
      purchased: z.string().optional(),
    })
    .describe(
      'columns of the query, the product, its place in the list (from 1), and 1 where it was clicked or bought',
    ),
  click: z.number().gt(0).max(1).default(0.5),
  purchase: z.number().gt(0).max(1).default(1),
  prior: z.number().min(0).default(1),
  leastShown: count.default(1),
  relevant: z
    .number()
    .gt(0)
    .max(1)
    .default(0.65)
    .describe('gain, beside the best of the query, from which on a product counts as relevant'),
});

/** Where the products are. */
export const productsSchema = z.strictObject({
  file: z.string(),
  ...layout,
  columns: z.object({ id: z.string(), title: z.string() }).catchall(z.string()),
  duplicates: z.enum(['error', 'first']).optional(),
});

/** The part `search` of a config: towers of queries and products over words and character n-grams, BM25, and both together. */
export const searchSchema = z.strictObject({
  judgments: judgmentsSchema
    .optional()
    .describe(
      'file, columns (query, product, label), labels ({range: [1, 3]} or {table: {E: 1, S: 0.1, C: 0.01, I: 0}}); of a known set when absent',
    ),
  clicks: clicksSchema
    .optional()
    .describe(
      'in place of judgments: file and columns (query, product, position, clicked, purchased) of what was shown and done with it; ' +
        'gains of a click and a purchase at each look, prior looks, showings that a pair needs at least',
    ),
  products: productsSchema
    .optional()
    .describe('file and columns (id, title and others) of the catalog; of a known set when absent'),
  text: z
    .array(z.string())
    .min(1)
    .default(['title'])
    .describe('columns of the products that are read as their text, by their names here'),
  heldBack: z
    .strictObject({ test: share.default(0.2), validation: share.default(0.1) })
    .prefault({})
    .describe(
      'shares of the queries that are held back: to report on once, and to choose the epoch and the fusion by',
    ),
  lexical: z
    .strictObject({ k1: z.number().min(0).default(0.6), b: z.number().min(0).max(1).default(0.5) })
    .prefault({})
    .describe('BM25'),
  tower: z
    .strictObject({
      dimensions: count.default(384),
      ngrams: z.array(count).default([3, 4, 5]),
      ngramWeight: rate.default(0.5),
      pairs: z.boolean().default(true),
      pairWeight: rate.default(0.5),
      minCount: count.default(3),
      layers: z
        .array(
          z.strictObject({
            units: count,
            norm: z.enum(['none', 'layer', 'batch']).default('none'),
          }),
        )
        .default([]),
      tables: z.enum(['shared', 'separate']).default('shared'),
      product: z
        .strictObject({
          id: z.boolean().default(false),
          categories: z.array(z.string()).default([]),
          numbers: z.array(z.string()).default([]),
        })
        .prefault({}),
      encoder: textEncoderSchema.optional(),
      share: z.number().min(0).max(1).default(0.3),
    })
    .prefault({})
    .describe(
      'dimensions of the vectors; features: words, pairs of words, character n-grams of these lengths, that stand in minCount texts or more; ' +
        'tables: whether queries and products read the same vectors; product: what the product tower reads beside the text, its id, and ' +
        'categories and numbers by their columns; layers over the sum of the vectors: units and norm (none, layer, batch); encoder: {kind: minilm} or {kind: lsa}, whose frozen vectors ' +
        'stand beside the features with this share of a cosine',
    ),
  epochs: z.int().min(0).default(6),
  batchSize: count.default(512),
  learningRate: rate.default(0.01),
  dropout: z
    .number()
    .min(0)
    .lt(1)
    .default(0.5)
    .describe('share of the features of products that a step does without'),
  headDropout: z
    .number()
    .min(0)
    .lt(1)
    .default(0)
    .describe('share of the outputs of layers that a step does without'),
  loss: z
    .enum(['softmax', 'margin'])
    .default('softmax')
    .describe('softmax over the products of a batch (InfoNCE), or a margin that negatives must keep'),
  temperature: z
    .union([rate, z.literal('learned')])
    .default(0.05)
    .describe('of the softmax; "learned" starts from .05'),
  margin: rate.default(0.2).describe('cosines that negatives must stay below by, where the loss is margin'),
  hardNegatives: z
    .int()
    .min(0)
    .default(60)
    .describe('best products by BM25 that a negative is drawn from for each example'),
  ownNegatives: z
    .union([
      z.int().min(0),
      z.strictObject({
        ranks: z.tuple([count, count]).refine(([from, to]) => from <= to, 'the first rank, then the last'),
        every: count.optional(),
      }),
    ])
    .default(0)
    .describe(
      'nearest products by the towers themselves that stand beside them from the second epoch on, a number of them or {ranks: [5, 50]}; ' +
        'looked for in each epoch, or every so many steps',
    ),
  logQ: z
    .enum(['examples', 'candidates', 'none'])
    .default('examples')
    .describe(
      'what is taken off logits: the log of how often a product is meant, or of how often it is a candidate in any way, hard negatives included',
    ),
  titles: z
    .number()
    .min(0)
    .default(1)
    .describe('passes over the titles in an epoch, each with a few words of it as a query of its own'),
});

/** The key `search` of a config, checked, with defaults filled in. */
export type SearchConfig = z.output<typeof searchSchema>;
/** How labels become gains: by a table, or by their place in a range. */
export type Labels = z.output<typeof labelsSchema>;
/** Where judgments are, and how to read them. */
export type JudgmentsSource = z.output<typeof judgmentsSchema>;
/** Where a log of clicks is, and how to read it. */
export type ClicksSource = z.output<typeof clicksSchema>;
/** Where products are, and how to read them. */
export type ProductsSource = z.output<typeof productsSchema>;
