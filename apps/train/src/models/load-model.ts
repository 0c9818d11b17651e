import { TowerkitError } from '@towerkit/core';
import { TwoTowerRecommender } from '@towerkit/training';

import type { SavedModel } from '../artifact/open.js';
import { loadHybrid } from '../hybrid/hybrid-files.js';
import { BASELINES, isBaseline } from './baseline-models.js';

/**
 * Reads back the model of an artifact.
 *
 * @param kind what its manifest says it is
 * @throws TowerkitError `BAD_ARTIFACT` for a kind that this version does not know; what the model's own reader throws
 */
export async function loadModel(kind: string, folder: string): Promise<SavedModel> {
  if (kind === 'two-tower') return TwoTowerRecommender.load(folder);
  if (kind === 'hybrid') return loadHybrid(folder);
  if (isBaseline(kind)) return BASELINES[kind].load(folder);
  throw new TowerkitError('BAD_ARTIFACT', `${folder} holds a model of the unknown kind "${kind}"`, {
    hint: 'a newer version of towerkit may know it',
    details: { folder, kind },
  });
}
