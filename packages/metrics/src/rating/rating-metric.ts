/** Metrics of predicted ratings; of both, less is better. */
export type RatingMetric = 'rmse' | 'mae';

const NAMES: readonly string[] = ['rmse', 'mae'] satisfies RatingMetric[];

/** Whether a metric is of predicted ratings, and so one of which less is better: of all others more is. */
export const isRatingMetric = (name: string): name is RatingMetric => NAMES.includes(name);
