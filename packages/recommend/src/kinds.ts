import { badArtifact, type VerifiedArtifact } from '@towerkit/artifact';
import {
  BprMf,
  Bspm,
  Ease,
  GfCf,
  ItemKnn,
  KnnRatingModel,
  LightGcn,
  NearestPlace,
  PersonalPopularity,
  Popularity,
  Svd,
  UserKnn,
} from '@towerkit/baselines';

import { AlsRanker } from './baseline/als-ranker.js';
import { ModelRanker } from './baseline/model-ranker.js';
import type { ModelKind, OpenModelOptions, Ranker, SavedModel } from './ranker.js';
import { TowerRanker } from './two-tower/tower-ranker.js';

/** A kind of model that its package reads back from the artifact's folder and that scores every item. */
const baseline = (name: string, load: (folder: string) => Promise<SavedModel>): ModelKind => ({
  name,
  open: async ({ folder }) => new ModelRanker(await load(folder)),
});

/** The kinds of models that this package answers from. Other packages have kinds of their own, which are given beside these. */
export const standardKinds: readonly ModelKind[] = [
  { name: 'two-tower', open: (artifact, options) => TowerRanker.open(artifact, options) },
  baseline('popularity', (folder) => Popularity.load(folder)),
  baseline('personal-popularity', (folder) => PersonalPopularity.load(folder)),
  baseline('nearest-place', (folder) => NearestPlace.load(folder)),
  baseline('item-knn', (folder) => ItemKnn.load(folder)),
  baseline('user-knn', (folder) => UserKnn.load(folder)),
  { name: 'als', open: (artifact, options) => AlsRanker.open(artifact, options) },
  baseline('bpr-mf', (folder) => BprMf.load(folder)),
  baseline('ease', (folder) => Ease.load(folder)),
  baseline('gf-cf', (folder) => GfCf.load(folder)),
  baseline('bspm', (folder) => Bspm.load(folder)),
  baseline('lightgcn', (folder) => LightGcn.load(folder)),
  baseline('svd', (folder) => Svd.load(folder)),
  baseline('user-knn-ratings', (folder) => KnnRatingModel.load(folder, 'user')),
  baseline('item-knn-ratings', (folder) => KnnRatingModel.load(folder, 'item')),
];

/**
 * Opens the model of an artifact.
 *
 * @param kinds the kinds that may be in it
 * @throws TowerkitError `BAD_ARTIFACT` for another kind; what the kind's own reader throws
 */
export function openRanker(
  artifact: VerifiedArtifact,
  kinds: readonly ModelKind[] = standardKinds,
  options: OpenModelOptions = {},
): Promise<Ranker> {
  const { folder, manifest } = artifact;
  const kind = kinds.find(({ name }) => name === manifest.kind);
  if (kind) return kind.open(artifact, options);
  throw badArtifact(folder, `it holds a model of the unknown kind "${manifest.kind}"`);
}
