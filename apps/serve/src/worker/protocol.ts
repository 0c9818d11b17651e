import type { Predicate } from '@towerkit/retrieval';

/** Items something is asked of, by dense ids. */
export interface Question {
  /** What somebody had, oldest first; may be empty. */
  readonly history: readonly number[];
  /** Dense id of the user in this model, -1 for somebody it does not know. */
  readonly user: number;
  /** What somebody likes, as of an item: a text, or columns of the catalog. */
  readonly content?: Content;
  readonly k: number;
  readonly where?: Predicate;
  /** Items left out beside the history. */
  readonly deny?: readonly number[];
  /** Items of the history that may be answered all the same; none by default. */
  readonly keep?: readonly number[];
  /** Whether to say which items of the history each one comes from. */
  readonly explain?: boolean;
  /** 0 to 1: how much being unlike the items before it counts; 0 by default. */
  readonly diversity?: number;
  /** The user's dense id in the model that ranks again; absent where none should. */
  readonly rerankUser?: number;
  /** Whether to measure the recall of this answer against an exact search. */
  readonly measure?: boolean;
}

/** What is known of an item that is none of the catalog's. */
export type Content = { readonly text: string } | { readonly features: Readonly<Record<string, unknown>> };

/** An item of the history and what it adds to a score. */
export interface Weight {
  readonly item: number;
  readonly weight: number;
}

/** What a model with gates makes of each thing it reads, by name. */
export interface GateWeights {
  /** Of who asks. */
  readonly user?: Readonly<Record<string, number>>;
  /** Of each item. */
  readonly items?: readonly Readonly<Record<string, number>>[];
}

/** Why some items are recommended. */
export interface Explanation {
  /** What each item of the history adds to the score of each item given, the weightiest first. */
  readonly reasons: Weight[][];
  readonly gates?: GateWeights;
}

/** What was found for a question, best first. */
export interface Found extends Partial<Explanation> {
  readonly items: number[];
  readonly scores: number[];
  /** Kind of the model, or `popularity`. */
  readonly source: string;
  /** Share of the exact best k that the index found. */
  readonly recall?: number;
}

/** An error as it passes between threads. */
export interface Failure {
  readonly code: string;
  readonly message: string;
  readonly hint?: string;
}

export type Outcome<T> = { readonly value: T } | { readonly failure: Failure };

/** What a model thread is started with. */
export interface HostOptions {
  readonly folder: string;
  /** Folder of local text models; the hub when absent. */
  readonly models?: string;
  /** Candidates of the index that are ranked again or diversified. */
  readonly candidates: number;
  readonly rerank?: {
    readonly folder: string;
    readonly kind: string;
    /** Its dense id of each item, -1 for one it does not know. */
    readonly ids: Int32Array;
  };
}

/** What a model thread answers to. */
export interface Methods {
  recommend: { given: readonly Question[]; value: Outcome<Found>[] };
  similar: { given: { item: number; k: number; where?: Predicate }; value: Found };
  search: { given: { content: Content; k: number; where?: Predicate }; value: Found };
  passing: { given: { where: Predicate }; value: Float64Array };
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

/** The first message of a thread. */
export type Opened = Outcome<{
  /** Of the files it read; see `versionOf`. */
  readonly version: string;
  /** Whether it reads texts or features of items. */
  readonly readsText: boolean;
  readonly readsFeatures: boolean;
  readonly index: string;
  /** Whether it can say why. */
  readonly explains: boolean;
}>;
