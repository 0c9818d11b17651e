import { fullHistories, holdArtifact, requireUnchanged, rewriteArtifact } from '@towerkit/artifact';
import { Rng, type Matrix, type OnProgress } from '@towerkit/core';
import {
  createIndex,
  indexRecall,
  tune,
  type AttributeValue,
  type DriverName,
  type DriverOptions,
  type IndexOptions,
  type VectorIndex,
} from '@towerkit/retrieval';
import { join } from 'node:path';

import { TowerkitError } from '../errors.js';
import { attributeOf } from '../engine/item-filter.js';
import type { UserRow } from '../engine/question.js';
import type { OpenArtifact } from '../open-artifact.js';
import { vectorsOf } from './vectors.js';

/** How an artifact's index is built. */
export interface BuildIndexOptions<Name extends DriverName = DriverName> {
  readonly driver: Name;
  /** The driver's own. */
  readonly options: DriverOptions[Name];
  /** The recall at `k` to reach. */
  readonly recall: number;
  /** Items of a search. Default 10. */
  readonly k?: number;
  /** Seed of the draw of users. Default 0. */
  readonly seed?: number;
  readonly onProgress?: OnProgress;
}

/** An index and its recall and latency, on queries that it was not tuned on. */
export interface BuiltIndex {
  readonly driver: string;
  readonly settings: Readonly<Record<string, unknown>>;
  readonly items: number;
  readonly dimensions: number;
  readonly recall: number;
  /** Whether tuning reached the recall asked for. */
  readonly reached: boolean;
  /** One query at a time, median and 99th percentile, in microseconds. */
  readonly p50: number;
  readonly p99: number;
  readonly buildSeconds: number;
  readonly bytes: number;
  /** Queries of the report. */
  readonly queries: number;
}

/** Users that tune the index, and as many others that it is reported on. */
const QUERIES = 500;

/**
 * Builds an index of an artifact's items, tunes it to a recall on the vectors of some of its users, measures it on those of
 * others, and puts it into the artifact as `index/`. The artifact is replaced as a whole or not at all.
 *
 * @throws TowerkitError `NO_VECTORS`; `NO_USERS` for an artifact with fewer than two users with a history;
 *   `ARTIFACT_CHANGED` when it was replaced after it was opened; `LOCKED` while another process writes it; what the driver
 *   throws
 */
export async function buildIndex<Name extends DriverName>(
  artifact: OpenArtifact,
  options: BuildIndexOptions<Name>,
): Promise<BuiltIndex> {
  await requireUnchanged(artifact);
  return holdArtifact(artifact.folder, () => build(artifact, options));
}

async function build<Name extends DriverName>(
  artifact: OpenArtifact,
  { driver, options, recall: target, k = 10, seed = 0, onProgress }: BuildIndexOptions<Name>,
): Promise<BuiltIndex> {
  const { items } = vectorsOf(artifact);
  const [tuning, asking] = await queriesOf(artifact, seed);
  const common: IndexOptions = { dimensions: items.cols, metric: 'ip' };
  const exact = await createIndex('exact', common);
  const index = await createIndex(driver, { ...common, ...options });
  try {
    await exact.build(items);
    const started = performance.now();
    await index.build(items, { attributes: attributesOf(artifact), onProgress });
    const buildSeconds = (performance.now() - started) / 1000;
    const { reached } = await tune(index, { exact, queries: tuning, k, target });
    const found = await indexRecall(index, exact, asking, k);
    const [p50, p99] = await latencies(index, asking, k);
    const { settings, size, dimensions, bytes } = await index.stats();
    await rewriteArtifact(artifact, artifact.manifest, (fresh) => index.save(join(fresh, 'index')));
    return {
      ...{ driver, settings, items: size, dimensions, recall: found, reached, p50, p99, buildSeconds, bytes },
      queries: asking.rows,
    };
  } finally {
    await exact.close();
    await index.close();
  }
}

/** Vectors of users for tuning and, of others, for the report. */
async function queriesOf(artifact: OpenArtifact, seed: number): Promise<[Matrix, Matrix]> {
  const histories = fullHistories(artifact);
  const known = Array.from({ length: histories.rows }, (_, user) => user).filter(
    (user) => histories.indptr[user + 1] > histories.indptr[user],
  );
  if (known.length < 2)
    throw new TowerkitError(
      'NO_USERS',
      `${artifact.folder} has ${known.length} users with a history, and tuning needs two`,
    );
  const drawn = new Rng(seed).shuffle(known).slice(0, 2 * QUERIES);
  const half = drawn.length >> 1;
  const moments = await recordedMoments(artifact);
  const rng = new Rng(seed).fork('moments');
  const vectors = (users: readonly number[]) =>
    vectorsOf(artifact).users(
      users.map((user) => histories.row(user)),
      users,
      moments.length > 0 ? users.map(() => moments[rng.integer(moments.length)]) : undefined,
    );
  return [await vectors(drawn.slice(0, half)), await vectors(drawn.slice(half))];
}

/** Moments of held-back rows, as a model that reads moments reads them: those of questions are like them. */
async function recordedMoments({ model, moments = {} }: OpenArtifact): Promise<UserRow[]> {
  const columns = moments.test ?? moments.validation;
  return model.moments && columns ? model.moments.rows(columns) : [];
}

/** Attributes of the items for filters: the columns of the catalog, titles aside. */
export function attributesOf({ catalog }: Pick<OpenArtifact, 'catalog'>): Record<string, AttributeValue[]> {
  return Object.fromEntries(
    Object.entries(catalog).flatMap(([name, values]) =>
      name === 'id' || name === 'title' ? [] : [[name, Array.from(values, attributeOf)]],
    ),
  );
}

/** Microseconds of a search, one query after the other: median and 99th percentile, after a warm-up. */
async function latencies(index: VectorIndex, queries: Matrix, k: number): Promise<[number, number]> {
  const times = new Float64Array(queries.rows);
  for (let round = 0; round < 2; round++)
    for (let query = 0; query < queries.rows; query++) {
      const started = performance.now();
      await index.search(queries.row(query), k);
      times[query] = 1000 * (performance.now() - started);
    }
  times.sort();
  const at = (share: number) => times[Math.min(times.length - 1, Math.floor(share * times.length))];
  return [at(0.5), at(0.99)];
}
