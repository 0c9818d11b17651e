import { badArtifact, type VerifiedArtifact } from '@towerkit/artifact';
import { textEncodingSchema } from '@towerkit/features';
import { z } from 'zod';

const input = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('embedding'), of: z.string(), dimension: z.number().int() }),
  z.object({ kind: z.literal('feature'), of: z.string(), dimension: z.number().int() }),
  z.object({ kind: z.literal('history'), dimension: z.number().int() }),
]);

const encoding = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('categorical'), names: z.array(z.string()) }),
  z.object({
    kind: z.literal('numeric'),
    transform: z.enum(['none', 'log1p']),
    mean: z.number(),
    deviation: z.number(),
  }),
  textEncodingSchema,
]);

/** Schema of the facts of a two-tower, the `model` of its manifest. */
export const twoTowerFactsSchema = z.object({
  /** Version of these facts. Artifacts from before there was one have version 1. */
  version: z.literal(1).default(1),
  /** Number of components of user and item vectors. */
  width: z.number().int().min(1),
  /** Items of history the user tower reads. */
  maxLength: z.number().int().min(1),
  /** Names of the user tower's inputs beside the history. */
  userInputs: z.array(z.string()),
  /** Whether the user tower reads a history. */
  history: z.boolean(),
  /** What the item tower reads of each item; `bias` among it where the last component of a vector is a bias. */
  itemInputs: z.record(z.string(), input).default({}),
  /** Share of a batch's items that training read without their id. */
  idDropout: z.number().default(0),
  /** Names of the gates of a tower, in the order of its gate weights; absent if the tower has none. */
  gated: z.object({ item: z.array(z.string()).optional(), user: z.array(z.string()).optional() }).default({}),
  /** How the features of the items were made, by name. */
  features: z.record(z.string(), encoding).default({}),
});

export type TwoTowerFacts = z.output<typeof twoTowerFactsSchema>;

/**
 * The facts of a two-tower.
 *
 * @throws TowerkitError `BAD_ARTIFACT`
 */
export function twoTowerFactsOf({ folder, manifest }: VerifiedArtifact): TwoTowerFacts {
  const result = twoTowerFactsSchema.safeParse(manifest.model);
  if (result.success) return result.data;
  const { path, message } = result.error.issues[0];
  throw badArtifact(folder, `manifest.json, model.${path.join('.')}: ${message}`);
}

/** Number of components of a vector that are not the bias. */
export const contentWidth = ({ width, itemInputs }: Pick<TwoTowerFacts, 'width' | 'itemInputs'>): number =>
  'bias' in itemInputs ? width - 1 : width;
