import type { CsrMatrix, OnProgress } from '@towerkit/core';
import {
  fingerprint,
  leakageReport,
  requireOverlap,
  type Catalog,
  type CatalogOverlap,
  type InteractionLog,
  type Leakage,
  type LearningRows,
  type Split,
} from '@towerkit/data';
import {
  fitFeatures,
  fitTexts,
  fitVectors,
  itemSide,
  type EntityFeatures,
  type EntityTexts,
  type EntityVectors,
  type Side,
  type TextPlaces,
  type WantedTexts,
  type WantedVectors,
} from '@towerkit/features';

import type { ResolvedConfig } from '../config/schema.js';
import { learn, notRanked, repeatsOf, type Feedback } from './feedback.js';
import type { Dataset } from './locate-dataset.js';
import type { CleanData } from './read-data.js';
import { readSplit } from './read-split.js';
import { prepareMoments, type PreparedMoments } from './prepare-moments.js';
import { prepareUsers, type PreparedUsers } from './prepare-users.js';
import { targetsWithHistory } from './split-log.js';

/** Data that a model is trained and evaluated on. */
export interface Prepared {
  readonly dataset: Dataset;
  readonly log: InteractionLog;
  readonly catalog?: Catalog;
  /** Items that the catalog and the interactions do not share; absent without a catalog. */
  readonly overlap?: CatalogOverlap;
  readonly dropped: CleanData['dropped'];
  readonly split: Split;
  /** What rows count as, where the config says so, and what is learned from them. */
  readonly feedback?: Feedback & { readonly learning: LearningRows };
  /** Training rows that enter histories, with ratings as values where there are any: users x items, oldest to newest. */
  readonly histories: CsrMatrix;
  /** Validation targets of users who have a history. */
  readonly targets: CsrMatrix;
  /** Training rows of each item, [items]. */
  readonly counts: Int32Array;
  readonly features: EntityFeatures;
  /** Texts of the items; none of them for a model that reads no features. */
  readonly texts: EntityTexts;
  /** Vectors of the items, from files; none of them for a model that reads no features. */
  readonly vectors: EntityVectors;
  /** What is known of the users; absent without a table of users. */
  readonly users?: PreparedUsers;
  /** What is known of the moments of the rows; absent where the config reads none. */
  readonly moments?: PreparedMoments;
  readonly leakage: Leakage;
  /** Hash of the rows, without what is known of their moments. */
  readonly fingerprint: string;
}

const NO_TEXTS: EntityTexts = { features: {}, encodings: {}, fitted: {} };
const NO_VECTORS: EntityVectors = { features: {}, encodings: {}, overlap: {} };

/**
 * Reads, cleans, splits and encodes.
 *
 * @param places where text models are; without it no text is encoded, and no file of vectors is read
 * @throws TowerkitError `NO_OVERLAP` for a catalog that has none of the items, or a table of users that has none of the
 *   users; what reading and encoding throw
 */
export async function prepare(
  dataset: Dataset,
  config: ResolvedConfig,
  onProgress?: OnProgress,
  places?: TextPlaces,
): Promise<Prepared> {
  const { data, seed, threads } = config;
  const { log, catalog, dropped, split, feedback } = await readSplit(dataset, config, onProgress);
  const learning = feedback && learn(feedback, 'train');
  const histories = learning?.histories ?? split.train;
  const leakage = leakageReport(split, log).validation;
  const overlap = catalog && requireOverlap(log, catalog);
  const counts = split.train.columnCounts();
  const items = itemSide(log, catalog);
  const textsOf = (side: Side, wanted: WantedTexts) =>
    places ? fitTexts(side, wanted, places, { seed, threads, onProgress }) : NO_TEXTS;
  const moments = prepareMoments(data, log, split);
  const vectorsOf = (side: Side, wanted: WantedVectors) =>
    places ? fitVectors(side, wanted, folderOf(dataset), { threads }) : NO_VECTORS;
  const users = await prepareUsers(dataset, data, log, split.train, { textsOf, vectorsOf });
  return {
    dataset,
    log,
    catalog,
    ...(overlap && { overlap }),
    dropped,
    split,
    ...(feedback && learning && { feedback: { ...feedback, learning } }),
    histories,
    targets: targetsWithHistory(split.validation, histories).targets,
    counts,
    features: fitFeatures(items, data.features, counts),
    texts: await textsOf(items, data.features.text),
    vectors: await vectorsOf(items, data.features.vectors),
    ...(users && { users }),
    ...(moments && { moments }),
    leakage: feedback
      ? { ...leakage, repeats: repeatsOf(split.validation, notRanked({ histories, feedback })) }
      : leakage,
    // Not of the columns of the moments: models that read more or less of them are compared on the same rows.
    fingerprint: fingerprint({ ...log, more: undefined, numbers: undefined }),
  };
}

/** What paths of a config's data are relative to: the data set, or, for one in memory, where the program runs. */
const folderOf = (dataset: Dataset): string => ('log' in dataset ? '.' : dataset.folder);
