import { readArtifact, type Artifact, type VerifiedArtifact } from '@towerkit/artifact';

import { recommendTo, type Answer, type AnswerOptions } from './answer.js';
import { AnswerEngine } from './engine/answer-engine.js';
import type { AnswerEngineOptions } from './engine/engine-options.js';
import type { SavedModel } from './ranker.js';
import { recommendAll, type RecommendAllOptions, type UserRows } from './recommend-all.js';
import type { Who } from './who.js';

/** An artifact ready to answer. */
export interface OpenArtifact extends Artifact {
  /** The model, for evaluation. */
  readonly model: SavedModel;
  /** Answers by dense ids, with filters and reranking. */
  readonly engine: AnswerEngine;
  /**
   * The best items for a user of the artifact, for a history of item ids (oldest first), or for a text about what the user
   * likes. Items of the history are left out unless `options.repeats`, or the artifact's config, says otherwise. A user without
   * a history, or with a text of words that the model never saw, gets the most popular items, and `source` says so.
   *
   * @param who item ids, or `{ user }`, `{ history }`, `{ text }`; `{ features }` of a table of users, alone or beside the first two
   * @param k how many items. Default 10
   * @throws TowerkitError `UNKNOWN_USER`; `UNKNOWN_ITEM` naming those it does not know; `NO_CONTENT` for a text, or
   *   features, where the model reads none; `UNKNOWN_FEATURE`, `BAD_FEATURE`; `EMPTY_TEXT`; `BAD_OPTION`; of the moment
   *   `MISSING_CONTEXT`, `UNKNOWN_CONTEXT`, `BAD_CONTEXT`, and `NO_CONTEXT` where the model reads none
   */
  recommend(who: readonly string[] | Who, k?: number, options?: AnswerOptions): Promise<Answer>;
  /**
   * The best items of every user the artifact knows, a few hundred users at a time.
   *
   * @param k how many items for each
   * @param onDone is told how many users are done, and how many there are
   * @param options what becomes of the items of histories, the moment that all of them ask at, as in {@link AnswerOptions}, and
   *   which shard of the users
   * @returns rows of user, rank (from 1), item and score; the lists are those of {@link OpenArtifact.recommend}, by exact scores
   * @throws TowerkitError `BAD_OPTION`; of the moment as {@link OpenArtifact.recommend}
   */
  recommendAll(
    k: number,
    onDone?: (users: number, total: number) => void,
    options?: RecommendAllOptions,
  ): AsyncGenerator<UserRows>;
  /** Frees threads and native memory; the artifact cannot be used afterwards. */
  dispose(): Promise<void>;
}

/**
 * Opens an artifact: verifies it, reads its tables and its model.
 *
 * @param source a folder, or an artifact that was verified already
 * @throws TowerkitError `ARTIFACT_NOT_FOUND`, `BAD_ARTIFACT`; those of its index
 * @example
 * ```ts
 * const artifact = await openArtifact('artifacts/shop');
 * const { items } = await artifact.recommend(['mug', 'teapot'], 5);
 * await artifact.dispose();
 * ```
 */
export async function openArtifact(
  source: string | VerifiedArtifact,
  options: Omit<AnswerEngineOptions, 'artifact' | 'rerank'> = {},
): Promise<OpenArtifact> {
  const artifact = await readArtifact(source);
  const engine = await AnswerEngine.open({ ...options, artifact });
  const { model } = engine.ranker;
  return {
    ...artifact,
    model,
    engine,
    recommend: (who, k = 10, options = {}) => recommendTo(artifact, engine, who, k, options),
    recommendAll: (k, onDone, options) => recommendAll(artifact, engine, k, onDone, options),
    dispose: () => engine.dispose(),
  };
}
