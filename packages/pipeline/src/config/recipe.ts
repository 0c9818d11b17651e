import { badArtifact, type Artifact } from '@towerkit/artifact';
import { z } from 'zod';

import { configSchema, type ResolvedConfig } from './schema.js';

/** The part of an artifact's config that evaluation needs. */
export type Recipe = Pick<
  ResolvedConfig,
  'name' | 'data' | 'split' | 'metrics' | 'questions' | 'repeats' | 'seed'
>;

const { name, data, split, metrics, questions, repeats, seed } = configSchema.shape;
/** Other keys pass: a recipe may be of another version, and how a model was trained does not matter here. */
const schema = z.object({ name, data, split, metrics, questions, repeats, seed });

/**
 * The parts of an artifact's recipe that say how its data is read, split and measured.
 *
 * @throws TowerkitError `BAD_ARTIFACT` for a recipe that this version cannot read
 */
export const recipeOf = (artifact: Pick<Artifact, 'folder' | 'manifest'>): Recipe => read(artifact, schema);

/**
 * The whole config that an artifact was trained with, but for functions.
 *
 * @throws TowerkitError `BAD_ARTIFACT` for one that this version cannot read
 */
export const configOf = (artifact: Pick<Artifact, 'folder' | 'manifest'>): ResolvedConfig =>
  read(artifact, configSchema);

function read<T>({ folder, manifest }: Pick<Artifact, 'folder' | 'manifest'>, as: z.ZodType<T>): T {
  const result = as.safeParse(manifest.recipe);
  if (result.success) return result.data;
  const { path, message } = result.error.issues[0];
  throw badArtifact(folder, `manifest.json, recipe.${path.join('.')}: ${message}`);
}
