import { readArtifact, readArtifactFile, readMatrices, type Artifact } from '@towerkit/artifact';
import { Vocabulary } from '@towerkit/core';
import type { Vectors } from '@towerkit/data';
import { twoTowerFactsOf } from '@towerkit/recommend';
import { basename } from 'node:path';

import { TowerkitError } from '../errors.js';

/** Where kinds of models keep the vectors of a side: the file, and the names in it. */
const FACTORS: Readonly<Record<string, { file: string; item: string; user: string }>> = {
  als: { file: 'als.safetensors', item: 'item_factors', user: 'user_factors' },
  svd: { file: 'svd.safetensors', item: 'item_factors', user: 'user_factors' },
  'bpr-mf': { file: 'bpr-mf.safetensors', item: 'items', user: 'users' },
  lightgcn: { file: 'lightgcn.safetensors', item: 'items', user: 'users' },
};

/**
 * The vectors that an artifact's model has for its items or users: the factors of a factorization, the final embeddings of a
 * LightGCN, and of a two-tower the vectors of ids.
 *
 * @throws TowerkitError `ARTIFACT_NOT_FOUND`, `BAD_ARTIFACT`; `NO_VECTORS` for a model without such vectors
 */
export async function artifactFactors(folder: string, side: 'item' | 'user'): Promise<Required<Vectors>> {
  const artifact = await readArtifact(folder);
  const { kind } = artifact.manifest;
  const known = FACTORS[kind];
  const found =
    kind === 'two-tower'
      ? await towerVectors(artifact, side)
      : known && (await matrixOf(artifact, known.file, known[side]));
  if (!found)
    throw new TowerkitError(
      'NO_VECTORS',
      `${basename(folder)}, of the kind ${kind}, has no vectors of its ${side}s`,
      {
        hint: `start from an artifact of ${Object.keys(FACTORS).join(', ')} or of a two-tower that knows ${side}s by their ids`,
        details: { folder },
      },
    );
  const { names } = side === 'item' ? artifact.items : artifact.users;
  // Items that were added later have no row in what was trained.
  return { vectors: found, ids: new Vocabulary(names.slice(0, found.rows)) };
}

async function towerVectors(artifact: Artifact, side: 'item' | 'user') {
  const facts = twoTowerFactsOf(artifact);
  const inputs = side === 'item' ? facts.itemInputs : facts.userRows;
  const [id] =
    Object.entries(inputs).find(
      ([name, input]) => name !== 'bias' && input.kind === 'embedding' && input.of === 'id',
    ) ?? [];
  return id === undefined ? undefined : matrixOf(artifact, 'weights.safetensors', `${side}/${id}`);
}

async function matrixOf(artifact: Artifact, file: string, name: string) {
  const { matrices } = await readMatrices(await readArtifactFile(artifact, file), (one) => one === name);
  return Object.hasOwn(matrices, name) ? matrices[name] : undefined;
}
