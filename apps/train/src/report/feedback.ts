import { summarizeFeedback, type FeedbackSummary } from '@towerkit/data';
import type { Prepared } from '@towerkit/pipeline';

import { grouped } from './tables.js';

/** What rows count as, in numbers; `undefined` where they all count alike. */
export const feedbackOf = ({ feedback }: Prepared): FeedbackSummary | undefined =>
  feedback && summarizeFeedback(feedback.rows, feedback.learning, feedback.rules);

/** The same in words, a line for each. */
export function describeFeedback({ kinds = [], dislikes, weights }: FeedbackSummary): string[] {
  const lines = kinds
    .filter(({ rows }) => rows > 0)
    .map(({ kind, rows, ...used }) => {
      const uses = Object.entries(used).flatMap(([use, count]) =>
        count === 0 ? [] : count === rows ? [use] : [`${grouped(count)} ${use}`],
      );
      return `${grouped(rows)} rows of the kind ${kind}: ${uses.join(', ') || 'of no use, since they weigh nothing'}`;
    });
  const none = kinds.filter(({ rows }) => rows === 0);
  if (none.length > 0)
    lines.push(
      `no row of ${none.length > 1 ? 'the kinds' : 'the kind'} ${none.map(({ kind }) => kind).join(', ')}`,
    );
  if (dislikes.rows > 0)
    lines.push(`${grouped(dislikes.rows)} dislikes, ${grouped(dislikes.training)} of them to train on`);
  if (weights)
    lines.push(
      `training rows weigh ${weights.least.toPrecision(3)} to ${weights.most.toPrecision(3)}, 1 on average` +
        (weights.nothing > 0 ? `; ${grouped(weights.nothing)} weigh nothing` : ''),
    );
  return lines;
}
