import { TowerkitError, type CsrMatrix, type Vocabulary } from '@towerkit/core';
import { fullHistories, openArtifact, type GateSummary } from 'towerkit/artifact';
import { basename, resolve } from 'node:path';

import type { HostOptions } from '../worker/protocol.js';
import { ModelPool } from './model-pool.js';
import { TitleSearch } from './title-search.js';
import { versionOf } from './version.js';

/** How models are opened. */
export interface ModelSettings {
  /** Threads for each model. */
  readonly threads: number;
  /** Candidates that are ranked again or diversified. */
  readonly candidates: number;
  /** Milliseconds a question may wait for a thread. */
  readonly patience: number;
  /** Folder of local text models; the hub when absent. */
  readonly models?: string;
}

/** The artifact that ranks candidates again: what the event loop knows of it. */
export interface RerankModel {
  readonly folder: string;
  readonly kind: string;
  readonly version: string;
  readonly items: Vocabulary;
  readonly users: Vocabulary;
}

/** An artifact that answers: its names and histories here, its model on threads of its own. */
export interface ServedModel {
  /** Name of its folder; what answers and metrics call it. */
  readonly name: string;
  readonly folder: string;
  readonly kind: string;
  /** Which files exactly; see `versionOf`. */
  readonly version: string;
  readonly createdAt: number;
  readonly metrics: Readonly<Record<string, { readonly value: number }>>;
  /** Mean gate weights of the model by group of items, where it has gates. */
  readonly gates?: GateSummary;
  readonly items: Vocabulary;
  readonly users: Vocabulary;
  readonly titles?: readonly (string | null)[];
  /** Columns of the catalog by name, [items]. */
  readonly catalog: Readonly<Record<string, ArrayLike<unknown>>>;
  readonly counts: Int32Array;
  /** All that is known of what users had, users x items, oldest first. */
  readonly histories: CsrMatrix;
  readonly search: TitleSearch;
  readonly pool: ModelPool;
  readonly readsText: boolean;
  readonly readsFeatures: boolean;
  /** What finds candidates: `exact`, `hnsw`, ... */
  readonly index: string;
  /** Whether it can say why. */
  readonly explains: boolean;
  /** Of its index against an exact search, before it took over. */
  readonly recall: number;
  readonly rerank?: RerankModel;
}

/** Reads what the event loop needs of the artifact that ranks again. */
export async function openRerank(folder: string): Promise<RerankModel> {
  const version = await versionOf(folder);
  const { manifest, items, users, model } = await openArtifact(folder);
  await model.dispose?.();
  return { folder, kind: manifest.kind, version, items, users };
}

/**
 * Opens an artifact and the threads that answer from it.
 *
 * @throws TowerkitError `ARTIFACT_NOT_FOUND`, `BAD_ARTIFACT`, `ARTIFACT_CHANGED` when it is replaced meanwhile
 */
export async function openModel(
  folder: string,
  { threads, candidates, patience, models }: ModelSettings,
  rerank?: RerankModel,
): Promise<ServedModel> {
  const version = await versionOf(folder);
  const artifact = await openArtifact(folder);
  await artifact.model.dispose?.(); // the threads have their own
  const { manifest, items, users, titles, catalog, counts } = artifact;
  const options: HostOptions = {
    folder,
    models,
    candidates,
    ...(rerank && {
      rerank: {
        folder: rerank.folder,
        kind: rerank.kind,
        ids: Int32Array.from(items.names, (name) => rerank.items.indexOf(name) ?? -1),
      },
    }),
  };
  const { pool, facts } = await ModelPool.open(options, threads, patience);
  if (facts.version !== version) {
    await pool.close();
    throw new TowerkitError('ARTIFACT_CHANGED', `${folder} was replaced while it was read`);
  }
  return {
    name: basename(resolve(folder)),
    folder,
    kind: manifest.kind,
    version,
    createdAt: Date.parse(manifest.createdAt),
    metrics: manifest.metrics,
    gates: manifest.model.gates as GateSummary | undefined,
    items,
    users,
    titles,
    catalog,
    counts,
    histories: fullHistories(artifact),
    search: TitleSearch.of(titles ?? items.names, counts),
    pool,
    readsText: facts.readsText,
    readsFeatures: facts.readsFeatures,
    index: facts.index,
    explains: facts.explains,
    recall: 1,
    rerank,
  };
}
