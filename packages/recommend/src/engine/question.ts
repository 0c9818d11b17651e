import type { Matrix, Repeats } from '@towerkit/core';
import type { FeatureKind } from '@towerkit/data';
import type { Predicate } from '@towerkit/retrieval';

/** Items by dense ids with their scores, best first. */
export interface RankedItems {
  readonly items: number[];
  readonly scores: number[];
}

/** An item that is not in the catalog: a text, or columns of the catalog by name. */
export type Content = { readonly text: string } | { readonly features: Readonly<Record<string, unknown>> };

/** Turns texts or features into the vectors that a model reads. */
export interface ContentEncoder {
  readonly readsText: boolean;
  readonly readsFeatures: boolean;
  /**
   * @returns vectors, [contents, dimensions]; zeros for a content of which nothing is known: words, or values of categories,
   *   that training never saw
   * @throws TowerkitError `NO_CONTENT` for what it does not read
   */
  encode(contents: readonly Content[]): Promise<Matrix>;
}

/** What a question says of who asks: columns of the table of users by name. */
export type UserFeatures = Readonly<Record<string, unknown>>;

/** What a user tower reads of somebody beside the history, by the name of the input: [dimensions] each. */
export type UserRow = Readonly<Record<string, Float32Array>>;

/** What a question says of who asks, as a model reads it. */
export interface Asker {
  /** Rows of the inputs that read it; of the others the user's own hold, or those of somebody unknown. */
  readonly row: UserRow;
  /** Whether any of it is known: not if each feature is missing, or a category new to the model. */
  readonly isKnown: boolean;
}

/** Reads what questions say of who asks. */
export interface UserReader {
  /** The columns that may be said, with what they hold. */
  readonly columns: Readonly<Record<string, FeatureKind>>;
  /** @throws TowerkitError `UNKNOWN_FEATURE`, `BAD_FEATURE` */
  read(features: UserFeatures): Promise<Asker>;
}

/** A request for one user, by dense ids. */
export interface Question {
  /** Items of the user, oldest first; may be empty. */
  readonly history: readonly number[];
  /** Dense id of the user in this model, -1 for an unknown user. */
  readonly user: number;
  /** What is known of who asks; of a known user it stands in place of what the table of users says. */
  readonly userFeatures?: UserFeatures;
  /** Content that is read as a last item of the history. */
  readonly content?: Content;
  /** How many items. */
  readonly k: number;
  readonly where?: Predicate;
  /** What becomes of the items of the history. Default `exclude`. */
  readonly repeats?: Repeats;
  /** Items left out beside the history, whatever `repeats` says. */
  readonly deny?: readonly number[];
  /** Items of the history that may be recommended all the same; none by default. */
  readonly keep?: readonly number[];
  /** Whether to say which items of the history each one comes from. */
  readonly explain?: boolean;
  /** Preference for items unlike each other, from 0 (default) to 1; see {@link diversify}. */
  readonly diversity?: number;
  /** The user's dense id in the model that reranks, -1 for an unknown user; absent: no reranking. */
  readonly rerankUser?: number;
  /** Whether to measure the recall of this answer against an exact search. */
  readonly measure?: boolean;
}

/** An item of the history and what it adds to a score; may be negative. */
export interface Weight {
  readonly item: number;
  readonly weight: number;
}

/** Gate weights per input, by the input's name. */
export interface GateWeights {
  /** Of the user tower. */
  readonly user?: Readonly<Record<string, number>>;
  /** Of the item tower, for each item. */
  readonly items?: readonly Readonly<Record<string, number>>[];
}

/** A review of the user with a text similar to an item's. */
export interface NearReview {
  readonly item: number;
  readonly text?: string;
  /** Cosine of the vectors of both texts. */
  readonly similarity: number;
}

/** Reasons of some items. */
export interface Explanation {
  /** For each item, items of the history with what they add to its score, by descending weight. */
  readonly reasons: readonly (readonly Weight[])[];
  readonly gates?: GateWeights;
  /** For each item, reviews of the user, the nearest first; for a model of reviews. */
  readonly reviews?: readonly (readonly NearReview[])[];
}

/** The answer to a question, best first. */
export interface Found extends RankedItems, Partial<Explanation> {
  /**
   * Kind of the model, with `+kind` where another one reranked; `popularity` where nothing is known of the user; of a
   * search `text`, `features` or `titles`, which it went by.
   */
  readonly source: string;
  /** Predicted ratings of the items, for a model of ratings. */
  readonly ratings?: readonly number[];
  /** Share of the exact best k that the index found, where it was measured. */
  readonly recall?: number;
}

/** An error as plain data, so that it passes between threads. */
export interface Failure {
  readonly code: string;
  readonly message: string;
  readonly hint?: string;
}

/** Answer or error of one question of several. */
export type Outcome<T> = { readonly value: T } | { readonly failure: Failure };
