import type { VerifiedArtifact } from '@towerkit/artifact';
import type { Matrix, Recommender, VectorScores } from '@towerkit/core';

import type {
  ContentEncoder,
  Explanation,
  FoundByText,
  MomentReader,
  RankedItems,
  UserReader,
  UserRow,
} from './engine/question.js';
import type { IndexConnections } from './index/open-index.js';

/** Scores that are products of vectors, as `VectorScores` of `@towerkit/core`, of a loaded model. */
export interface SavedVectorScores extends Omit<VectorScores, 'users'> {
  /** Vectors of users, who are told as {@link SavedModel.score} is told of them, shape [users, dimensions]. */
  users(
    histories: readonly ArrayLike<number>[],
    users?: ArrayLike<number>,
    said?: readonly (UserRow | undefined)[],
  ): Promise<Matrix> | Matrix;
}

/** A loaded model: everything but fitting and saving. */
export interface SavedModel extends Omit<Recommender, 'fit' | 'save' | 'score' | 'vectorScores'> {
  /** Reads moments of questions, for a model that knows them by more than who asks. */
  readonly moments?: MomentReader;
  /**
   * As `Recommender` says.
   *
   * @param said what is said of each user, or of the moment of each question, as the model's readers read it; a moment of which
   *   nothing is said is unknown. Shape [users]
   */
  score(
    histories: readonly ArrayLike<number>[],
    out: Float32Array,
    users?: ArrayLike<number>,
    said?: readonly (UserRow | undefined)[],
  ): Promise<void> | void;
  /** The vectors whose products {@link score} gives; absent where scores are more than that. */
  readonly vectorScores?: SavedVectorScores;
}

/** A request for candidates of one user. */
export interface CandidateQuery {
  /** Dense item ids, oldest first; ids from the number of items on are rows of the content vectors. */
  readonly history: readonly number[];
  /** Dense id of the user, -1 for a user the model does not know. */
  readonly user: number;
  /** What the question says of the user and of its moment, as {@link Ranker.users} and {@link Ranker.moments} read it. */
  readonly userRow?: UserRow;
  /** How many candidates. */
  readonly k: number;
  /** Items left out beside the history. */
  readonly deny: readonly number[];
  /** Items of the history that are not left out. */
  readonly keep?: readonly number[];
  /** Only these items, where given. */
  readonly allow?: Float64Array;
  /** Whether to measure the recall of the best k against an exact search. */
  readonly measure?: boolean;
}

/** The items that no answer may hold: the history but for what is kept, and what is denied. */
export function leftOut({
  history,
  deny,
  keep = [],
}: Pick<CandidateQuery, 'history' | 'deny' | 'keep'>): Set<number> {
  const out = new Set(history);
  for (const item of keep) out.delete(item);
  for (const item of deny) out.add(item);
  return out;
}

/** The best items of one user, and the recall that was measured, if any. */
export interface Candidates extends RankedItems {
  readonly recall?: number;
}

/**
 * Ranks items for users: a tower over an index, a baseline over all items, ... Each kind of model has one; the rest of an
 * answer (filters, reranking, diversity) is the same for all kinds.
 */
export interface Ranker {
  readonly kind: string;
  /** Name of what finds the candidates, such as `exact` or `hnsw`; `all items` where every item is scored. */
  readonly index: string;
  /**
   * Whether a history, or a content in its place, says something of who asks. A model that does not read them knows people by id
   * and features alone. Default true.
   */
  readonly readsHistory?: boolean;
  /** Whether {@link Ranker.explain} can answer. */
  readonly explains: boolean;
  /** The model itself, for evaluation. */
  readonly model: SavedModel;
  /** Encodes texts or features, for a model that reads content. */
  readonly content?: ContentEncoder;
  /** Reads features of users, for a model that knows users by them. */
  readonly users?: UserReader;
  /** Reads moments of questions, for a model that knows them by more than who asks. */
  readonly moments?: MomentReader;
  /**
   * The best items of each query.
   *
   * @param contentVectors encoded content of the questions, [n, dimensions]
   */
  candidates(queries: readonly CandidateQuery[], contentVectors?: Matrix): Promise<Candidates[]>;
  /** Scores of single items for one user, in the order of `items`. */
  score(
    history: readonly number[],
    user: number,
    items: readonly number[],
    userRow?: UserRow,
  ): Promise<Float32Array>;
  /** The items most similar to one, by the cosine of their vectors where the model has such. */
  similar(item: number, k: number, allow?: Float64Array): Promise<RankedItems>;
  /** The items most similar to a content vector. @throws TowerkitError `NO_CONTENT` */
  nearest(vector: Float32Array, k: number, allow?: Float64Array): Promise<RankedItems>;
  /**
   * The items that a text looks for, where the model was made for that; without it a text is looked for by {@link nearest}.
   *
   * @param asked.history items that the one who asks had, oldest first: those like them come sooner
   * @throws TowerkitError `EMPTY_TEXT` for a text without a word or number
   */
  searchText?(
    text: string,
    k: number,
    asked: { readonly allow?: Float64Array; readonly history?: readonly number[] },
  ): Promise<FoundByText>;
  /** Vector of an item, whose cosine is the similarity of two items, [dimensions]. @throws TowerkitError `NO_VECTORS` */
  vectorOf(item: number): Float32Array;
  /** Reasons of each item for that user. */
  explain(
    history: readonly number[],
    user: number,
    items: readonly number[],
    userRow?: UserRow,
  ): Promise<Explanation>;
  /**
   * Predicted ratings of these items, for a model of ratings.
   *
   * @param contentVectors as for the candidates
   * @param userRow what the question says of the user
   */
  ratings?(
    history: readonly number[],
    user: number,
    items: readonly number[],
    contentVectors?: Matrix,
    userRow?: UserRow,
  ): Promise<Float32Array>;
  /** Gives back threads and native memory. */
  dispose(): Promise<void>;
}

/** Options of opening a model. */
export interface OpenModelOptions {
  /** Threads of ONNX Runtime and of the index; one per core by default. */
  readonly threads?: number;
  /** Folder of local text models; the hub when absent. */
  readonly models?: string;
  /** How to connect to a database that holds the artifact's index. */
  readonly index?: IndexConnections;
}

/** A kind of model that answers can come from: how its artifacts are opened. */
export interface ModelKind {
  /** The `kind` of its manifests. */
  readonly name: string;
  /** @throws TowerkitError `BAD_ARTIFACT`; what its index throws */
  open(artifact: VerifiedArtifact, options: OpenModelOptions): Promise<Ranker>;
}
