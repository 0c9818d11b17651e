/** An answer as somebody was shown it. */
export interface Impression {
  /** Id of the answer. */
  readonly id: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** `split`, `interleave`, or `none` for an answer that was part of no experiment. */
  readonly experiment: string;
  /** Names of the models that it came from: one, or the two whose lists were interleaved. */
  readonly arms: readonly string[];
  /** Versions of their files, joined by `+`. */
  readonly version: string;
  readonly user?: string;
  readonly session?: string;
  /** Ids of the items shown, best first. */
  readonly items: readonly string[];
  /** For each item, the place in `arms` of the model that gave it. */
  readonly teams: readonly number[];
}

/** Impressions from `since` on and before `until`, milliseconds since 1970. */
export interface TimeRange {
  readonly since: number;
  readonly until: number;
}

/** How many impressions an experiment has with the same arms. */
export interface ImpressionGroup {
  readonly experiment: string;
  readonly arms: readonly string[];
  readonly count: number;
}

/** An event that names an impression, and that impression. */
export interface Vote {
  readonly item: string;
  /** Kind of the event. */
  readonly type: string;
  readonly impression: Impression;
}

/** Some votes in the order they came in. */
export interface VotePage {
  readonly votes: Vote[];
  /** Where the next page begins; absent after the last. */
  readonly next?: number;
}
