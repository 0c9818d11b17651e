import { TowerkitError } from '@towerkit/core';

import { answerHistory, type Answer } from '../artifact/answer.js';
import type { OpenArtifact } from '../artifact/open.js';
import { Hybrid, type Prediction } from './open-hybrid.js';

/** What `towerkit recommend` may ask a hybrid. */
export interface HybridQuestion {
  readonly user?: string;
  readonly history?: string;
  readonly text?: string;
  readonly k: number;
  readonly explain?: boolean;
  readonly diversity?: number;
  readonly models?: string;
}

/** An answer of a hybrid: foretold ratings beside what ranks, and with reasons the reviews behind them. */
export interface HybridAnswer extends Answer {
  readonly items: readonly (Answer['items'][number] & {
    readonly rating?: number;
    /** Reviews of the user that are nearest to the product. */
    readonly reviews?: readonly {
      readonly id: string;
      readonly text?: string;
      readonly similarity: number;
    }[];
  })[];
}

/**
 * Recommends from a hybrid: to a user, to somebody with a history, or by what somebody wrote.
 *
 * @throws TowerkitError those of {@link Hybrid}; `BAD_USAGE`
 */
export async function answerHybrid(artifact: OpenArtifact, question: HybridQuestion): Promise<HybridAnswer> {
  const { user, history, text, k, explain, diversity, models } = question;
  const hybrid = Hybrid.of(artifact, { models });
  if (text !== undefined) {
    if (explain) throw new TowerkitError('BAD_USAGE', '--explain speaks of a history, and texts give none');
    return answerOf(await hybrid.predictForTexts({ texts: [text], topK: k, diversity }));
  }
  if (history !== undefined) {
    const ids = history.split(',').flatMap((id) => id.trim() || []);
    return answerHistory(artifact, ids, { k, explain });
  }
  const [predictions] = await hybrid.predictForUsersBatched({ userIds: [user!], topK: k, diversity });
  if (!explain) return answerOf(predictions);
  const titleOf = (id: string) => artifact.titles?.[artifact.items.indexOf(id)!];
  const items: HybridAnswer['items'][number][] = [];
  for (const prediction of predictions) {
    const { reviews, neighbours } = await hybrid.explain(user!, prediction.productId);
    items.push({
      ...itemOf(prediction),
      reasons: neighbours.map(({ productId: id, weight }) => {
        const title = titleOf(id);
        return { id, weight, ...(title != null && { title }) };
      }),
      reviews: reviews.map(({ productId: id, text: written, similarity }) => ({
        id,
        ...(written !== undefined && { text: written }),
        similarity,
      })),
    });
  }
  return { items, source: 'hybrid' };
}

const itemOf = ({ productId: id, ...rest }: Prediction) => ({ id, ...rest });

const answerOf = (predictions: readonly Prediction[]): HybridAnswer => ({
  items: predictions.map(itemOf),
  source: 'hybrid',
});
