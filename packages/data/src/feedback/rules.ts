/** What rows of one kind count as. */
export interface KindRule {
  /** Multiplies what each row weighs, 0 or more. Default 1. */
  readonly weight?: number;
  /** Whether the item enters the user's history. Default true. */
  readonly history?: boolean;
  /** Whether the item is something to predict; what is, is not recommended to that user again. Default true. */
  readonly target?: boolean;
  /** Whether the row says that the user does not want the item. It is then neither history nor target. Default false. */
  readonly dislike?: boolean;
  /** Whether rows of this kind are left out of everything. Default false. */
  readonly exclude?: boolean;
}

/** How the weight of a row follows from its column and its age. */
export interface WeightRule {
  /** Is taken off the column's value first, such as 2 of ratings from 1 to 5; what is below 0 then is 0. Default 0. */
  readonly center?: number;
  /** Of the column's value, after the cap: `none` (default), `log1p` (ln(1 + x)) or `sqrt`. */
  readonly transform?: 'none' | 'log1p' | 'sqrt';
  /** Larger values of the column count as this one. Default: none do. */
  readonly cap?: number;
  /** Days after which a row weighs half: 2^(-age / halfLife), the age that before the newest training row. Default: no decay. */
  readonly halfLife?: number;
}

/** What the rows of a log count as. */
export interface FeedbackRules {
  /** By the name of the kind; every kind of the log must be there. Without it all rows are history and target. */
  readonly kinds?: Readonly<Record<string, KindRule>>;
  /** Rows rated `below` or less say that the user does not want the item. */
  readonly dislikes?: { readonly below: number };
  readonly weights?: WeightRule;
}
