import type { VerifiedArtifact } from '@towerkit/artifact';
import type { Content, Failure, Found, IndexConnections, Outcome, Question } from '@towerkit/recommend';
import type { Predicate } from '@towerkit/retrieval';

/** What a model thread is started with: artifacts that the event loop has verified. */
export interface HostOptions {
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

/** What a model thread answers to. */
export interface Methods {
  recommend: { given: readonly Question[]; value: Outcome<Found>[] };
  similar: { given: { item: number; k: number; where?: Predicate }; value: Found };
  search: { given: { content: Content; k: number; where?: Predicate }; value: Found };
  find: { given: { query?: string; k: number; where?: Predicate }; value: Found };
  check: { given: { histories: readonly (readonly number[])[]; k: number }; value: { recall: number } };
}

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
  /** What finds candidates, such as `exact` or `hnsw`. */
  readonly index: string;
  /** Whether it can say why. */
  readonly explains: boolean;
}

/** The first message of a thread. */
export type Opened = { readonly value: ModelFacts } | { readonly failure: Failure };
