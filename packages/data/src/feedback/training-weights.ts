import type { FeedbackRows } from './row-parts.js';

const DAY = 86_400;
/** Times above this are milliseconds since 1970 (from 1973 on), not seconds (from 5138 on). */
const MOST_SECONDS = 1e11;

/**
 * What rows weigh in training: their weight, halved for each half-life of age, by the mean of those that weigh something.
 *
 * @param training rows of the log to learn from
 * @param halfLife in days. Times are seconds since 1970, or milliseconds where the newest is above 10^11. Default: no decay
 * @returns weight of each row of the log, 0 for those that are none to learn from: [rows]; `undefined` where rows have no weights
 */
export function trainingWeights(
  { log: { time }, weights }: FeedbackRows,
  training: Int32Array,
  halfLife = Infinity,
): Float32Array | undefined {
  if (!weights) return undefined;
  const out = new Float64Array(weights.length);
  const decay = halfLife < Infinity && time ? decayOf(time, training, halfLife) : () => 1;
  let [sum, count] = [0, 0];
  for (const row of training) {
    out[row] = weights[row] * decay(row);
    if (out[row] > 0) {
      sum += out[row];
      count++;
    }
  }
  return Float32Array.from(out, (weight) => (count > 0 ? weight / (sum / count) : 0));
}

function decayOf(time: Float64Array, training: Int32Array, halfLife: number): (row: number) => number {
  let newest = -Infinity;
  for (const row of training) newest = Math.max(newest, time[row]);
  const days = newest > MOST_SECONDS ? DAY * 1000 : DAY;
  return (row) => 2 ** ((time[row] - newest) / days / halfLife);
}
