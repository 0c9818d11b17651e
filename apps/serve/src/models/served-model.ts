import type { VerifiedArtifact } from '@towerkit/artifact';
import type { Repeats } from '@towerkit/core';
import { builtProgram } from '@towerkit/core/files';
import {
  AnswerPool,
  repeatsOf,
  tryArtifact,
  type ArtifactTables,
  type ModelFacts,
  type TrialOptions,
  type TriedArtifact,
} from '@towerkit/recommend';
import { basename, resolve } from 'node:path';

/** Mean gate weights by side and by group of training rows, as a manifest tells them. */
type GateSummary = Readonly<Record<string, unknown>>;

/** How models are opened. */
export interface ModelSettings extends Pick<TrialOptions, 'models' | 'snapshots' | 'memory' | 'index'> {
  /** Threads for each model. */
  readonly threads: number;
  /** Candidates that are ranked again or diversified. */
  readonly candidates: number;
  /** Milliseconds a question may wait for a thread. */
  readonly patience: number;
}

/** The artifact that ranks candidates again: what the event loop knows of it. */
export interface RerankModel extends Pick<ArtifactTables, 'items' | 'users'> {
  /** A copy, see `tryArtifact`. */
  readonly artifact: VerifiedArtifact;
  /** For one more user of it. */
  hold(): void;
  /** Gives it up; with the last user its files are gone. */
  release(): Promise<void>;
}

/** An artifact that answers: its names and histories here, its model on threads of its own. */
export interface ServedModel extends ModelFacts, ArtifactTables {
  /** Name of its folder; what answers and metrics call it. */
  readonly name: string;
  readonly folder: string;
  readonly kind: string;
  /** Which files exactly; see `versionOf` of `@towerkit/artifact`. */
  readonly version: string;
  readonly createdAt: number;
  /** What becomes of the items of a history where a question does not say, see `repeatsOf` of `@towerkit/recommend`. */
  readonly repeats: Repeats;
  readonly metrics: VerifiedArtifact['manifest']['metrics'];
  /** Mean gate weights of the model by group of items, where it has gates. */
  readonly gates?: GateSummary;
  readonly pool: AnswerPool;
  /** Of its index against an exact search, before it took over. */
  readonly recall: number;
  readonly rerank?: RerankModel;
  /** Finishes what was asked, then gives up its threads and its files. */
  retire(): Promise<void>;
}

/** Has a process of its own try an artifact, see `tryArtifact`. */
const tried = (
  folder: string,
  { snapshots, models, index, memory }: ModelSettings,
  signal: AbortSignal,
): Promise<TriedArtifact> =>
  tryArtifact(
    folder,
    { program: builtProgram(import.meta.url, 'model-trial.js'), snapshots, models, index, memory },
    signal,
  );

/** Opens the artifact that reranks. @throws TowerkitError as {@link openModel} */
export async function openRerank(
  folder: string,
  settings: ModelSettings,
  signal: AbortSignal,
): Promise<RerankModel> {
  const { artifact, items, users, remove } = await tried(folder, settings, signal);
  let holders = 1;
  return {
    ...{ artifact, items, users },
    hold: () => void holders++,
    release: async () => {
      if (--holders === 0) await remove();
    },
  };
}

/**
 * Opens an artifact and the threads that answer from it. All that is ever opened of it comes from a copy that was verified
 * and tried as a whole.
 *
 * @throws TowerkitError `ARTIFACT_NOT_FOUND`, `BAD_ARTIFACT`, `ARTIFACT_CHANGED` when it is replaced meanwhile; `UNWRITABLE`
 *   where there is no room for the copy; `TOO_LARGE`; those of its index; the signal's reason
 */
export async function openModel(
  folder: string,
  settings: ModelSettings,
  signal: AbortSignal,
  rerank?: RerankModel,
): Promise<ServedModel> {
  const { artifact, remove, recall, ...tables } = await tried(folder, settings, signal);
  const { manifest, version } = artifact;
  const { threads, candidates, patience, models, index } = settings;
  try {
    const { pool, facts } = await AnswerPool.open({
      program: builtProgram(import.meta.url, 'model-worker.js'),
      ...{ artifact, models, candidates, index, threads, patience, signal },
      ...(rerank && {
        rerank: {
          artifact: rerank.artifact,
          ids: Int32Array.from(tables.items.names, (name) => rerank.items.indexOf(name) ?? -1),
        },
      }),
    });
    rerank?.hold();
    return {
      ...facts,
      ...tables,
      name: basename(resolve(folder)),
      folder,
      kind: manifest.kind,
      version,
      createdAt: Date.parse(manifest.createdAt),
      repeats: repeatsOf(manifest),
      metrics: manifest.metrics,
      gates: manifest.model.gates as GateSummary | undefined,
      ...{ pool, recall, rerank },
      retire: async () => {
        await pool.drain();
        await remove();
        await rerank?.release();
      },
    };
  } catch (error) {
    await remove();
    throw error;
  }
}
