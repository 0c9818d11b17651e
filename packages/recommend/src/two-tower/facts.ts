import { badArtifact, type VerifiedArtifact } from '@towerkit/artifact';
import {
  isTimeZone,
  locationEncodingSchema,
  textEncodingSchema,
  TIME_PARTS,
  vectorEncodingSchema,
} from '@towerkit/features';
import { z } from 'zod';

const input = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('embedding'), of: z.string(), dimensions: z.number().int() }),
  z.object({ kind: z.literal('feature'), of: z.string(), dimensions: z.number().int() }),
  z.object({ kind: z.literal('history'), dimensions: z.number().int() }),
]);

const encoding = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('categorical'), names: z.array(z.string()) }),
  z.object({
    kind: z.literal('numeric'),
    transform: z.enum(['none', 'log1p']),
    mean: z.number(),
    deviation: z.number().gt(0),
    fill: z.number().optional(),
    date: z.boolean().optional(),
  }),
  z.object({
    kind: z.literal('buckets'),
    bounds: z
      .array(z.number())
      .refine(
        (bounds) => bounds.every((bound, place) => place === 0 || bound > bounds[place - 1]),
        'not ascending',
      ),
    date: z.boolean().optional(),
  }),
  z.object({
    kind: z.literal('list'),
    names: z.array(z.string()),
    separator: z.string().min(1),
    pool: z.enum(['mean', 'sum']),
  }),
  locationEncodingSchema,
  textEncodingSchema,
  vectorEncodingSchema,
]);

/** Version 1, before the facts had one, said `width` and `dimension` where version 2 says `dimensions`. */
function upgraded(facts: unknown): unknown {
  if (typeof facts !== 'object' || facts === null || 'version' in facts) return facts;
  const { width, itemInputs = {}, ...rest } = facts as Record<string, unknown>;
  const inputs = Object.entries(itemInputs as Record<string, Record<string, unknown>>).map(
    ([name, { dimension, ...input }]) => [name, { ...input, dimensions: dimension }],
  );
  return { ...rest, version: 2, dimensions: width, itemInputs: Object.fromEntries(inputs) };
}

const facts = z.object({
  version: z.literal(2),
  /** Number of components of user and item vectors. */
  dimensions: z.number().int().min(1),
  /** Items of history the user tower reads. */
  maxLength: z.number().int().min(1),
  /** Names of the user tower's inputs beside the history. */
  userInputs: z.array(z.string()),
  /** The same with what each reads. */
  userRows: z.record(z.string(), input).default({}),
  /** What the user tower reads of the moment of a question. */
  momentInputs: z.record(z.string(), input).default({}),
  /** Whether the user tower reads a history. */
  history: z.boolean(),
  /** What the item tower reads of each item; `bias` among it where the last component of a vector is a bias. */
  itemInputs: z.record(z.string(), input).default({}),
  /** Share of a batch's items that training read without their id. */
  idDropout: z.number().default(0),
  /** The bias of items that nobody had in training, where it was calibrated. */
  unseenBias: z.number().default(0),
  /** Whether users have a bias: the last column of the item vectors is then 1. */
  userBias: z.boolean().default(false),
  /** How ratings are predicted; absent for a model that does not. */
  rating: z
    .object({
      of: z.enum(['vectors', 'ratings']),
      offset: z.number(),
      range: z.tuple([z.number(), z.number()]).optional(),
    })
    .optional(),
  /** What is added to the scores of the items of a history, see `FrequencyTerm` of `@towerkit/core`; absent where nothing is. */
  frequency: z
    .object({
      bonus: z.number(),
      weight: z.number(),
      halfLife: z.number().gt(0).optional(),
    })
    .optional(),
  /** Names of the gates of a tower, in the order of its gate weights; absent if the tower has none. */
  gated: z.object({ item: z.array(z.string()).optional(), user: z.array(z.string()).optional() }).default({}),
  /** How the features of the items were made, by name. */
  features: z.record(z.string(), encoding).default({}),
  /** How the features of the users were made, by name. */
  userFeatures: z.record(z.string(), encoding).default({}),
  /** How the features of moments were made, by name; moments have no texts. */
  momentFeatures: z
    .record(
      z.string(),
      encoding.refine(({ kind }) => kind !== 'text', 'a moment has no texts'),
    )
    .default({}),
  /** Which of them are parts of the time, and of which zone. */
  momentTime: z
    .object({ parts: z.array(z.enum(TIME_PARTS)), timeZone: z.string().refine(isTimeZone, 'no time zone') })
    .optional(),
});

/** What the manifest of a two-tower says of its model. */
export const twoTowerFactsSchema = z.preprocess(upgraded, facts);

/** What the manifest of a two-tower says of the model: inputs, widths, features. */
export type TwoTowerFacts = z.output<typeof facts>;

/**
 * The facts of a two-tower.
 *
 * @throws TowerkitError `BAD_ARTIFACT`
 */
export function twoTowerFactsOf({ folder, manifest }: VerifiedArtifact): TwoTowerFacts {
  const result = twoTowerFactsSchema.safeParse(manifest.model);
  if (result.success) {
    const { momentInputs, momentFeatures } = result.data;
    const unsaid = Object.keys(momentInputs).filter((name) => {
      const input = momentInputs[name];
      return input.kind === 'history' || !Object.hasOwn(momentFeatures, input.of);
    });
    if (unsaid.length > 0)
      throw badArtifact(
        folder,
        `its user tower reads ${unsaid.join(', ')} of the moment, and the artifact does not say how`,
      );
    return result.data;
  }
  const { path, message } = result.error.issues[0];
  throw badArtifact(folder, `manifest.json, model.${path.join('.')}: ${message}`);
}

/** Inputs of the item tower that are columns of its vectors, behind the others. */
const BIASES = ['bias', 'rating_bias'];

/** Number of components of a vector that are no bias, and not what stands against one. */
export const contentDimensions = ({
  dimensions,
  itemInputs,
  userBias,
}: Pick<TwoTowerFacts, 'dimensions' | 'itemInputs' | 'userBias'>): number =>
  dimensions - BIASES.filter((name) => name in itemInputs).length - (userBias ? 1 : 0);
