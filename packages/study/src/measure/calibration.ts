/** Ratings whose prediction falls into one range. */
export interface CalibrationBin {
  /** Mean of the predictions. */
  readonly predicted: number;
  /** Mean of the ratings given. */
  readonly actual: number;
  readonly ratings: number;
}

/**
 * How ratings compare with their predictions: ranges of the prediction that hold about as many ratings each, and the mean of both
 * within. A model is calibrated where they agree.
 *
 * @param predicted shape [n]
 * @param actual shape [n]
 * @param bins how many ranges, fewer where there are fewer ratings. Default 10
 */
export function calibration(
  predicted: ArrayLike<number>,
  actual: ArrayLike<number>,
  bins = 10,
): CalibrationBin[] {
  const order = Array.from({ length: predicted.length }, (_, i) => i).sort(
    (a, b) => predicted[a] - predicted[b],
  );
  const count = Math.min(bins, order.length);
  return Array.from({ length: count }, (_, bin) => {
    const own = order.slice(
      Math.floor((bin * order.length) / count),
      Math.floor(((bin + 1) * order.length) / count),
    );
    const mean = (values: ArrayLike<number>) => own.reduce((sum, i) => sum + values[i], 0) / own.length;
    return { predicted: mean(predicted), actual: mean(actual), ratings: own.length };
  });
}
