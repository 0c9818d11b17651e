import { SHOP_DEFAULTS, type ShopOptions } from '@towerkit/datasets';
import { z } from 'zod';

import { dislikes, kinds, weights } from './feedback-schema.js';
import { duplicates, extract, features, layout, types, users } from './features-schema.js';
import { moment } from './moment-schema.js';

const count = z.int().min(1);

const columns = z.strictObject({
  user: z.string(),
  item: z.string(),
  time: z.string().optional(),
  position: z.string().optional(),
  rating: z.string().optional(),
  weight: z.string().optional(),
  kind: z.string().optional(),
  text: z.string().optional(),
});
/** How to read a data set that has no manifest. */
export const datasetSchema = z.strictObject({
  file: z.string().optional(),
  heldBack: z.strictObject({ validation: z.string(), test: z.string().optional() }).optional(),
  columns,
  timeUnit: z.enum(['seconds', 'minutes']).optional(),
  moment: z.record(z.string(), z.string()).optional(),
  ...layout,
  anonymousUsers: z.array(z.string()).optional(),
  catalog: z
    .strictObject({
      file: z.string(),
      columns: z.object({ id: z.string(), title: z.string().optional() }).catchall(z.string()),
      types,
      extract,
      ...layout,
      duplicates,
      where: z.string().min(1).optional(),
    })
    .optional(),
});

const shopOption = (name: keyof ShopOptions) => z.number().default(SHOP_DEFAULTS[name] as number);
const shop = z.strictObject({
  users: shopOption('users'),
  items: shopOption('items'),
  seed: shopOption('seed'),
  interactionsPerUser: shopOption('interactionsPerUser'),
  anonymousShare: shopOption('anonymousShare'),
  repeatShare: shopOption('repeatShare'),
});

/** What to train on: the key `data` of a config. */
export const data = z.strictObject({
  dataset: z
    .union([z.string(), datasetSchema])
    .optional()
    .describe('name of a known set, or how to read one; recognized by its file names when absent'),
  path: z.string().optional().describe('where it is, relative to the config; --data overrules it'),
  generate: shop.optional().describe('the shop to generate when there is no path'),
  absent: z
    .enum(['error', 'skip'])
    .default('error')
    .describe(
      'what to do with a feature whose columns the data set does not have: skip leaves it out, and says so',
    ),
  onBadRow: z.enum(['error', 'skip']).default('error').describe('what to do with a row that cannot be used'),
  clean: z
    .strictObject({
      dropUsers: z.array(z.string()).optional(),
      minimumRating: z.number().optional(),
      from: z.number().optional(),
      until: z.number().optional(),
      dedupe: z.enum(['first', 'last', 'none']).optional(),
    })
    .prefault({})
    .describe(
      'rows to drop: dropUsers, minimumRating, from and until (times), dedupe (of the rows of a user and an item, all but the first or the last; none drops all of a pair that stands twice)',
    ),
  kCore: z
    .strictObject({ users: count.optional(), items: count.optional() })
    .optional()
    .describe('fewest rows per user and per item, applied until nothing changes'),
  kinds: kinds
    .optional()
    .describe(
      'what rows count as by their kind (dataset.columns.kind): {view: {weight: 0.2, target: false}, purchase: {}, hide: {dislike: true}, return: {exclude: true}}; ' +
        'history and target are true, weight is 1 unless said otherwise',
    ),
  dislikes: dislikes
    .optional()
    .describe(
      '{below: 2}: rows rated so or less say what a user does not want; never recommended to them, no targets',
    ),
  weights: weights
    .optional()
    .describe(
      'of rows by their number (dataset.columns.weight) and age: center (is taken off), cap, transform (none, log1p, sqrt), halfLife (days)',
    ),
  features: features
    .prefault({})
    .describe(
      'columns of the catalog that the item tower may read, by name: categories, numeric and dates (transform, ' +
        'scale, missing, or buckets), lists (separator, pool, minCount, most), locations (latitude, longitude, lengths, waves, unknown), text with its columns and its encoder, {kind: lsa, dimensions} (fitted on the catalog) or {kind: minilm, dtype}, ' +
        'and vectors of a file: {file, ids, idColumn, column, tensor, normalize, missing}',
    ),
  users: users
    .optional()
    .describe(
      'a file of what is known of users, beside the interactions: file, columns (id: as in the interactions when absent), ' +
        'types, extract (columns made of parts of texts: {year: {from: title, pattern}}), and features that the user tower may read, of the same kinds as those of items; no file where they are vectors alone',
    ),
  moment: moment
    .optional()
    .describe(
      'what is known of the moment of a question, beside who asks: time (hour, weekday, month, season) in a timeZone, and ' +
        'features of columns of the interactions, of the same kinds but texts',
    ),
});

/** How to read a data set that has no manifest. */
export type DatasetConfig = z.output<typeof datasetSchema>;
