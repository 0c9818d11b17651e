import { Als } from '@towerkit/als';
import { CsrMatrix, type Matrix } from '@towerkit/core';

import type { UserRow } from '../engine/question.js';
import { TowerkitError } from '../errors.js';
import type { OpenArtifact } from '../open-artifact.js';
import { TwoTowerRecommender } from '../two-tower/two-tower-recommender.js';

/** Item and user vectors of a model whose score is an inner product. */
export interface Vectors {
  /** [items, dimensions]. */
  readonly items: Matrix;
  /**
   * @param histories item ids, oldest first
   * @param users dense ids, -1 for unknown users
   * @param said what is said of their moments, for a model that reads moments
   * @returns [users, dimensions]
   */
  users(
    histories: readonly ArrayLike<number>[],
    users: ArrayLike<number>,
    said?: readonly UserRow[],
  ): Promise<Matrix>;
}

/**
 * The vectors of an artifact's model.
 *
 * @throws TowerkitError `NO_VECTORS` for a model whose score is not an inner product of vectors
 */
export function vectorsOf({ model, folder }: Pick<OpenArtifact, 'model' | 'folder'>): Vectors {
  if (model instanceof TwoTowerRecommender)
    return {
      items: model.itemVectors,
      users: (histories, users, said) => model.userVectors(histories, users, undefined, said),
    };
  if (model instanceof Als)
    return {
      items: model.itemFactors,
      users: (histories) => model.foldInUsers(CsrMatrix.fromRows(histories, model.items)),
    };
  if (model.kind === 'search')
    throw new TowerkitError(
      'NO_VECTORS',
      `${folder} holds a search, whose exact index is made when it is opened`,
      {
        hint: 'there is nothing to build: search or serve the artifact as it is',
      },
    );
  throw new TowerkitError(
    'NO_VECTORS',
    `${folder} holds a model of the kind ${model.kind}, which has no vectors`,
    { hint: 'an index is made of a two-tower or of ALS' },
  );
}
