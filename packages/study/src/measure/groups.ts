import {
  isTowerkitError,
  restrictEvaluation,
  type Estimate,
  type FullRankingEvaluation,
} from '@towerkit/metrics';
import type { Questions } from '@towerkit/pipeline';

/** Figures of some of the users. */
export interface GroupFigures {
  readonly label: string;
  readonly metrics: Readonly<Record<string, Estimate>>;
}

/** Groups by a count: the least of each. */
const LENGTHS = [1, 3, 5, 10, 20, 50];
const RARITIES = [0, 1, 5, 20, 100, 500];

/** Figures by the number of items that a user is known by. */
export const byHistoryLength = (
  evaluation: FullRankingEvaluation,
  { histories }: Questions,
): GroupFigures[] =>
  grouped(evaluation, LENGTHS, (row) => [histories.indptr[row + 1] - histories.indptr[row]]);

/** Figures by the number of training rows of the targets; a user belongs to a group if all of their targets do. */
export const byItemRarity = (
  evaluation: FullRankingEvaluation,
  { targets }: Questions,
  counts: ArrayLike<number>,
): GroupFigures[] =>
  grouped(evaluation, RARITIES, (row) =>
    Array.from(targets.indices.subarray(targets.indptr[row], targets.indptr[row + 1]), (item) =>
      item < 0 ? 0 : counts[item],
    ),
  );

function grouped(
  evaluation: FullRankingEvaluation,
  bounds: readonly number[],
  countsOf: (row: number) => readonly number[],
): GroupFigures[] {
  return bounds.flatMap((low, i) => {
    const high = bounds[i + 1] ?? Infinity;
    const within = (row: number) => countsOf(row).every((count) => count >= low && count < high);
    try {
      return [{ label: labelOf(low, high), metrics: restrictEvaluation<string>(evaluation, within).metrics }];
    } catch (error) {
      if (isTowerkitError(error, 'NO_USERS')) return [];
      throw error;
    }
  });
}

const labelOf = (low: number, high: number) =>
  high === Infinity ? `${low} or more` : high === low + 1 ? `${low}` : `${low} to ${high - 1}`;
