import { TowerkitError } from '../errors.js';
import { requireFinite } from '../validation.js';
import { requireRelevant } from './relevant-ranks.js';

/**
 * {@link auc} from ranks: 1-based ranks of all the user's relevant items, ascending, among `candidates` items
 * (relevant ones included).
 *
 * @throws TowerkitError `NO_RELEVANT`, or `NO_NEGATIVES` when every candidate is relevant
 */
export function aucFromRanks(ranks: ArrayLike<number>, candidates: number): number {
  const relevant = ranks.length;
  const negatives = candidates - relevant;
  requireRelevant(relevant);
  if (negatives < 1)
    throw new TowerkitError('NO_NEGATIVES', 'AUC needs at least one item that is not relevant');
  let above = 0;
  for (let i = 0; i < relevant; i++) above += ranks[i] - (i + 1);
  return 1 - above / (relevant * negatives);
}

/**
 * Area under the ROC curve of one user: the share of (relevant, other) pairs in which the relevant item scores
 * strictly higher. A tie counts against the model, here as everywhere in this package: a constant scorer gets 0,
 * where the usual half for a tie would give it .5.
 *
 * @param positives scores of the relevant items
 * @param negatives scores of the others
 * @throws TowerkitError `NO_RELEVANT`, `NO_NEGATIVES`, `NON_FINITE_VALUE`
 */
export function auc(positives: ArrayLike<number>, negatives: ArrayLike<number>): number {
  requireFinite(positives);
  requireFinite(negatives);
  const descending = Float64Array.from(positives).sort().reverse();
  const others = Float64Array.from(negatives).sort().reverse();
  let above = 0;
  const ranks = descending.map((score, i) => {
    while (above < others.length && others[above] >= score) above++;
    return above + i + 1;
  });
  return aucFromRanks(ranks, descending.length + others.length);
}
