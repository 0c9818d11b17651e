import type { Matrix, Repeats } from '@towerkit/core';
import type { FeatureKind, RowColumns } from '@towerkit/data';
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
  /**
   * Opens what the artifact itself holds for {@link encode}, which is otherwise opened at the first question: so that a broken
   * part shows before the artifact serves. Text models from elsewhere are not touched.
   *
   * @throws TowerkitError `BAD_ARTIFACT`; those of the parts
   */
  openStored(): Promise<void>;
}

/** What a question says of who asks: columns of the table of users by name. */
export type UserFeatures = Readonly<Record<string, unknown>>;

/** What a user tower reads beside the history, of somebody or of the moment, by the name of the input: [dimensions] each. */
export type UserRow = Readonly<Record<string, Float32Array>>;

/** What a question says of who asks, or of the moment, as a model reads it. */
export interface Asker {
  /** Rows of the inputs that read it; of the others the user's own hold, or those of somebody unknown. */
  readonly row: UserRow;
  /** Whether any of it is known: not if each feature is missing, or a category new to the model. */
  readonly isKnown: boolean;
}

/** What a question says of its moment: columns of the interactions, and parts of the time, by name. */
export type QuestionContext = Readonly<Record<string, unknown>>;

/** Reads what questions say of their moments. */
export interface MomentReader {
  /** What a question may say, with what it is; of a `time` that is not said the present counts, the others must be said. */
  readonly columns: Readonly<Record<string, FeatureKind | 'time'>>;
  /** A moment of which nothing is known. */
  readonly unknown: QuestionContext;
  /**
   * @param at seconds since 1970, for parts of the time that are not said
   * @throws TowerkitError `UNKNOWN_CONTEXT`, `MISSING_CONTEXT`, `BAD_CONTEXT`
   */
  read(context: QuestionContext, at: number): Promise<Asker>;
  /** Rows of moments that were recorded. @param columns each [moments]; what is missing is unknown */
  rows(columns: RowColumns): Promise<UserRow[]>;
}

/** Reads what questions say of who asks. */
export interface UserReader {
  /** The columns that may be said, with what they hold; a `vector` is no column, but a list of numbers. */
  readonly columns: Readonly<Record<string, FeatureKind | 'vector'>>;
  /** @throws TowerkitError `UNKNOWN_FEATURE`, `BAD_FEATURE` */
  read(features: UserFeatures): Promise<Asker>;
  /** See {@link ContentEncoder.openStored}. */
  openStored(): Promise<void>;
}

/** Where somebody asks from. */
export interface Near {
  /** Degrees. */
  readonly lat: number;
  /** Degrees. */
  readonly lon: number;
  /** Only items within so many kilometres over the ground; all, those of unknown place too, when absent. */
  readonly radiusKm?: number;
  /**
   * How much distance counts: `decay * ln(1 + kilometres)` is taken off each score, so that among scores that are log-odds the odds
   * fall with this power of the distance, as visits do (Ye et al. 2011). Default 0, where distances are only shown.
   */
  readonly decay?: number;
}

/** A request for one user, by dense ids. */
export interface Question {
  /** Items of the user, oldest first; may be empty. */
  readonly history: readonly number[];
  /** Dense id of the user in this model, -1 for an unknown user. */
  readonly user: number;
  /** What is known of who asks; of a known user it stands in place of what the table of users says. */
  readonly userFeatures?: UserFeatures;
  /** What is known of the moment, for a model that reads moments; null for what is not known. */
  readonly context?: QuestionContext;
  /** When it is asked, in seconds since 1970; now when absent. */
  readonly at?: number;
  /** Content that is read as a last item of the history. */
  readonly content?: Content;
  /** How many items. */
  readonly k: number;
  readonly where?: Predicate;
  /** Where it is asked from, for items that have a place. */
  readonly near?: Near;
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

/** What the score of an item found by a text is made of. */
export interface TextParts {
  /** By the words that text and item share; 0 without one. */
  readonly lexical: number;
  /** Cosine of the vectors of both. */
  readonly tower: number;
}

/** Items found by a text, best first. */
export interface FoundByText extends RankedItems {
  readonly parts: readonly TextParts[];
}

/** The answer to a question, best first. */
export interface Found extends RankedItems, Partial<Explanation> {
  /**
   * Kind of the model, with `+kind` where another one reranked; `popularity` where nothing is known of the user; of a
   * search `text`, `features` or `titles`, which it went by.
   */
  readonly source: string;
  /** What the scores are made of, for a search by a model of words and vectors. */
  readonly parts?: readonly TextParts[];
  /** Predicted ratings of the items, for a model of ratings. */
  readonly ratings?: readonly number[];
  /** Kilometres to the items, NaN where a place is not known; of a question that says where it is asked from. */
  readonly distances?: readonly number[];
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
