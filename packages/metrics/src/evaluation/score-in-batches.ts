import { requireCount } from '../validation.js';
import type { EvaluationProgress, Scorer } from './scorer.js';

/** About 16 MiB of scores at a time: large enough for matrix products, small enough for any machine. */
const DEFAULT_SCORES = 1 << 22;

/** How users go through the scorer. */
export interface ScoringOptions {
  /** Users scored at a time; by default as many as make about 4 million scores, at most 1024. */
  batchSize?: number;
  /** Called after each batch. */
  onProgress?: (progress: EvaluationProgress) => void;
}

/**
 * Runs the scorer over `users` in batches and hands over each user's row of scores.
 *
 * @param visit gets the user's place in `users` and the start of the row in `scores`
 */
export async function scoreInBatches(
  users: Int32Array,
  items: number,
  scorer: Scorer,
  visit: (place: number, scores: Float32Array, row: number) => void,
  { batchSize, onProgress }: ScoringOptions,
): Promise<void> {
  const size = batchSize ?? Math.min(1024, Math.max(1, Math.floor(DEFAULT_SCORES / items)));
  requireCount('batchSize', size);
  const buffer = new Float32Array(Math.min(size, users.length) * items);
  for (let start = 0; start < users.length; start += size) {
    const batch = users.subarray(start, start + size);
    const scores = buffer.subarray(0, batch.length * items);
    // A row that the scorer forgets would hold another user's scores: make it show.
    for (let i = 0; i < batch.length; i++) scores[i * items] = scores[(i + 1) * items - 1] = NaN;
    await scorer(batch, scores);
    for (let i = 0; i < batch.length; i++) visit(start + i, scores, i * items);
    onProgress?.({ stage: 'evaluate', done: start + batch.length, total: users.length, unit: 'users' });
  }
}
