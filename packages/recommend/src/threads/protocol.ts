import type { VerifiedArtifact } from '@towerkit/artifact';
import type { Predicate } from '@towerkit/retrieval';

import type { SearchQuestion } from '../engine/search-items.js';
import type { Failure, Found, MomentReader, Outcome, Question } from '../engine/question.js';
import type { IndexConnections } from '../index/open-index.js';
import type { ItemPlane } from '../overview/item-plane.js';

/** What a thread is started with: artifacts that were verified before. */
export interface ThreadOptions {
  readonly artifact: VerifiedArtifact;
  /** Folder of local text models; the hub when absent. */
  readonly models?: string;
  /** Candidates of the index that are reranked or diversified. */
  readonly candidates: number;
  /** How to connect to a database that holds the artifact's index. */
  readonly index?: IndexConnections;
  readonly rerank?: {
    readonly artifact: VerifiedArtifact;
    /** Its dense id of each item, -1 for one it does not know. */
    readonly ids: Int32Array;
  };
}

/** Options of `AnswerPool.open`. */
export interface AnswerPoolOptions extends ThreadOptions {
  /** The file that each thread runs: it calls `hostAnswers` with the kinds of models that may answer. */
  readonly program: URL;
  /** How many threads compute. */
  readonly threads: number;
  /** Milliseconds a question may wait for a thread before it is refused. */
  readonly patience: number;
  /** Ends the threads before they are open. */
  readonly signal?: AbortSignal;
}

/** What a thread answers to. */
export interface Methods {
  recommend: { given: readonly Question[]; value: Outcome<Found>[] };
  similar: { given: { item: number; k: number; where?: Predicate }; value: Found };
  search: { given: SearchQuestion; value: Found };
  find: { given: { query?: string; k: number; where?: Predicate }; value: Found };
  plane: { given: { items: readonly number[] }; value: ItemPlane | undefined };
  check: { given: { histories: readonly (readonly number[])[]; k: number }; value: { recall: number } };
}

/** Name of what a thread may be asked. */
export type Method = keyof Methods;

export interface Request {
  readonly id: number;
  readonly method: Method;
  readonly given: unknown;
}

export interface Reply {
  readonly id: number;
  readonly outcome: Outcome<unknown>;
}

/** What a thread tells of the model it has opened. */
export interface ModelFacts {
  /** Whether it reads texts or features of items. */
  readonly readsText: boolean;
  readonly readsFeatures: boolean;
  /** Whether it reads features of users. */
  readonly readsUsers: boolean;
  /** What it reads of the moment of a question, with what each is; absent if nothing. */
  readonly context?: MomentReader['columns'];
  /** What finds candidates, such as `exact` or `hnsw`. */
  readonly index: string;
  /** Whether it can say why. */
  readonly explains: boolean;
}

/** The first message of a thread. */
export type Opened = { readonly value: ModelFacts } | { readonly failure: Failure };
