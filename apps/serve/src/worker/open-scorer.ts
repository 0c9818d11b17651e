import type { Matrix } from '@towerkit/core';
import type { ArtifactManifest } from '@towerkit/training';
import { HybridRecommender, loadModel } from 'towerkit/artifact';

import { HybridScorer } from './hybrid-scorer.js';
import type { Ranked } from './model-host.js';
import { ModelScorer } from './model-scorer.js';
import type { Explanation } from './protocol.js';
import { TowerScorer } from './tower-scorer.js';

/** One user, as a scorer is asked. */
export interface Asked {
  /** Oldest first; ids from the number of items on are strangers. */
  readonly history: readonly number[];
  readonly user: number;
  /** Candidates wanted. */
  readonly n: number;
  /** Left out beside the history. */
  readonly deny: readonly number[];
  /** Items of the history that are not left out. */
  readonly keep?: readonly number[];
  /** Only these. */
  readonly allow?: Float64Array;
  /** Whether to measure the recall of the best n against an exact search. */
  readonly measure?: boolean;
}

/** What ranks items for users: a tower over an index, or a baseline. */
export interface Scorer {
  readonly kind: string;
  /** What finds the candidates, such as `exact` or `hnsw`. */
  readonly index: string;
  /** Whether `explain` can answer. */
  readonly explains: boolean;
  /** @param strangers vectors of what is no item of the catalog, [n, width] */
  candidates(asked: readonly Asked[], strangers?: Matrix): Promise<(Ranked & { readonly recall?: number })[]>;
  /** The items most like one, by the cosine of their vectors where the model has such. */
  similar(item: number, k: number, allow?: Float64Array): Promise<Ranked>;
  /** The items most like a vector of an item. @throws TowerkitError `NO_CONTENT` */
  nearest(vector: Float32Array, k: number, allow?: Float64Array): Promise<Ranked>;
  /** Vectors that say how alike two items are, [items, width]. @throws TowerkitError `NO_VECTORS` */
  vectors(): Matrix;
  /** Why these items are recommended to that user. */
  explain(history: readonly number[], user: number, items: readonly number[]): Promise<Explanation>;
}

/** The items that no answer may hold: the history but for what is kept, and what is denied. */
export function leftOut({ history, deny, keep = [] }: Asked): Set<number> {
  const out = new Set(history);
  for (const item of keep) out.delete(item);
  for (const item of deny) out.add(item);
  return out;
}

/** The scorer of an artifact. */
export async function openScorer(folder: string, manifest: ArtifactManifest): Promise<Scorer> {
  if (manifest.kind === 'two-tower') return TowerScorer.open(folder, manifest);
  const model = await loadModel(manifest.kind, folder);
  return model instanceof HybridRecommender ? new HybridScorer(model) : new ModelScorer(model);
}
