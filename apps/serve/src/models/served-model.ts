import { fullHistories, readArtifact, type VerifiedArtifact } from '@towerkit/artifact';
import type { CsrMatrix, Vocabulary } from '@towerkit/core';
import type { IndexConnections } from '@towerkit/recommend';
import { realpath } from 'node:fs/promises';
import { basename, resolve } from 'node:path';

import type { HostOptions, ModelFacts } from '../worker/protocol.js';
import { ModelPool } from './model-pool.js';

/** Mean gate weights by side and by group of training rows, as a manifest tells them. */
type GateSummary = Readonly<Record<string, unknown>>;

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
  /** How to connect to a database that holds an artifact's index. */
  readonly index?: IndexConnections;
}

/** The artifact that ranks candidates again: what the event loop knows of it. */
export interface RerankModel {
  readonly artifact: VerifiedArtifact;
  readonly items: Vocabulary;
  readonly users: Vocabulary;
}

/** An artifact that answers: its names and histories here, its model on threads of its own. */
export interface ServedModel extends ModelFacts {
  /** Name of its folder; what answers and metrics call it. */
  readonly name: string;
  readonly folder: string;
  readonly kind: string;
  /** Which files exactly; see `versionOf` of `@towerkit/artifact`. */
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
  readonly pool: ModelPool;
  /** Of its index against an exact search, before it took over. */
  readonly recall: number;
  readonly rerank?: RerankModel;
}

/** Reads what the event loop needs of the artifact that reranks. @throws TowerkitError `BAD_ARTIFACT` */
export async function openRerank(folder: string): Promise<RerankModel> {
  const { items, users, manifest, version } = await readArtifact(folder);
  return { artifact: { folder, manifest, version }, items, users };
}

/**
 * Opens an artifact and the threads that answer from it. Its files are verified here, once for all threads.
 *
 * @throws TowerkitError `ARTIFACT_NOT_FOUND`, `BAD_ARTIFACT`, `ARTIFACT_CHANGED` when it is replaced meanwhile
 */
export async function openModel(
  folder: string,
  { threads, candidates, patience, models, index }: ModelSettings,
  rerank?: RerankModel,
): Promise<ServedModel> {
  // Behind a link that moves, all is read from where it points now.
  const artifact = await readArtifact(await realpath(folder).catch(() => folder));
  const { manifest, version, items, users, titles, catalog, counts } = artifact;
  const options: HostOptions = {
    artifact: { folder: artifact.folder, manifest, version },
    ...{ models, candidates, index },
    ...(rerank && {
      rerank: {
        artifact: rerank.artifact,
        ids: Int32Array.from(items.names, (name) => rerank.items.indexOf(name) ?? -1),
      },
    }),
  };
  const { pool, facts } = await ModelPool.open(options, threads, patience);
  return {
    ...facts,
    name: basename(resolve(folder)),
    folder,
    kind: manifest.kind,
    version,
    createdAt: Date.parse(manifest.createdAt),
    metrics: manifest.metrics,
    gates: manifest.model.gates as GateSummary | undefined,
    ...{ items, users, titles, catalog, counts },
    histories: fullHistories(artifact),
    pool,
    recall: 1,
    rerank,
  };
}
