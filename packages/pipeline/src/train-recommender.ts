import { copyArtifact, type ArtifactManifest } from '@towerkit/artifact';
import type { OnProgress } from '@towerkit/core';
import {
  encodeCatalog,
  encodeInteractions,
  encodeUsers,
  readCatalog,
  readInteractions,
  readUsers,
  type Catalog,
  type CatalogRow,
  type EntityRow,
  type InteractionArrays,
  type InteractionLog,
  type ReadCatalogOptions,
  type ReadEntitiesOptions,
  type ReadInteractionsOptions,
  type UserTable,
} from '@towerkit/data';
import { createEngine } from '@towerkit/engine';
import { columnsWanted, textPlaces } from '@towerkit/features';
import {
  openArtifact,
  type Answer,
  type AnswerOptions,
  type OpenArtifact,
  type Who,
} from '@towerkit/recommend';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { checkConfig } from './config/check-config.js';
import type { Config } from './config/schema.js';
import type { MemoryDataset } from './data/locate-dataset.js';
import { momentFields, type MomentConfig } from './data/moment-columns.js';
import { prepare } from './data/prepare.js';
import { evaluateArtifact, type ArtifactEvaluation } from './evaluate/evaluate-artifact.js';
import type { RankOptions } from './evaluate/rank-questions.js';
import type { QuestionOptions } from './evaluate/read-questions.js';
import type { Metrics } from './evaluate/reference-scores.js';
import { buildModel, shapesOf } from './fit/build-model.js';
import { trainTwoTower } from './train-two-tower.js';

/** Options of {@link trainRecommender}: files or arrays, and keys of a config. */
export interface TrainRecommenderOptions extends Omit<Config, 'data' | 'name' | 'hybrid' | 'search'> {
  /** Name of the recommender. Default `recommender`. */
  readonly name?: string;
  /** Interactions: arrays, or how to read a CSV, TSV, JSON lines or Parquet file. */
  readonly interactions: InteractionArrays | ReadInteractionsOptions;
  /** The catalog: rows, or how to read a file. */
  readonly items?: readonly CatalogRow[] | ReadCatalogOptions;
  /** What is known of users: rows, or how to read a file. */
  readonly users?: readonly EntityRow[] | ReadEntitiesOptions;
  /** Which columns of the items the model may read; see the key `data.features` of a config. */
  readonly features?: NonNullable<Config['data']>['features'];
  /** Which columns of the users the model may read; needed with `users`. See the key `data.users.features` of a config. */
  readonly userFeatures?: NonNullable<NonNullable<Config['data']>['users']>['features'];
  /** What interactions count as by their kind, and which ratings are dislikes; see the keys of these names under `data` of a config. */
  readonly kinds?: NonNullable<Config['data']>['kinds'];
  readonly dislikes?: NonNullable<Config['data']>['dislikes'];
  /** How the weights of interactions follow from their column and age; see the key `data.weights` of a config. */
  readonly weights?: NonNullable<Config['data']>['weights'];
  /**
   * What the model may read of the moment of a question; see the key `data.moment` of a config. Of interactions in arrays the
   * columns are those of `more` (texts) and `numbers`, by the names of the features.
   */
  readonly moment?: NonNullable<Config['data']>['moment'];
  /** Folder of local text models, for features that are texts; the hub when absent. */
  readonly models?: string;
  readonly signal?: AbortSignal;
  readonly onProgress?: OnProgress;
}

/**
 * Trains a two-tower recommender in memory: reads, splits, trains, keeps the best epoch.
 *
 * @throws TowerkitError `BAD_CONFIG`; what reading and training throw; the signal's reason when it was aborted
 * @example
 * ```ts
 * const recommender = await trainRecommender({
 *   interactions: { path: 'purchases.csv', columns: { user: 'customer', item: 'product', time: 'bought_at' } },
 *   items: { path: 'products.csv', columns: { id: 'sku', title: 'name' } },
 *   epochs: 5,
 * });
 * const { items } = await recommender.recommend(['mug', 'teapot'], 10);
 * await recommender.save('artifacts/shop');
 * await recommender.dispose();
 * ```
 */
export async function trainRecommender({
  interactions,
  items,
  users,
  features,
  userFeatures,
  kinds,
  dislikes,
  weights,
  moment,
  models,
  signal,
  onProgress,
  ...rest
}: TrainRecommenderOptions): Promise<TrainedRecommender> {
  const config = checkConfig({
    name: 'recommender',
    ...rest,
    data: {
      dataset: { columns: columnsOf(interactions) },
      ...{ features, kinds, dislikes, weights },
      ...((users ?? userFeatures) && { users: { features: userFeatures ?? {} } }),
      moment,
    },
  });
  const dataset: MemoryDataset = {
    name: config.name,
    log: await logOf(interactions, config.data.moment),
    catalog: await catalogOf(items, columnsWanted(config.data.features)),
    users: users && (await usersOf(users, columnsWanted(config.data.users!.features))),
  };
  const folder = await mkdtemp(join(tmpdir(), 'towerkit-'));
  try {
    const prepared = await prepare(
      dataset,
      config,
      onProgress,
      textPlaces(join(folder, 'model'), { models }),
    );
    const engine = await createEngine({
      kind: config.engine,
      threads: config.threads,
      executionProviders: config.executionProviders,
    });
    try {
      const model = buildModel(config, shapesOf(prepared));
      const trained = await trainTwoTower(prepared, { config, model, engine, signal, onProgress, models });
      if (trained.interrupted) throw signal!.reason;
      await trained.save(join(folder, 'model'));
      const artifact = await openArtifact(join(folder, 'model'), { threads: config.threads, models });
      return new TrainedRecommender(trained.metrics, trained.baselines, trained.best.epoch, folder, artifact);
    } finally {
      await engine.dispose();
    }
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
}

/** A trained two-tower, ready to recommend. Until {@link save} its files are in a temporary folder. */
export class TrainedRecommender {
  /** @internal */
  constructor(
    /** On the validation targets, with 95% intervals. */
    readonly metrics: Metrics,
    /** Popularity on the same targets. */
    readonly baselines: Readonly<Record<string, Metrics>>,
    /** The epoch that was kept, from 1. */
    readonly epoch: number,
    private readonly folder: string,
    /** The open artifact that it recommends from; its `folder` is temporary. */
    readonly artifact: OpenArtifact,
  ) {}

  /** The best items for a user; see `OpenArtifact.recommend` of `@towerkit/recommend`. */
  recommend(who: readonly string[] | Who, k?: number, options?: AnswerOptions): Promise<Answer> {
    return this.artifact.recommend(who, k, options);
  }

  /** Ranks every item for every user with targets; see {@link evaluateArtifact}. */
  evaluate(options: QuestionOptions & RankOptions = {}): Promise<ArtifactEvaluation> {
    return evaluateArtifact(this.artifact, options);
  }

  /**
   * Saves the artifact, whole or not at all: `openArtifact(folder)` then gives the same answers, and the server takes it.
   *
   * @throws TowerkitError `UNWRITABLE`; `FOLDER_IN_USE` for a folder with other files than an artifact's; `LOCKED` while
   *   another process writes it
   */
  async save(folder: string): Promise<ArtifactManifest> {
    await copyArtifact(this.artifact, folder);
    return this.artifact.manifest;
  }

  /** Frees threads and native memory, and removes the temporary folder. */
  async dispose(): Promise<void> {
    await this.artifact.dispose();
    await rm(this.folder, { recursive: true, force: true });
  }
}

async function logOf(
  interactions: TrainRecommenderOptions['interactions'],
  moment: MomentConfig | undefined,
): Promise<InteractionLog> {
  if (!isFile(interactions)) return encodeInteractions(interactions);
  const { columns } = interactions;
  if (!moment || !columns) return readInteractions(interactions);
  return readInteractions({ ...interactions, columns: { ...columns, ...momentFields(moment) } });
}

/** The columns of a file by their roles, or the arrays by their names: rows that come later, and files of targets, have them too. */
function columnsOf(interactions: TrainRecommenderOptions['interactions']) {
  const file = isFile(interactions);
  const named = (role: Exclude<keyof InteractionArrays, 'text' | 'more' | 'numbers'>) =>
    file ? interactions.columns?.[role] : interactions[role] && role;
  return {
    user: named('user') ?? 'user',
    item: named('item') ?? 'item',
    ...{ time: named('time'), position: named('position'), rating: named('rating') },
    ...{ weight: named('weight'), kind: named('kind') },
  };
}

const isFile = (
  interactions: TrainRecommenderOptions['interactions'],
): interactions is ReadInteractionsOptions => 'path' in interactions;

/** @param types what the features make of columns */
async function catalogOf(
  items: TrainRecommenderOptions['items'],
  types: NonNullable<ReadCatalogOptions['types']>,
): Promise<Catalog | undefined> {
  if (items === undefined) return undefined;
  if (!('path' in items)) return encodeCatalog(items, types);
  return readCatalog({ ...items, types: { ...items.types, ...types } });
}

async function usersOf(
  users: NonNullable<TrainRecommenderOptions['users']>,
  types: NonNullable<ReadEntitiesOptions['types']>,
): Promise<UserTable> {
  if (!('path' in users)) return encodeUsers(users, types);
  return readUsers({ ...users, types: { ...users.types, ...types } });
}
