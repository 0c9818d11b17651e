import { TowerkitError } from '../errors.js';
import type { Found, Outcome, Question, QuestionContext } from './question.js';

/**
 * Asks a model questions before it serves: every history, and none, must get items with finite scores.
 *
 * @param recommend answers questions
 * @param context of each question, for a model that reads moments
 * @returns the recall of its index against an exact search
 * @throws TowerkitError `BAD_ARTIFACT`
 */
export async function trial(
  recommend: (questions: readonly Question[]) => Promise<Outcome<Found>[]>,
  histories: readonly (readonly number[])[],
  k: number,
  context?: QuestionContext,
): Promise<{ recall: number }> {
  const outcomes = await recommend(
    [...histories, []].map((history) => ({ history, user: -1, k, context, measure: true })),
  );
  const recalls: number[] = [];
  for (const outcome of outcomes) {
    if ('failure' in outcome)
      throw new TowerkitError('BAD_ARTIFACT', `a trial question failed: ${outcome.failure.message}`);
    const { items, scores, recall } = outcome.value;
    if (items.length === 0 || !scores.every(Number.isFinite))
      throw new TowerkitError('BAD_ARTIFACT', 'a trial question gave no finite scores');
    if (recall !== undefined) recalls.push(recall);
  }
  return { recall: recalls.length === 0 ? 1 : recalls.reduce((a, b) => a + b) / recalls.length };
}
