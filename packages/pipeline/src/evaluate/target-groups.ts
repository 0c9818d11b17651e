import {
  compareEvaluations,
  isTowerkitError,
  restrictEvaluation,
  type FullRankingEvaluation,
  type PartOfEvaluation,
} from '@towerkit/metrics';

import { FREQUENCY_GROUPS, frequencyGroups, type FrequencyGroup } from './frequency-groups.js';
import type { Metrics } from './reference-scores.js';
import type { Artifact } from '@towerkit/artifact';
import type { Questions } from './questions.js';

/** A value for each group of users by training rows of their targets; a group without users is absent. */
export type ByGroup<T> = Readonly<Partial<Record<FrequencyGroup, T>>>;

/** Metrics of a model on one group, with a test against the first model. */
export interface GroupResult {
  readonly metrics: Metrics;
  /** Of a paired test against the first model, by metric; null for the first itself. */
  readonly p: Readonly<Record<string, number>> | null;
}

/** An evaluation by groups: a user belongs to one if all of their targets do. */
export function byTargetGroup(
  evaluation: FullRankingEvaluation,
  { counts }: Pick<Artifact, 'counts'>,
  { targets, on }: Pick<Questions, 'targets' | 'on'>,
): ByGroup<PartOfEvaluation<string>> {
  const parts: Partial<Record<FrequencyGroup, PartOfEvaluation<string>>> = {};
  for (const group of frequencyGroups) {
    const within = FREQUENCY_GROUPS[group];
    const all = (row: number) => {
      for (let at = targets.indptr[row]; at < targets.indptr[row + 1]; at++) {
        const item = targets.indices[at];
        // An unknown item of a file is a target, and has no training row; others are none.
        if (item < 0 ? on === 'file' && !within(0) : !within(counts[item])) return false;
      }
      return true;
    };
    try {
      parts[group] = restrictEvaluation<string>(evaluation, all);
    } catch (error) {
      if (!isTowerkitError(error, 'NO_USERS')) throw error;
    }
  }
  return parts;
}

/** Each group's metrics, and their p against another evaluation's where one is given. */
export function groupResults(
  parts: ByGroup<PartOfEvaluation<string>>,
  reference?: ByGroup<PartOfEvaluation<string>>,
): ByGroup<GroupResult> {
  return Object.fromEntries(
    Object.entries(parts).map(([group, part]) => {
      const other = reference?.[group as FrequencyGroup];
      const comparisons = other && Object.entries(compareEvaluations(part, other));
      const p = comparisons && Object.fromEntries(comparisons.map(([metric, { p }]) => [metric, p]));
      return [group, { metrics: part.metrics, p: p ?? null }];
    }),
  );
}
